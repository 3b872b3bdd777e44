/**
 * Rewards of a click trajectory as SegAgent defines them (arXiv 2503.08625, §3 and algorithm 3): the state's reward is the
 * IoU of its mask with the target, an action's is what it adds.
 */
export interface ClickStep {
  /** 0-based click. */
  readonly click: number;
  /** IoU after the click. */
  readonly iou: number;
  /** IoU after minus IoU before. */
  readonly improvement: number;
  /** Whether SegAgent's trajectory generation keeps it: the IoU must grow by at least τ_diff, or at all where that is 0. */
  readonly kept: boolean;
}

/**
 * @param ious after each click, 0–1.
 * @param initial IoU of the state before the first click: 0 for an empty mask.
 * @param minGain τ_diff, which the paper names without a number; the code keeps any growth (0).
 */
export function clickSteps(ious: readonly number[], initial = 0, minGain = 0): readonly ClickStep[] {
  return ious.map((iou, click) => {
    const before = click === 0 ? initial : (ious[click - 1] ?? initial);
    const improvement = iou - before;
    return { click, iou, improvement, kept: minGain > 0 ? improvement >= minGain : improvement > 0 };
  });
}
