import { maskIou } from '../../../../core/mask/pixels';
import type { Pixels } from '../../../../protocol/segment';
import { onWhole } from './basicMask';
import type { PartMask } from './border';

/** The mask of one view. */
export interface Seen extends PartMask {
  /** Of the whole picture, its border not drawn yet. */
  readonly whole: Uint8Array;
}

export function seen(pixels: Pixels, found: PartMask): Seen {
  return { ...found, whole: onWhole(pixels, found) };
}

/**
 * Which view shows the object of a click: a thing has the same outline at two scales, and its colours change there. What is only part of the
 * thing, or the thing with its surroundings, is another mask at each.
 * @param all from the largest view to the smallest.
 */
export function chosenView(all: readonly Seen[]): number {
  let best = 0;
  let most = -1;
  all.forEach((one, at) => {
    const alike = [all[at - 1], all[at + 1]].map((other) =>
      other === undefined ? 0 : maskIou(one.whole, other.whole),
    );
    const worth = contrast(one) * (leastAlike + Math.max(...alike));
    if (worth > most) [best, most] = [at, worth];
  });
  return best;
}

/** What a mask is worth that no other view shows, beside one that another shows exactly. */
const leastAlike = 0.25;

/** How much colours change across the border of a mask, on average; 0 of an empty one. */
function contrast({ picture: { width, height, colours }, mask }: PartMask): number {
  let sum = 0;
  let edges = 0;
  const across = (at: number, other: number, inner: number, outer: number) => {
    if (mask[at] === mask[other]) return;
    edges++;
    for (let c = 0; c < 3; c++) sum += Math.abs((colours[inner * 3 + c] ?? 0) - (colours[outer * 3 + c] ?? 0));
  };
  for (let y = 1; y < height - 2; y++) {
    for (let x = 1; x < width - 2; x++) {
      const at = y * width + x;
      // Borders are soft: a pixel more on either side tells the colours.
      across(at, at + 1, at - 1, at + 2);
      across(at, at + width, at - width, at + 2 * width);
    }
  }
  return edges === 0 ? 0 : sum / edges;
}
