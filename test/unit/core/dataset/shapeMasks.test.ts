import { describe, expect, it } from 'vitest';
import { maskArea } from '../../../../src/core/dataset/edit/maskEdits';
import { verticesOf } from '../../../../src/core/dataset/edit/shapeGeometry';
import { maskOfShape, polygonsOfMask, withHole, withRing } from '../../../../src/core/dataset/edit/shapeMasks';
import type { Point, Shape } from '../../../../src/core/dataset/shape';
import type { CocoMask } from '../../../../src/core/mask/cocoMask';

const size = { width: 40, height: 30 };
const rectangle = (x1: number, y1: number, x2: number, y2: number): readonly Point[] =>
  verticesOf({ kind: 'box', box: { x1, y1, x2, y2 } });
const areaOf = (shape: Shape | null) => (shape?.kind === 'mask' ? maskArea(shape.mask) : null);

describe('polygons and masks', () => {
  it('become one another: pixels as pycocotools draws them, borders as rings of few corners', () => {
    const polygons: Shape = { kind: 'polygons', rings: [rectangle(2, 3, 12, 13), rectangle(20, 3, 30, 8)] };
    const mask = maskOfShape(polygons, size) as CocoMask;
    expect(mask.size).toEqual([30, 40]);
    expect(maskArea(mask)).toBe(150);
    expect(polygonsOfMask(mask)).toEqual({ shape: polygons, holes: 0 });
    expect(maskOfShape({ kind: 'points', points: [] }, size)).toBeNull();
    expect(polygonsOfMask({ size: [2, 2], counts: '4' })).toBeNull();
  });

  it('get another ring: a ring more for polygons, pixels more for a mask', () => {
    const box: Shape = { kind: 'box', box: { x1: 2, y1: 3, x2: 12, y2: 13 } };
    const two = withRing(box, rectangle(20, 3, 30, 8));
    expect(two).toEqual({ kind: 'polygons', rings: [rectangle(2, 3, 12, 13), rectangle(20, 3, 30, 8)] });
    const mask: Shape = { kind: 'mask', mask: maskOfShape(box, size) as CocoMask };
    expect(areaOf(withRing(mask, rectangle(20, 3, 30, 8)))).toBe(150);
    expect(withRing({ kind: 'tag' }, rectangle(0, 0, 1, 1))).toBeNull();
  });

  it('get a hole as masks, whose polygons say how many were filled', () => {
    const polygons: Shape = { kind: 'polygons', rings: [rectangle(2, 3, 22, 23)] };
    const ring = withHole(polygons, rectangle(8, 8, 18, 18), size);
    expect(areaOf(ring)).toBe(300);
    const back = ring?.kind === 'mask' ? polygonsOfMask(ring.mask) : null;
    expect(back).toEqual({ shape: polygons, holes: 1 });
    expect(withHole(polygons, rectangle(0, 0, 40, 30), size)).toBeNull();
  });
});
