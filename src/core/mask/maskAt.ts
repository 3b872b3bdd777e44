import type { CocoMask } from './cocoMask';
import { areaOf, runsOf } from './rle';

/**
 * Index of the smallest mask that holds a place, so that of nested ones the inner can always be reached; −1 for none.
 * @param at in pixels of the masks, from the outer edge of the first. @throws UserError for a mask that is none.
 */
export function smallestMaskAt(masks: readonly CocoMask[], at: { readonly x: number; readonly y: number }): number {
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  let [found, least] = [-1, Number.POSITIVE_INFINITY];
  for (const [index, { counts, size }] of masks.entries()) {
    const [height, width] = size;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const runs = runsOf(counts, size);
    const area = areaOf(runs);
    if (area < least && isInside(runs, x * height + y)) [found, least] = [index, area];
  }
  return found;
}

/** @param place down the columns, as runs count. */
function isInside(runs: Uint32Array, place: number): boolean {
  let from = 0;
  for (const [i, run] of runs.entries()) {
    from += run;
    if (place < from) return i % 2 === 1;
  }
  return false;
}
