import type { Box } from '../../../core/geometry/box';

/** Corners with the digits that COCO's own files have. */
export function bboxNumbers({ x1, y1, x2, y2 }: Box): readonly number[] {
  return [x1, y1, x2, y2].map((side) => Math.round(side * 100) / 100);
}

/** Corners as a model writes them: whole numbers, and four digits where the frame is the unit square. */
export function answerNumbers({ x1, y1, x2, y2 }: Box, unit: boolean): readonly number[] {
  const scale = unit ? 10_000 : 1;
  return [x1, y1, x2, y2].map((side) => Math.round(side * scale) / scale);
}
