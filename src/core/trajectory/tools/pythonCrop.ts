import type { Box, Size } from '../../geometry/box';
import { roundHalfEven } from '../../geometry/smartResize';
import type { CropOutcome } from './toolRules';

/**
 * `Image.crop` of Pillow: corners rounded half to even, then refused when the right lies left of the left or the bottom
 * above the top; what lies outside comes back black. An empty crop is made.
 */
export function pillowCrop(box: Box): CropOutcome {
  if (box.x2 < box.x1 || box.y2 < box.y1) return refused('its corners are swapped');
  const whole = mapped(box, roundHalfEven);
  return { kind: 'cropped', box: whole, size: sizeOf(whole) };
}

/** The box in other units: `from` units wide and high to `to`. */
export function rescaled(box: Box, from: Size, to: Size): Box {
  return {
    x1: (box.x1 * to.width) / from.width,
    y1: (box.y1 * to.height) / from.height,
    x2: (box.x2 * to.width) / from.width,
    y2: (box.y2 * to.height) / from.height,
  };
}

/** Left and top not below 0, right and bottom not above the size; corners stay as swapped as they are. */
export function clampedLow(box: Box, { width, height }: Size): Box {
  return {
    x1: Math.max(0, box.x1),
    y1: Math.max(0, box.y1),
    x2: Math.min(width, box.x2),
    y2: Math.min(height, box.y2),
  };
}

export function mapped(box: Box, map: (value: number) => number): Box {
  return { x1: map(box.x1), y1: map(box.y1), x2: map(box.x2), y2: map(box.y2) };
}

export function sizeOf(box: Box): Size {
  return { width: box.x2 - box.x1, height: box.y2 - box.y1 };
}

/** Whether `smart_resize` takes a crop of this size. */
export function resizable({ width, height }: Size): boolean {
  return width >= 1 && height >= 1 && Math.max(width, height) <= 200 * Math.min(width, height);
}

/** As `CropOutcome`. */
export function refused(reason: string, whole?: Size): CropOutcome {
  return { kind: 'refused', reason, ...(whole === undefined ? {} : { whole }) };
}
