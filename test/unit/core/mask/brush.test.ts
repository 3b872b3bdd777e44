import { describe, expect, it } from 'vitest';
import { paintStroke } from '../../../../src/core/mask/brush';
import { countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { outlineOf } from '../../../../src/core/mask/outline';
import { fillPolygon } from '../../../../src/core/mask/polygon';
import { runsOf } from '../../../../src/core/mask/rle';
import { simplifiedLoop } from '../../../../src/core/mask/simplify';

const size = { width: 30, height: 20 };

function distanceTo(px: number, py: number, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - a.x) * dx + (py - a.y) * dy) / length));
  return Math.hypot(px - a.x - along * dx, py - a.y - along * dy);
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe('a stroke of the brush', () => {
  it('sets the pixels whose middles it covers, wherever it goes', () => {
    const chance = random(5);
    for (let round = 0; round < 100; round++) {
      const points = Array.from({ length: 1 + Math.floor(chance() * 4) }, () => {
        return { x: chance() * 40 - 5, y: chance() * 30 - 5 };
      });
      const radius = 0.5 + chance() * 6;
      const mask = new Uint8Array(size.width * size.height);
      paintStroke(mask, size, points, radius, 1);
      for (let y = 0; y < size.height; y++)
        for (let x = 0; x < size.width; x++) {
          const far = Math.min(...points.map((to, i) => distanceTo(x + 0.5, y + 0.5, points[i - 1] ?? to, to)));
          // On the border rounding decides.
          if (Math.abs(far - radius) > 1e-6) expect(mask[y * size.width + x], `${x}, ${y}`).toBe(far < radius ? 1 : 0);
        }
    }
  });

  it('takes away as it adds', () => {
    const mask = new Uint8Array(size.width * size.height);
    const line = [
      { x: 4, y: 5 },
      { x: 22, y: 12 },
    ];
    paintStroke(mask, size, line, 3, 1);
    expect(mask.includes(1)).toBe(true);
    paintStroke(mask, size, line, 3.1, 0);
    expect(mask.includes(1)).toBe(false);
  });
});

describe('a polygon of a mask', () => {
  it('has few corners, keeps holes, and is nearly the mask', () => {
    const [width, height] = [200, 160];
    const pixels = new Uint8Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const far = Math.hypot(x - 100, y - 80);
        if (far < 60 && far > 20) pixels[y * width + x] = 1;
      }
    const outline = outlineOf(runsOf(countsOf(runsOfPixels(pixels, width, height)), [height, width]), height);
    const loops = (outline ?? []).map((loop) => simplifiedLoop(loop, 1));
    expect(loops).toHaveLength(2);
    const drawn = new Uint8Array(width * height);
    loops.forEach((loop, i) => {
      if (loop === null) throw new Error('a loop is gone');
      expect(loop.length / 2).toBeLessThan((outline?.[i]?.length ?? 0) / 8);
      const corners = Array.from({ length: loop.length / 2 }, (_, at) => [loop[2 * at] ?? 0, loop[2 * at + 1] ?? 0]);
      fillPolygon(drawn, { width, height }, corners as [number, number][], i === 0 ? 1 : 0);
    });
    const differ = pixels.filter((value, at) => value !== drawn[at]).length;
    expect(differ / pixels.filter(Boolean).length).toBeLessThan(0.03);
    // The hole is one.
    expect(drawn[80 * width + 100]).toBe(0);
  });

  it('leaves out what is smaller than it may miss', () => {
    const speck = Float32Array.from([3, 3, 4, 3, 4, 4, 3, 4]);
    expect(simplifiedLoop(speck, 2)).toBeNull();
    expect(simplifiedLoop(speck, 0.5)).toEqual(speck);
  });
});
