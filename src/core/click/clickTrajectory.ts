import type { Size } from '../geometry/box';
import { maskIou } from '../mask/pixels';
import { Annotator, type MaskClick } from './annotator';

/** When a trajectory ends. */
export interface TrajectoryRules {
  /** IoU with the target at which nothing more is clicked. */
  readonly targetIou: number;
  readonly mostClicks: number;
}

/** A click that was kept, and the state behind it. */
export interface TrajectoryStep {
  readonly click: MaskClick;
  /** Row-major at the picture's size, 0 for what is not in it. */
  readonly mask: Uint8Array;
  /** With the target, 0–1. */
  readonly iou: number;
}

export interface ClickTrajectory {
  /** IoU of the state it begins in: 0 of an empty mask. */
  readonly startIou: number;
  readonly steps: readonly TrajectoryStep[];
}

/** SegAgent's code takes no lower target than this. */
export const leastTarget = 0.8;

/**
 * The trajectory of an object as SegAgent generates them (arXiv 2503.08625, algorithm 3; `isegm/inference/evaluation.py`, `--record_trace`): the
 * simulated annotator clicks, a click that does not raise the IoU above the best so far is discarded and ends it, and so does the target.
 * @param truth row-major: 1 in the object, 255 neither object nor background.
 * @param start the mask to refine, row-major; null to begin with none.
 * @param segment the mask after these clicks on that start.
 */
export async function clickTrajectory(
  truth: Uint8Array,
  size: Size,
  start: Uint8Array | null,
  { targetIou, mostClicks }: TrajectoryRules,
  segment: (clicks: readonly MaskClick[]) => Promise<Uint8Array>,
): Promise<ClickTrajectory> {
  const annotator = new Annotator(truth, size);
  const steps: TrajectoryStep[] = [];
  let mask = start ?? new Uint8Array(truth.length);
  const startIou = maskIou(mask, truth);
  let best = startIou;
  while (steps.length < mostClicks && best < Math.max(leastTarget, targetIou)) {
    const click = annotator.next(mask);
    if (click === null) break;
    const next = await segment([...steps.map((step) => step.click), click]);
    const iou = maskIou(next, truth);
    if (iou <= best) break;
    steps.push({ click, mask: next, iou });
    mask = next;
    best = iou;
  }
  return { startIou, steps };
}
