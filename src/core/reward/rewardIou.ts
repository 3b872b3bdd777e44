import { type Box, type IouConvention, iou } from '../geometry/box';

/**
 * Which IoU a reward computes; every profile pins one. `continuous`: corners are points (torchvision, Visual-RFT).
 * `plusOne`: corners are the first and last pixel (ACTIVE-O3's area and coverage). `vlmR1`: VLM-R1's mixed one, where
 * the intersection is counted in pixels up to x2 − 1 and the areas are continuous, so that a box 1 px wide scores 0
 * against itself.
 */
export type RewardIou = IouConvention | 'vlmR1';

/** IoU of two boxes of one frame; never negative, 0 where it is undefined. */
export function rewardIou(a: Box, b: Box, convention: RewardIou): number {
  return convention === 'vlmR1' ? vlmR1Iou(a, b) : iou(a, b, convention);
}

/**
 * `iou` of VLM-R1 (`open_r1/vlm_modules/qwen_module.py` at 90052f4): corners are taken as written, swapped ones score 0.
 */
function vlmR1Iou(a: Box, b: Box): number {
  const x1 = Math.max(a.x1, b.x1);
  const y1 = Math.max(a.y1, b.y1);
  const x2 = Math.min(a.x2 - 1, b.x2 - 1);
  const y2 = Math.min(a.y2 - 1, b.y2 - 1);
  const shared = x1 < x2 && y1 < y2 ? (x2 - x1 + 1) * (y2 - y1 + 1) : 0;
  const union = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - shared;
  return shared > 0 && union > 0 ? shared / union : 0;
}
