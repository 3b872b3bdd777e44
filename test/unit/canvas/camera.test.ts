import { describe, expect, it } from 'vitest';
import { Camera } from '../../../webview/canvas/camera';
import { fitView, toImage } from '../../../webview/canvas/view';

const screen = { width: 1000, height: 700 };
const image = { width: 4000, height: 2000 };

function opened(reducedMotion = true): Camera {
  const camera = new Camera(reducedMotion);
  camera.resize(screen);
  camera.show(image);
  return camera;
}

describe('the camera', () => {
  it('starts fitted, whether the image or the layout came first', () => {
    const layoutLast = new Camera(true);
    layoutLast.show(image);
    layoutLast.resize(screen);
    expect(layoutLast.view).toEqual(fitView(image, screen));
    expect(opened().view).toEqual(fitView(image, screen));
  });

  it('stays fitted while the element is resized, until the user moves the view', () => {
    const camera = opened();
    camera.resize({ width: 500, height: 500 });
    expect(camera.view).toEqual(fitView(image, { width: 500, height: 500 }));
    camera.panBy(10, 0, 'direct');
    expect(camera.fitted).toBe(false);
    const centre = toImage(camera.view, { x: 250, y: 250 });
    camera.resize({ width: 800, height: 300 });
    const kept = toImage(camera.view, { x: 400, y: 150 });
    expect(kept.x).toBeCloseTo(centre.x, 6);
    expect(kept.y).toBeCloseTo(centre.y, 6);
  });

  it('remembers a box it was asked to show before the element had a size', () => {
    const camera = new Camera(true);
    camera.show(image);
    camera.zoomToBox({ x1: 1000, y1: 1000, x2: 1200, y2: 1100 }, 0);
    camera.resize(screen);
    expect(camera.view.scale).toBe(5);
    expect(toImage(camera.view, { x: 500, y: 350 })).toEqual({ x: 1100, y: 1050 });
  });

  it('reaches 1:1 about the pixel one points at', () => {
    const camera = opened();
    const at = { x: 900, y: 200 };
    const pixel = toImage(camera.view, at);
    camera.actualSize(at);
    expect(camera.view.scale).toBe(1);
    expect(toImage(camera.view, at).x).toBeCloseTo(pixel.x, 6);
  });

  it('does not zoom into a box without area beyond the limit', () => {
    const camera = opened();
    camera.zoomToBox({ x1: 50, y1: 60, x2: 50, y2: 60 }, 0.25);
    expect(camera.view.scale).toBe(48);
    expect(toImage(camera.view, { x: 500, y: 350 }).x).toBeCloseTo(50);
  });

  it('can pan to regions beyond the border, but not farther', () => {
    const camera = opened();
    camera.reach({ x1: 4000, y1: 0, x2: 9000, y2: 100 });
    camera.zoomToBox({ x1: 8000, y1: 0, x2: 9000, y2: 100 }, 0);
    expect(toImage(camera.view, { x: 500, y: 350 }).x).toBeCloseTo(8500);
    camera.panBy(-1e6, 0, 'direct');
    expect(toImage(camera.view, { x: 64, y: 0 }).x).toBeCloseTo(9000);
  });

  it('glides in steps that begin at once and add up, and ends exactly', () => {
    const camera = opened(false);
    const start = camera.view.scale;
    camera.zoomBy(2, null, 'step');
    expect(camera.step(1000)).toBe(true);
    expect(camera.view.scale).toBeGreaterThan(start);
    camera.zoomBy(2, null, 'step');
    camera.step(1016);
    expect(camera.step(2000)).toBe(false);
    expect(camera.view.scale).toBeCloseTo(start * 4, 10);
    expect(camera.gliding).toBe(false);
  });

  it('follows a drag at once, even out of a glide', () => {
    const camera = opened(false);
    camera.zoomBy(2, null, 'step');
    camera.step(1000);
    const before = camera.view;
    camera.panBy(5, 0, 'direct');
    expect(camera.view.x).toBe(before.x + 5);
    expect(camera.gliding).toBe(false);
  });

  it('jumps with reduced motion', () => {
    const camera = opened(true);
    camera.actualSize();
    expect(camera.gliding).toBe(false);
    expect(camera.view.scale).toBe(1);
  });

  it('ignores numbers that are none, and movement without an image', () => {
    const camera = opened();
    const { view } = camera;
    for (const factor of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) camera.zoomBy(factor, null, 'direct');
    camera.panBy(Number.NaN, 0, 'direct');
    expect(camera.view).toBe(view);
    camera.show(null);
    camera.panBy(10, 10, 'direct');
    expect(camera.view).toBe(view);
  });
});
