import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GridCut, neighbours } from '../../../../src/inference/process/segmenters/basic/minCut';

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly excess: readonly number[];
  /** Of each pixel to its right, lower, lower right and lower left neighbour. */
  readonly ties: readonly (readonly number[])[];
}

const forward = [0, 2, 4, 6];

function cutOf(grid: Grid): GridCut {
  const cut = new GridCut(grid.width, grid.height);
  const steps = neighbours(cut.stride);
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++) {
      const p = cut.index(x, y);
      cut.excess[p] = grid.excess[y * grid.width + x] ?? 0;
      forward.forEach((d, i) => {
        const q = p + (steps[d] ?? 0);
        if (!inside(grid, x, y, i)) return;
        cut.ties[p * 8 + d] = grid.ties[y * grid.width + x]?.[i] ?? 0;
        cut.ties[q * 8 + (d ^ 1)] = grid.ties[y * grid.width + x]?.[i] ?? 0;
      });
    }
  }
  return cut;
}

const [dx, dy] = [
  [1, 0, 1, -1],
  [0, 1, 1, 1],
];
function inside({ width, height }: Grid, x: number, y: number, i: number): boolean {
  const [u, v] = [x + (dx[i] ?? 0), y + (dy[i] ?? 0)];
  return u >= 0 && u < width && v < height;
}

/** What a labelling costs: excess lost by calling a pixel background, or deficit by calling it object, and cut ties. */
function costOf(grid: Grid, isObject: (pixel: number) => boolean): number {
  let cost = 0;
  for (let pixel = 0; pixel < grid.excess.length; pixel++) {
    const excess = grid.excess[pixel] ?? 0;
    if (isObject(pixel)) cost += Math.max(0, -excess);
    else cost += Math.max(0, excess);
    const [x, y] = [pixel % grid.width, Math.floor(pixel / grid.width)];
    for (let i = 0; i < 4; i++) {
      if (!inside(grid, x, y, i)) continue;
      const other = (y + (dy[i] ?? 0)) * grid.width + x + (dx[i] ?? 0);
      if (isObject(pixel) !== isObject(other)) cost += grid.ties[pixel]?.[i] ?? 0;
    }
  }
  return cost;
}

const grids = (most: number) =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most })).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      excess: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width * height, maxLength: width * height }),
      ties: fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 4, maxLength: 4 }), {
        minLength: width * height,
        maxLength: width * height,
      }),
    }),
  );

describe('the minimum cut of a grid', () => {
  test('costs no more than any of all labellings of a small one', () => {
    fc.assert(
      fc.property(grids(3), (grid) => {
        const cut = cutOf(grid);
        cut.solve();
        const own = costOf(grid, (p) => cut.isObject(cut.index(p % grid.width, Math.floor(p / grid.width))));
        let least = Number.POSITIVE_INFINITY;
        for (let bits = 0; bits < 1 << grid.excess.length; bits++)
          least = Math.min(
            least,
            costOf(grid, (p) => ((bits >> p) & 1) === 1),
          );
        expect(own).toBe(least);
      }),
      { numRuns: 400 },
    );
  });

  test('is as large as the flow that was pushed, on larger ones', () => {
    fc.assert(
      fc.property(grids(14), (grid) => {
        const cut = cutOf(grid);
        cut.solve();
        const own = costOf(grid, (p) => cut.isObject(cut.index(p % grid.width, Math.floor(p / grid.width))));
        const before = grid.excess.reduce((sum, excess) => sum + Math.max(0, excess), 0);
        let after = 0;
        for (const excess of cut.excess) after += Math.max(0, excess);
        expect(own).toBe(before - after);
      }),
      { numRuns: 150 },
    );
  });
});
