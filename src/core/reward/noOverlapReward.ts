import { type Box, iou } from '../geometry/box';

/**
 * R_no-overlap of the ACTIVE-O3 paper: 1 when the continuous IoU of every two regions is at most `maxIou` (τ), else 0.
 * None or one region: 1.
 * @param boxes in one frame, whichever: IoU depends on it only through the aspect.
 */
export function noOverlapReward(boxes: readonly Box[], maxIou: number): 0 | 1 {
  return boxes.every((a, i) => boxes.every((b, j) => j <= i || iou(a, b) <= maxIou)) ? 1 : 0;
}
