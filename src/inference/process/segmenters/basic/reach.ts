import type { Size } from '../../../../core/geometry/box';
import type { ClickPrompt } from '../../../../protocol/segment';

/** What is farther away is as good as infinitely far, in shares of the longer side. */
const farthest = 0.12;

/**
 * Pixels from a click to the border of a mask: to the nearest pixel on the other side of it, infinite where none is near.
 * @param mask before the click, row-major, 1 in the mask; null before the first one.
 */
export function reachOf({ x, y }: ClickPrompt, mask: Uint8Array | null, { width, height }: Size): number {
  if (mask === null) return Number.POSITIVE_INFINITY;
  const most = Math.ceil(farthest * Math.max(width, height));
  const held = (value: number, side: number) => Math.max(0, Math.min(side - 1, Math.round(value)));
  const [u, v] = [held(x, width), held(y, height)];
  const own = mask[v * width + u];
  let nearest = Number.POSITIVE_INFINITY;
  for (let down = Math.max(0, v - most); down <= Math.min(height - 1, v + most); down++) {
    for (let across = Math.max(0, u - most); across <= Math.min(width - 1, u + most); across++) {
      if (mask[down * width + across] !== own) nearest = Math.min(nearest, (across - u) ** 2 + (down - v) ** 2);
    }
  }
  return nearest > most * most ? Number.POSITIVE_INFINITY : Math.sqrt(nearest);
}
