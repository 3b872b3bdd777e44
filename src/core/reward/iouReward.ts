import type { Box } from '../geometry/box';
import { type RewardIou, rewardIou } from './rewardIou';

/**
 * How an IoU becomes a reward. `linear`: as it is (VLM-R1, `rec`). `threshold`: 1 above `at`, else 0. `piecewise`:
 * clip(2 · (IoU − `at`), 0, 1), plus `bonus` above `at`, clipped to 1 again: the box term of SegZero and of Omni-R1's
 * second system has `at` 0.5 and `bonus` 0.4.
 */
export type IouShape =
  | { readonly kind: 'linear' }
  | { readonly kind: 'threshold'; readonly at: number }
  | { readonly kind: 'piecewise'; readonly at: number; readonly bonus: number };

/**
 * IoU reward of referring expressions (VLM-R1's `iou_reward`): the first box of the answer against the one true box, both in
 * one frame (VLM-R1 brings the answer to original pixels first, since 2025-06-26). 0 without a predicted box, NaN
 * without a true one.
 */
export function iouReward(
  predicted: readonly Box[],
  truth: readonly Box[],
  convention: RewardIou,
  shape: IouShape = { kind: 'linear' },
): number {
  const [target] = truth;
  if (target === undefined) return Number.NaN;
  const [box] = predicted;
  return box === undefined ? 0 : shapedIou(rewardIou(box, target, convention), shape);
}

export function shapedIou(value: number, shape: IouShape): number {
  switch (shape.kind) {
    case 'linear':
      return value;
    case 'threshold':
      return value > shape.at ? 1 : 0;
    case 'piecewise':
      return Math.min(1, Math.min(1, Math.max(0, value - shape.at) * 2) + (value > shape.at ? shape.bonus : 0));
  }
}
