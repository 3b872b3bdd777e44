import type { Box } from '../geometry/box';
import { iou } from '../geometry/box';

/** A predicted box with the confidence that Visual-RFT's answers carry; null where the answer has none. */
export interface ScoredBox {
  readonly box: Box;
  readonly confidence: number | null;
}

/** What one predicted box was matched with. */
export interface MatchedBox extends ScoredBox {
  /** IoU with the true box it took; 0 when it took none. */
  readonly iou: number;
}

/**
 * Visual-RFT's matching (`sort_and_calculate_iou`, `src/virft/src/open_r1/grpo.py` at 9486633): equal boxes count once,
 * the most confident box chooses first, each takes the free true box with the largest continuous IoU above `threshold`.
 * A box without confidence counts as 1. Order of equals is the order of the answer.
 */
export function matchByConfidence(
  predicted: readonly ScoredBox[],
  truth: readonly Box[],
  threshold = 0.5,
): readonly MatchedBox[] {
  const free = new Set(truth.keys());
  const ranked = withoutEqual(predicted).sort((a, b) => (b.confidence ?? 1) - (a.confidence ?? 1));
  return ranked.map((one) => {
    let best = 0;
    let taken = -1;
    for (const i of free) {
      const target = truth[i];
      const value = target === undefined ? 0 : iou(one.box, target);
      if (value > best) {
        best = value;
        taken = i;
      }
    }
    if (best <= threshold) return { ...one, iou: 0 };
    free.delete(taken);
    return { ...one, iou: best };
  });
}

/**
 * IoU reward of Visual-RFT's detection (`compute_reward_iou_v2`): Σ IoU over the larger of predicted and true boxes, at
 * most 1. 0 without a prediction, NaN without ground truth.
 */
export function matchedIouReward(predicted: readonly ScoredBox[], truth: readonly Box[]): number {
  if (truth.length === 0) return Number.NaN;
  const matched = matchByConfidence(predicted, truth);
  const sum = matched.reduce((total, { iou: value }) => total + value, 0);
  return matched.length === 0 ? 0 : Math.min(1, sum / Math.max(truth.length, matched.length));
}

/**
 * Confidence reward of Visual-RFT (`compute_reward_confidence`): the mean over predicted boxes of the confidence where a
 * true box was found, and of 1 − confidence where none was; clipped to [0, 1]. 0 without a prediction.
 */
export function confidenceReward(predicted: readonly ScoredBox[], truth: readonly Box[]): number {
  const matched = matchByConfidence(predicted, truth);
  if (matched.length === 0) return 0;
  const sum = matched.reduce((total, { iou: value, confidence }) => {
    const sure = confidence ?? 1;
    return total + (value === 0 ? 1 - sure : sure);
  }, 0);
  return Math.min(1, Math.max(0, sum / matched.length));
}

function withoutEqual(boxes: readonly ScoredBox[]): ScoredBox[] {
  const seen = new Set<string>();
  return boxes.filter(({ box: { x1, y1, x2, y2 } }) => {
    const key = `${x1},${y1},${x2},${y2}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
