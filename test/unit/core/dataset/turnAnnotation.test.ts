import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../../src/core/dataset/shape';
import { inOtherFrame } from '../../../../src/core/dataset/turnAnnotation';
import { countsOf, pixelsOfRuns, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { runsOf } from '../../../../src/core/mask/rle';
import { boxOfShape, plainAnnotation } from '../../../../src/formats/imageSet/plainAnnotation';

const stored = { width: 5, height: 3 };
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

/** One pixel at (3, 1), of a stored image of 5 × 3. */
const pixels = Uint8Array.from({ length: 15 }, (_, i) => (i === 1 * 5 + 3 ? 1 : 0));
const shapes: readonly Shape[] = [
  { kind: 'box', box: { x1: 1, y1: 0, x2: 4, y2: 2 } },
  { kind: 'turnedBox', box: { x1: 1, y1: 1, x2: 3, y2: 2 }, angle: 0.3 },
  {
    kind: 'polygons',
    rings: [
      [
        { x: 0, y: 0 },
        { x: 4, y: 0 },
        { x: 4, y: 2 },
      ],
    ],
  },
  { kind: 'keypoints', points: [{ x: 1, y: 2, visibility: 2 }], names: ['nose'], skeleton: [] },
  { kind: 'circle', centre: { x: 2, y: 1 }, radius: 1 },
  { kind: 'mask', mask: { size: [3, 5], counts: countsOf(runsOfPixels(pixels, 5, 3)) } },
  { kind: 'tag' },
];

describe('an annotation goes with its image', () => {
  it('as EXIF turns it by a quarter: what was at the bottom left is at the top left', () => {
    const annotation = plainAnnotation('1', 'kite', { kind: 'box', box: { x1: 0, y1: 2, x2: 1, y2: 3 } });
    const upright = inOtherFrame(annotation, 'oriented', { stored, orientation: 6 });
    expect(upright.box).toEqual({ x1: 0, y1: 0, x2: 1, y2: 1 });
  });

  it('there and back, whatever its shape and however it is turned', () => {
    for (const orientation of orientations)
      for (const shape of shapes) {
        const annotation = plainAnnotation('1', 'kite', shape);
        const back = inOtherFrame(inOtherFrame(annotation, 'oriented', { stored, orientation }), 'stored', {
          stored,
          orientation,
        });
        // A turned box comes back as its four corners.
        if (shape.kind === 'turnedBox') {
          const [box, again] = [boxOfShape(shape), boxOfShape(back.shape)];
          for (const side of ['x1', 'y1', 'x2', 'y2'] as const) expect(again?.[side]).toBeCloseTo(box?.[side] ?? 0, 9);
        } else expect(back.shape).toEqual(shape);
      }
  });

  it('with its mask, pixel by pixel', () => {
    const mask = shapes.find(({ kind }) => kind === 'mask') as Extract<Shape, { kind: 'mask' }>;
    const turned = inOtherFrame(plainAnnotation('1', null, mask), 'oriented', { stored, orientation: 6 }).shape;
    if (turned.kind !== 'mask') throw new Error(turned.kind);
    expect(turned.mask.size).toEqual([5, 3]);
    const seen = pixelsOfRuns(runsOf(turned.mask.counts, turned.mask.size), 3, 5);
    // A quarter clockwise: x is what was left below it, y what was left of it.
    expect([...seen].flatMap((value, i) => (value === 0 ? [] : [[i % 3, Math.floor(i / 3)]]))).toEqual([[1, 3]]);
  });
});
