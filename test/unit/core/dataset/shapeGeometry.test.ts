import { describe, expect, it } from 'vitest';
import { maskArea, maskBox, mergedMask, movedMask, splitMask } from '../../../../src/core/dataset/edit/maskEdits';
import {
  areaOfShape,
  boundsOf,
  fitted,
  verticesOf,
  withCornerAfter,
  withoutCorner,
  withVertex,
} from '../../../../src/core/dataset/edit/shapeGeometry';
import type { Shape } from '../../../../src/core/dataset/shape';
import { type CocoMask, countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';

/** Rows of `#` and anything else. */
function mask(...rows: string[]): CocoMask {
  const width = rows[0]?.length ?? 0;
  const pixels = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  return { size: [rows.length, width], counts: countsOf(runsOfPixels(pixels, width, rows.length)) };
}
const square = [
  { x: 0, y: 0 },
  { x: 4, y: 0 },
  { x: 4, y: 4 },
  { x: 0, y: 4 },
];
const polygons: Shape = { kind: 'polygons', rings: [square, square.map(({ x, y }) => ({ x: x + 10, y }))] };

describe('a shape', () => {
  it('has bounds and an area of its own kind', () => {
    expect(boundsOf(polygons)).toEqual({ x1: 0, y1: 0, x2: 14, y2: 4 });
    expect(areaOfShape(polygons)).toBe(32);
    const turned: Shape = { kind: 'turnedBox', box: { x1: 0, y1: 0, x2: 4, y2: 2 }, angle: Math.PI / 2 };
    expect(areaOfShape(turned)).toBe(8);
    const around = boundsOf(turned);
    expect([around?.x1, around?.y1, around?.x2, around?.y2].map((n) => Math.round((n ?? 0) * 1e6) / 1e6)).toEqual([
      1, -1, 3, 3,
    ]);
    expect(boundsOf({ kind: 'tag' })).toBeNull();
    expect(areaOfShape({ kind: 'points', points: square })).toBeNull();
  });

  it('moves and stretches with what encloses it', () => {
    const [from, to] = [
      { x1: 0, y1: 0, x2: 14, y2: 4 },
      { x1: 1, y1: 2, x2: 15, y2: 10 },
    ];
    const moved = fitted(polygons, from, to);
    expect(boundsOf(moved)).toEqual(to);
    expect(areaOfShape(moved)).toBe(64);
  });

  it('is changed corner by corner; a ring without three of them goes', () => {
    const pulled = withVertex(polygons, 5, { x: 20, y: 1 });
    expect(verticesOf(pulled)[5]).toEqual({ x: 20, y: 1 });
    expect(verticesOf(withCornerAfter(polygons, 3, { x: 0, y: 2 }))[4]).toEqual({ x: 0, y: 2 });
    const triangle: Shape = { kind: 'polygons', rings: [square.slice(0, 3)] };
    expect(withoutCorner(triangle, 1)).toBeNull();
    expect(verticesOf(withoutCorner(polygons, 4) as Shape)).toHaveLength(7);
  });
});

describe('a mask', () => {
  const two = mask('##......', '##......', '......##');

  it('has the box and the area of its pixels, over the ends of columns too', () => {
    expect(maskBox(two)).toEqual({ x1: 0, y1: 0, x2: 8, y2: 3 });
    expect(maskArea(two)).toBe(6);
    expect(maskBox(mask('...', '...'))).toBeNull();
    expect(maskBox(mask('.#.', '.#.'))).toEqual({ x1: 1, y1: 0, x2: 2, y2: 2 });
  });

  it('moves, and loses what leaves the picture', () => {
    expect(movedMask(two, 1, 1)).toEqual(mask('........', '.##.....', '.##.....'));
    expect(movedMask(two, 9, 0)).toEqual(mask('........', '........', '........'));
  });

  it('is split into what does not touch, merged again, and specks stay with the largest piece', () => {
    const apart = mask(
      ...Array.from({ length: 4 }, () => '####....####'),
      '.....#......',
      ...Array.from({ length: 4 }, () => '####....####'),
    );
    const pieces = splitMask(apart);
    expect(pieces.map(maskArea)).toEqual([17, 16, 16, 16]);
    expect(mergedMask(pieces)).toEqual(apart);
    expect(splitMask(two)).toEqual([two]);
    expect(() => mergedMask([two, mask('#')])).toThrow(RangeError);
  });
});
