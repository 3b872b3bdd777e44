import { type CocoMask, pixelsOfRuns } from '../mask/cocoMask';
import { maskIou } from '../mask/pixels';
import { runsOf } from '../mask/rle';
import type { Rollout } from '../trajectory/rollout';
import { Annotator, type MaskClick } from './annotator';

/** What a policy should do in one state of a click trajectory: the state is the mask alone, no history. */
export interface RefinedClick {
  /** 0-based click of the trajectory that met this state. */
  readonly index: number;
  /** The mask before the click; null for none yet. */
  readonly before: CocoMask | null;
  readonly click: MaskClick;
  /** The policy's own click; false where the simulated annotator's stands in its place. */
  readonly kept: boolean;
}

/**
 * A trajectory refined as StaR+ does (SegAgent, arXiv 2503.08625, algorithm 1): an action that raised the IoU with the target
 * is kept, any other is replaced by what the simulated annotator would click in the same state. A sentence where the log
 * holds too little: no target, masks of another size, or clicks without the mask that followed.
 */
export function refinedClicks({
  masks = [],
  truthMask,
  loggedClicks = [],
}: Pick<Rollout, 'masks' | 'truthMask' | 'loggedClicks'>): readonly RefinedClick[] | string {
  if (truthMask === undefined) return 'it has no mask to reach';
  if (loggedClicks.length === 0) return 'it has no clicks with masks';
  const [height, width] = truthMask.size;
  if (masks.some(({ size }) => size[0] !== height || size[1] !== width)) return 'its masks have several sizes';
  const truth = pixelsOfRuns(runsOf(truthMask.counts, truthMask.size), width, height);
  const pixelsOf = (mask: CocoMask | null) =>
    mask === null ? new Uint8Array(width * height) : pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
  const found: RefinedClick[] = [];
  let before: CocoMask | null = masks.find(({ click }) => click === null) ?? null;
  let pixels = pixelsOf(before);
  for (const [index, { x, y, positive }] of loggedClicks.entries()) {
    const after = masks.find(({ click }) => click === index);
    if (after === undefined) return `its click ${index + 1} has no mask behind it`;
    const next = pixelsOf(after);
    const better = maskIou(next, truth) > maskIou(pixels, truth);
    const own = positive === null ? null : { x: Math.round(x), y: Math.round(y), positive };
    const click = better && own !== null ? own : new Annotator(truth, { width, height }).next(pixels);
    if (click !== null) found.push({ index, before, click, kept: better && own !== null });
    before = { size: after.size, counts: after.counts };
    pixels = next;
  }
  return found;
}
