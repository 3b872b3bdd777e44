import { type Box, boxArea, type Size } from '../geometry/box';

/** AreaRatio of the ACTIVE-O3 paper: (x2 − x1 + 1)(y2 − y1 + 1) / (width · height), all in pixels of the model input. */
export function areaRatio(box: Box, input: Size): number {
  return boxArea(box, 'plusOne') / (input.width * input.height);
}

/**
 * R_area of the ACTIVE-O3 paper: 1 when the area ratio of every region lies in [`minRatio`, `maxRatio`], else 0.
 * Without a region 0, as the sibling code scores it.
 * @param boxes in pixels of the model input, as the +1 counts those.
 * @param input size of the model input.
 */
export function areaRangeReward(boxes: readonly Box[], input: Size, minRatio: number, maxRatio: number): 0 | 1 {
  const inRange = (box: Box): boolean => {
    const ratio = areaRatio(box, input);
    return ratio >= minRatio && ratio <= maxRatio;
  };
  return boxes.length > 0 && boxes.every(inRange) ? 1 : 0;
}
