import type { Box, Size } from '../../src/core/geometry/box';

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Of the image's longer side: from there on it is worth while to show the model a part of the image alone. */
const zoomedFrom = 0.5;
/** Parts begin and end at such shares of the longer side, so that a small pan keeps the embedding. */
const grid = 16;

/**
 * The part of an image to segment in while only some of it is on screen: what is visible, rounded outwards; null while most of the
 * image is. A model scales what it sees to its own input: of a part it sees more.
 */
export function cropOf(visible: Box, image: Size): Box | null {
  const longer = Math.max(image.width, image.height);
  const shown = clipped(visible, image);
  const [wide, high] = [shown.x2 - shown.x1, shown.y2 - shown.y1];
  if (wide <= 0 || high <= 0 || Math.max(wide, high) > longer * zoomedFrom) return null;
  const step = Math.ceil(longer / grid);
  const down = (value: number) => Math.floor(value / step) * step;
  const up = (value: number) => Math.ceil(value / step) * step;
  return clipped({ x1: down(shown.x1), y1: down(shown.y1), x2: up(shown.x2), y2: up(shown.y2) }, image);
}

/** Whether a part of the image holds all of a box, or a pixel. */
export function holds(crop: Box, place: Box | Pixel): boolean {
  const { x1, y1, x2, y2 } = 'x' in place ? { x1: place.x, y1: place.y, x2: place.x + 1, y2: place.y + 1 } : place;
  return crop.x1 <= x1 && crop.y1 <= y1 && crop.x2 >= x2 && crop.y2 >= y2;
}

function clipped({ x1, y1, x2, y2 }: Box, { width, height }: Size): Box {
  return { x1: Math.max(0, x1), y1: Math.max(0, y1), x2: Math.min(width, x2), y2: Math.min(height, y2) };
}
