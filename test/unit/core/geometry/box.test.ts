import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, boxArea, boxWidth, clampBox, iou, isInside, orderCorners } from '../../../../src/core/geometry/box';

const box = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });
const anyBox = fc.record({
  x1: fc.double({ min: -500, max: 3000, noNaN: true }),
  y1: fc.double({ min: -500, max: 3000, noNaN: true }),
  x2: fc.double({ min: -500, max: 3000, noNaN: true }),
  y2: fc.double({ min: -500, max: 3000, noNaN: true }),
});

describe('boxes', () => {
  it('orders swapped corners and keeps ordered ones', () => {
    expect(orderCorners(box(10, 40, 2, 30))).toEqual(box(2, 30, 10, 40));
    expect(orderCorners(box(2, 30, 10, 40))).toEqual(box(2, 30, 10, 40));
  });

  it('counts corners as points or as pixels, as the convention says', () => {
    expect(boxWidth(box(9, 0, 0, 0))).toBe(9);
    expect(boxArea(box(0, 0, 9, 9))).toBe(81);
    expect(boxArea(box(0, 0, 9, 9), 'plusOne')).toBe(100);
  });

  it('gives a one-pixel box area only under the +1 convention', () => {
    expect(iou(box(3, 3, 3, 3), box(3, 3, 3, 3))).toBe(0);
    expect(iou(box(3, 3, 3, 3), box(3, 3, 3, 3), 'plusOne')).toBe(1);
  });

  it('scores a third for boxes that share half of each', () => {
    expect(iou(box(0, 0, 10, 10), box(5, 0, 15, 10))).toBeCloseTo(1 / 3, 12);
  });

  it('scores 0 for boxes that only touch, and for numbers that are not finite', () => {
    expect(iou(box(0, 0, 10, 10), box(10, 0, 20, 10))).toBe(0);
    expect(iou(box(0, 0, Number.NaN, 10), box(0, 0, 10, 10))).toBe(0);
    expect(iou(box(0, 0, Number.POSITIVE_INFINITY, 10), box(0, 0, 10, 10))).toBe(0);
  });

  it.each(['continuous', 'plusOne'] as const)(
    'keeps IoU (%s) symmetric, in 0–1, and blind to the corner order',
    (convention) => {
      fc.assert(
        fc.property(anyBox, anyBox, (a, b) => {
          const value = iou(a, b, convention);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(iou(b, a, convention)).toBe(value);
          expect(iou(box(a.x2, a.y2, a.x1, a.y1), b, convention)).toBe(value);
        }),
      );
    },
  );

  it('clamps to the image, always to something inside it', () => {
    expect(clampBox(box(-20, 50, 300, 90), { width: 200, height: 80 })).toEqual(box(0, 50, 200, 80));
    fc.assert(
      fc.property(anyBox, (b) => isInside(clampBox(b, { width: 200, height: 80 }), { width: 200, height: 80 })),
    );
  });

  it('allows a tolerance on every side when asked', () => {
    const size = { width: 100, height: 50 };
    expect(isInside(box(0, 0, 101, 50), size)).toBe(false);
    expect(isInside(box(-1, -1, 101, 51), size, 1)).toBe(true);
    expect(isInside(box(Number.NaN, 0, 1, 1), size, 1)).toBe(false);
  });
});
