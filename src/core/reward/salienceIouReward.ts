import type { Box } from '../geometry/box';
import { type RewardIou, rewardIou } from './rewardIou';

/** A true object with how much it matters for the question; weights need not sum to 1. */
export interface SalientBox {
  readonly box: Box;
  readonly salience: number;
}

/**
 * Salience-weighted IoU in the manner of GRiP: Σ sᵢ · maxⱼ IoU(pⱼ, gᵢ) / Σ sᵢ over true objects i. Status *guess*: GRiP
 * publishes no code; that each object takes its best prediction, and that predictions may serve several objects, is our
 * reading. NaN without an object of positive salience.
 */
export function salienceIouReward(
  predicted: readonly Box[],
  truth: readonly SalientBox[],
  convention: RewardIou,
): number {
  let weighted = 0;
  let total = 0;
  for (const { box, salience } of truth) {
    if (!(salience > 0)) continue;
    const best = predicted.reduce((top, one) => Math.max(top, rewardIou(one, box, convention)), 0);
    weighted += salience * best;
    total += salience;
  }
  return total > 0 ? weighted / total : Number.NaN;
}
