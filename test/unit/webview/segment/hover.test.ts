import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CocoMask } from '../../../../src/core/mask/cocoMask';
import { cropOf } from '../../../../webview/segment/cropRule';
import { HoverPreview } from '../../../../webview/segment/hoverPreview';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const mask: CocoMask = { size: [1, 1], counts: '01' };

describe('the preview under the pointer', () => {
  it('asks about one place at a time, and of those in between only the last', async () => {
    const places: number[] = [];
    const lets: (() => void)[] = [];
    const preview = new HoverPreview(
      ({ x }) => {
        places.push(x);
        return new Promise((resolve) => lets.push(() => resolve(mask)));
      },
      () => undefined,
    );
    for (let x = 0; x < 50; x++) preview.point({ x, y: 0 });
    await vi.runAllTimersAsync();
    expect(places).toEqual([49]);
    for (let x = 50; x < 90; x++) preview.point({ x, y: 0 });
    await vi.runAllTimersAsync();
    expect(places).toEqual([49]);
    lets[0]?.();
    await vi.runAllTimersAsync();
    expect([places, preview.mask]).toEqual([[49, 89], mask]);
    preview.point(null);
    expect(preview.mask).toBeNull();
    lets[1]?.();
    await vi.runAllTimersAsync();
    expect(preview.mask).toBeNull();
  });
});

describe('the part of the image to segment in', () => {
  const image = { width: 1600, height: 800 };

  it('is what a zoomed view shows, rounded outwards so that a small pan keeps it', () => {
    const seen = cropOf({ x1: 310, y1: 120, x2: 690, y2: 380 }, image);
    expect(seen).toEqual({ x1: 300, y1: 100, x2: 700, y2: 400 });
    expect(cropOf({ x1: 320, y1: 130, x2: 699, y2: 390 }, image)).toEqual(seen);
    expect(cropOf({ x1: 1400, y1: 700, x2: 1800, y2: 960 }, image)).toEqual({ x1: 1400, y1: 700, x2: 1600, y2: 800 });
  });

  it('is all of it while most is on screen, and where nothing is', () => {
    expect(cropOf({ x1: -20, y1: -10, x2: 1620, y2: 810 }, image)).toBeNull();
    expect(cropOf({ x1: 0, y1: 0, x2: 900, y2: 500 }, image)).toBeNull();
    expect(cropOf({ x1: 2000, y1: 0, x2: 2100, y2: 50 }, image)).toBeNull();
  });
});
