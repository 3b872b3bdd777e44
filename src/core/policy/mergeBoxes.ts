import { iou } from '../geometry/box';
import type { LabelledBox } from '../reward/apAr';

/**
 * Boxes of overlapping crops as one list: non-maximum suppression that keeps the model's order, since boxes of a
 * vision-language model have no score. A box goes that overlaps one before it by more than `maxIou` (continuous IoU). All in one frame.
 */
export function mergeBoxes(boxes: readonly LabelledBox[], maxIou: number): readonly LabelledBox[] {
  const kept: LabelledBox[] = [];
  for (const one of boxes) if (kept.every(({ box }) => iou(box, one.box) <= maxIou)) kept.push(one);
  return kept;
}
