import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  boxOnScreen,
  fitView,
  keepInSight,
  ordered,
  paintsCrisp,
  scaleLimits,
  toImage,
  viewOfBox,
  visibleBox,
  zoomAt,
} from '../../../webview/canvas/view';

const screen = { width: 1000, height: 700 };
const image = { width: 4000, height: 2000 };
const anyView = fc.record({
  scale: fc.double({ min: 0.05, max: 40, noNaN: true }),
  x: fc.double({ min: -5000, max: 5000, noNaN: true }),
  y: fc.double({ min: -5000, max: 5000, noNaN: true }),
});
const anyPoint = fc.record({
  x: fc.double({ min: 0, max: 1000, noNaN: true }),
  y: fc.double({ min: 0, max: 700, noNaN: true }),
});

describe('the view of an image', () => {
  it('fits the whole image in the middle, with the margin on the tighter side', () => {
    const view = fitView(image, screen);
    expect(boxOnScreen(view, { x1: 0, y1: 0, x2: 4000, y2: 2000 })).toEqual({ x1: 16, y1: 108, x2: 984, y2: 592 });
  });

  it('shows a box of any size, even one without area', () => {
    const box = { x1: 100, y1: 50, x2: 300, y2: 150 };
    expect(boxOnScreen(viewOfBox(box, screen, 0), box)).toEqual({ x1: 0, y1: 100, x2: 1000, y2: 600 });
    const point = viewOfBox({ x1: 7, y1: 7, x2: 7, y2: 7 }, screen, 0);
    expect(toImage(point, { x: 500, y: 350 }).x).toBeCloseTo(7);
  });

  it('keeps the original pixel under the cursor when it zooms', () => {
    fc.assert(
      fc.property(anyView, anyPoint, fc.double({ min: 0.2, max: 5, noNaN: true }), (view, at, factor) => {
        const before = toImage(view, at);
        const after = toImage(zoomAt(view, factor, at, { min: 0.01, max: 100 }), at);
        expect(after.x).toBeCloseTo(before.x, 5);
        expect(after.y).toBeCloseTo(before.y, 5);
      }),
    );
  });

  it('keeps that pixel in every frame of a glide as well', () => {
    fc.assert(
      fc.property(anyView, anyPoint, fc.double({ min: 0, max: 1, noNaN: true }), (view, at, t) => {
        const end = zoomAt(view, 1.5, at, { min: 0.01, max: 100 });
        const here = toImage(between(view, end, t), at);
        expect(here.x).toBeCloseTo(toImage(view, at).x, 5);
        expect(here.y).toBeCloseTo(toImage(view, at).y, 5);
      }),
    );
  });

  it('ends a glide where it was sent, also when only the offset changes', () => {
    const from = { scale: 2, x: 0, y: 0 };
    const to = { scale: 2, x: 100, y: -40 };
    expect(between(from, to, 0.5)).toEqual({ scale: 2, x: 50, y: -20 });
    expect(between(from, to, 1)).toEqual(to);
  });

  it('stops at limits that hold the fitted scale, 1:1 and pixels large enough to count', () => {
    const limits = scaleLimits(image, screen);
    const fitted = fitView(image, screen);
    expect(limits.min).toBeLessThan(fitted.scale);
    expect(limits.min).toBeLessThanOrEqual(1);
    expect(limits.max).toBeGreaterThanOrEqual(48);
    expect(zoomAt(fitted, 1e9, { x: 0, y: 0 }, limits).scale).toBe(limits.max);
    expect(zoomAt(fitted, 1e-9, { x: 0, y: 0 }, limits).scale).toBe(limits.min);
  });

  it('never loses the image: some of it stays on screen wherever one pans', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const kept = keepInSight(view, { x1: 0, y1: 0, x2: 4000, y2: 2000 }, screen);
        const seen = boxOnScreen(kept, { x1: 0, y1: 0, x2: 4000, y2: 2000 });
        expect(Math.min(seen.x2, 1000) - Math.max(seen.x1, 0)).toBeGreaterThan(63);
        expect(Math.min(seen.y2, 700) - Math.max(seen.y1, 0)).toBeGreaterThan(63);
      }),
    );
  });

  it('says which part of the plane is on screen, beyond the border too', () => {
    expect(visibleBox({ scale: 2, x: 100, y: 50 }, screen)).toEqual({ x1: -50, y1: -25, x2: 450, y2: 325 });
  });

  it('puts swapped corners in order', () => {
    expect(ordered({ x1: 9, y1: 8, x2: 1, y2: 2 })).toEqual({ x1: 1, y1: 2, x2: 9, y2: 8 });
  });

  it('paints hard pixels only when they are the image’s own and large enough', () => {
    expect(paintsCrisp(2, 400, 400)).toBe(true);
    expect(paintsCrisp(1.9, 400, 400)).toBe(false);
    // A preview at half resolution would show blocks that aren't pixels of the image.
    expect(paintsCrisp(8, 200, 400)).toBe(false);
  });
});
