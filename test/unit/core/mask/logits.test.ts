import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { type LogitGrid, runsOfLogits, stabilityOf } from '../../../../src/core/mask/logits';

/** Bilinear with pixel centres at halves and edges held, pixel by pixel. */
function scaledValue(
  { width, height, data }: LogitGrid,
  x: number,
  y: number,
  to: { width: number; height: number },
): number {
  const place = (at: number, from: number, count: number) => Math.max(0, ((at + 0.5) * from) / count - 0.5);
  const [u, v] = [place(x, width, to.width), place(y, height, to.height)];
  const [left, top] = [Math.min(width - 1, Math.floor(u)), Math.min(height - 1, Math.floor(v))];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const value = (i: number, j: number) => data[j * width + i] ?? Number.NaN;
  const upper = value(left, top) + (value(right, top) - value(left, top)) * (u - left);
  const lower = value(left, bottom) + (value(right, bottom) - value(left, bottom)) * (u - left);
  return upper + (lower - upper) * (v - top);
}

const side = fc.integer({ min: 1, max: 9 });
const grids = fc.tuple(side, side).chain(([width, height]) =>
  fc
    .array(fc.integer({ min: -6, max: 5 }), { minLength: width * height, maxLength: width * height })
    // Never on the threshold itself, where rounding would decide.
    .map((values): LogitGrid => ({ width, height, data: Float32Array.from(values, (value) => value + 0.371_924_6) })),
);

describe('logits to runs', () => {
  it('are those of the picture scaled pixel by pixel, enlarged and shrunk, in a part of the image', () => {
    const places = fc.record({
      left: fc.nat(5),
      top: fc.nat(5),
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(grids, places, ({ ...grid }, { left, top, width, height }) => {
        const image = { width: left + width + 3, height: top + height + 2 };
        const pixels = new Uint8Array(image.width * image.height);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++)
            if (scaledValue(grid, x, y, { width, height }) > 0) pixels[(top + y) * image.width + left + x] = 1;
        }
        const cut = { x1: left, y1: top, x2: left + width, y2: top + height };
        const found = runsOfLogits(grid, cut, image, 0);
        expect([...found]).toEqual([...runsOfPixels(pixels, image.width, image.height)]);
      }),
      { numRuns: 300 },
    );
  });

  it('of a padded square are those of the square scaled, cut to the image', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (grid, width, height) => {
        // As SAM pads: the longer side fills the square.
        const square = { width: Math.max(width, height), height: Math.max(width, height) };
        const covered = {
          width: (grid.width * width) / square.width,
          height: (grid.height * height) / square.height,
        };
        const pixels = new Uint8Array(width * height);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) if (scaledValue(grid, x, y, square) > 0) pixels[y * width + x] = 1;
        const found = runsOfLogits({ ...grid, covered }, { x1: 0, y1: 0, x2: width, y2: height }, { width, height }, 0);
        expect([...found]).toEqual([...runsOfPixels(pixels, width, height)]);
      }),
      { numRuns: 300 },
    );
  });

  it('are as stable as their threshold is steep', () => {
    const grid = (values: readonly number[]) => ({ width: values.length, height: 1, data: Float32Array.from(values) });
    expect(stabilityOf(grid([5, 5, -5, -5]), 0)).toBe(1);
    expect(stabilityOf(grid([5, 0.5, -0.5, -5]), 0)).toBeCloseTo(1 / 3);
    expect(stabilityOf(grid([-5, -5]), 0)).toBeNull();
  });
});
