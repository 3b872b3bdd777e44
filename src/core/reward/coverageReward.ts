import { type Box, boxArea, intersectionArea, iou } from '../geometry/box';

/** Omni-R1's code adds this to the area before it divides. */
const EPSILON = 1e-6;

/**
 * Coverage of Omni-R1's `sod_reward`: share of ground-truth boxes of which one single region covers at least
 * `minCover` of the area (0.95 there), counted in whole pixels (+1). NaN without ground truth.
 * @param boxes regions, and `truth` the ground truth, both in pixels of the model input.
 */
export function coverageReward(boxes: readonly Box[], truth: readonly Box[], minCover: number): number {
  const covered = (target: Box): boolean => {
    const area = boxArea(target, 'plusOne') + EPSILON;
    return boxes.some((box) => intersectionArea(box, target, 'plusOne') / area >= minCover);
  };
  return truth.filter(covered).length / truth.length;
}

/**
 * R_gt-box of the ACTIVE-O3 paper: share of ground-truth boxes that some region matches with a continuous IoU of at
 * least `minIou` (δ, which the paper doesn't give). NaN without ground truth.
 */
export function matchedTruthReward(boxes: readonly Box[], truth: readonly Box[], minIou: number): number {
  return truth.filter((target) => boxes.some((box) => iou(box, target) >= minIou)).length / truth.length;
}
