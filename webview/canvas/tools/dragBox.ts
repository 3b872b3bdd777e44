import type { Box } from '../../../src/core/geometry/box';
import { ordered, type Point, toImage } from '../view';
import type { ToolSurface } from './canvasTool';

/** The whole pixels of the image that a drag on the screen covers; null for less than two by two of them. */
export function dragBox(surface: ToolSurface, start: Point, end: Point): Box | null {
  const image = surface.image();
  if (image === null) return null;
  const view = surface.view();
  const [a, b] = [toImage(view, start), toImage(view, end)];
  const { x1, y1, x2, y2 } = ordered({ x1: a.x, y1: a.y, x2: b.x, y2: b.y });
  const box = {
    x1: Math.max(0, Math.floor(x1)),
    y1: Math.max(0, Math.floor(y1)),
    x2: Math.min(image.width, Math.ceil(x2)),
    y2: Math.min(image.height, Math.ceil(y2)),
  };
  return box.x2 - box.x1 < 2 || box.y2 - box.y1 < 2 ? null : box;
}
