import { type Box, boxArea, type Size } from '../geometry/box';

/**
 * ERGO's box-adjustment term (arXiv 2509.21991): 1 when the area of the chosen region is at most `maxRatio` of the image,
 * else 0, so that a policy does not crop the whole image. 0 without a region. Continuous pixels of `image`; the paper's
 * threshold is a parameter here because its released code does not train.
 */
export function regionBudgetReward(regions: readonly Box[], image: Size, maxRatio: number): 0 | 1 {
  const [first] = regions;
  if (first === undefined) return 0;
  return boxArea(first) / (image.width * image.height) <= maxRatio ? 1 : 0;
}

/**
 * Share of the image's pixels that the policy looked at in its crops: the tokens spent, against full resolution. Regions
 * that overlap count twice, as their tokens do.
 */
export function lookedShare(regions: readonly Box[], image: Size): number {
  return regions.reduce((sum, box) => sum + boxArea(box), 0) / (image.width * image.height);
}
