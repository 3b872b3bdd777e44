import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUpright, toUpright, uprightSize } from '../../../../src/core/geometry/exifTurn';
import {
  halvedSizes,
  levelFor,
  pyramidLevels,
  tileBox,
  tileCut,
  tilesIn,
} from '../../../../src/core/geometry/tilePyramid';

const image = { width: 30_000, height: 20_000 };
const levels = pyramidLevels(halvedSizes(image));

describe('the tiles of a large image', () => {
  it('has levels of halves, rounded down, to the first that is one tile', () => {
    expect(levels.map(({ size }) => size.width)).toEqual([30_000, 15_000, 7500, 3750, 1875, 937, 468]);
    expect(levels[0]).toMatchObject({ columns: 59, rows: 40 });
    expect(pyramidLevels(halvedSizes({ width: 300, height: 200 }))).toHaveLength(1);
  });

  it('shows the coarsest level that has a pixel for each on screen', () => {
    expect(levelFor(levels, 4)).toBe(0);
    expect(levelFor(levels, 1)).toBe(0);
    expect(levelFor(levels, 0.51)).toBe(0);
    expect(levelFor(levels, 0.5)).toBe(1);
    expect(levelFor(levels, 0.001)).toBe(6);
  });

  it('asks for what is on screen only, the middle first', () => {
    const tiles = tilesIn(image, levels, 0, { x1: 1000, y1: 600, x2: 2100, y2: 1500 });
    expect(tiles).toHaveLength(4 * 2);
    expect(tiles[0]).toEqual({ level: 0, column: 3, row: 2 });
    expect(tilesIn(image, levels, 0, { x1: -5000, y1: -5000, x2: -1, y2: -1 })).toEqual([]);
  });

  it('covers the image without a gap at every level', () => {
    for (const [level, { columns, rows, size }] of levels.entries()) {
      expect(tileBox(image, levels, { level, column: 0, row: 0 })).toMatchObject({ x1: 0, y1: 0 });
      const last = tileBox(image, levels, { level, column: columns - 1, row: rows - 1 })!;
      expect(last.x2).toBeCloseTo(image.width, 6);
      expect(last.y2).toBeCloseTo(image.height, 6);
      expect(tileCut(levels, { level, column: columns - 1, row: rows - 1 })).toMatchObject({ x2: size.width });
      expect(tileCut(levels, { level, column: columns, row: 0 })).toBeNull();
    }
  });
});

describe('EXIF orientation', () => {
  it('turns a box of the stored image into the upright one and back', () => {
    const number = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), number, number, number, number, (orientation, x, y, w, h) => {
        const stored = { width: 600, height: 400 };
        const box = { x1: x, y1: y, x2: x + w, y2: y + h };
        const upright = toUpright(box, stored, orientation);
        expect(fromUpright(upright, stored, orientation)).toEqual(box);
      }),
    );
  });

  it('knows where the corner of a photo taken upright is stored', () => {
    // 6: the camera was turned left; what was stored at the bottom left is shown at the top left.
    expect(uprightSize({ width: 600, height: 400 }, 6)).toEqual({ width: 400, height: 600 });
    expect(toUpright({ x1: 0, y1: 300, x2: 100, y2: 400 }, { width: 600, height: 400 }, 6)).toEqual({
      x1: 0,
      y1: 0,
      x2: 100,
      y2: 100,
    });
  });
});
