import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeFrame,
  frameExtent,
  fromOriginal,
  sameFrame,
  toOriginal,
} from '../../../../src/core/geometry/frameMap';
import { framePresets } from '../../../../src/core/geometry/framePresets';

const photo = { width: 2250, height: 1500 };

describe('mapping between frames', () => {
  it('scales each axis by its own ratio of original to input', () => {
    const input = framePresets.find((p) => p.id === 'qwen2.5-vl')!.spec;
    expect(frameExtent(input, photo)).toEqual({ width: 2240, height: 1512 });
    expect(toOriginal({ x1: 0, y1: 0, x2: 2240, y2: 1512 }, input, photo)).toEqual({
      x1: 0,
      y1: 0,
      x2: 2250,
      y2: 1500,
    });
    expect(toOriginal({ x1: 224, y1: 378, x2: 448, y2: 756 }, input, photo)).toEqual({
      x1: 225,
      y1: 375,
      x2: 450,
      y2: 750,
    });
  });

  it('maps relative boxes by the side of the image', () => {
    const half = { x1: 0.25, y1: 0.5, x2: 0.5, y2: 1 };
    expect(toOriginal(half, { kind: 'relative1' }, photo)).toEqual({ x1: 562.5, y1: 750, x2: 1125, y2: 1500 });
    const thousand = { x1: 250, y1: 500, x2: 500, y2: 1000 };
    expect(toOriginal(thousand, { kind: 'relative1000' }, photo)).toEqual({ x1: 562.5, y1: 750, x2: 1125, y2: 1500 });
  });

  it('comes back to where it started, in every preset', () => {
    const side = fc.integer({ min: 30, max: 5000 });
    const at = fc.double({ min: -50, max: 5000, noNaN: true });
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom(...framePresets),
        at,
        at,
        at,
        at,
        (width, height, { spec }, x1, y1, x2, y2) => {
          const image = { width, height };
          const back = fromOriginal(toOriginal({ x1, y1, x2, y2 }, spec, image), spec, image);
          expect(back.x1).toBeCloseTo(x1, 6);
          expect(back.y1).toBeCloseTo(y1, 6);
          expect(back.x2).toBeCloseTo(x2, 6);
          expect(back.y2).toBeCloseTo(y2, 6);
        },
      ),
    );
  });
});

describe('presets', () => {
  it('have distinct ids, labels and frames, so that evidence compares real alternatives', () => {
    expect(new Set(framePresets.map((p) => p.id)).size).toBe(framePresets.length);
    expect(new Set(framePresets.map((p) => describeFrame(p.spec))).size).toBe(framePresets.length);
    for (const a of framePresets) {
      expect(framePresets.filter((b) => sameFrame(a.spec, b.spec))).toEqual([a]);
    }
  });

  it('names the resize in the label of a model input', () => {
    const demo = framePresets.find((p) => p.id === 'active-o3-demo')!;
    expect(describeFrame(demo.spec)).toBe('model input (short side ≥ 1024, factor 28, 3136–12845056 px)');
  });
});
