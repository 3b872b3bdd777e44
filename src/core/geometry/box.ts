/**
 * Axis-aligned boxes as corner coordinates. Which pixels they count in is the business of `frame.ts`:
 * a `Box` alone carries no frame and must travel with one.
 */

/** Width and height of an image, in whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Corners of a rectangle, x to the right and y down, origin at the top left. Corners may be swapped or fractional. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * How many pixels a box spans. `continuous`: x2 − x1, corners are points (torchvision's `box_iou`, COCO).
 * `plusOne`: x2 − x1 + 1, corners are the first and last pixel (ACTIVE-O3's area ratio and coverage).
 */
export type IouConvention = 'continuous' | 'plusOne';

/** The same rectangle with x1 ≤ x2 and y1 ≤ y2. */
export function orderCorners(box: Box): Box {
  return {
    x1: Math.min(box.x1, box.x2),
    y1: Math.min(box.y1, box.y2),
    x2: Math.max(box.x1, box.x2),
    y2: Math.max(box.y1, box.y2),
  };
}

/** Width in the box's own units, never negative: swapped corners are ordered first. */
export function boxWidth(box: Box, convention: IouConvention = 'continuous'): number {
  return Math.abs(box.x2 - box.x1) + extra(convention);
}

/** Height in the box's own units, never negative. */
export function boxHeight(box: Box, convention: IouConvention = 'continuous'): number {
  return Math.abs(box.y2 - box.y1) + extra(convention);
}

/** Area in the box's own units squared. */
export function boxArea(box: Box, convention: IouConvention = 'continuous'): number {
  return boxWidth(box, convention) * boxHeight(box, convention);
}

/** Area that two boxes of one frame share; 0 when they don't meet. */
export function intersectionArea(a: Box, b: Box, convention: IouConvention = 'continuous'): number {
  // Corners are ordered in place: rewards come here many times a rollout.
  const width =
    Math.min(Math.max(a.x1, a.x2), Math.max(b.x1, b.x2)) -
    Math.max(Math.min(a.x1, a.x2), Math.min(b.x1, b.x2)) +
    extra(convention);
  const height =
    Math.min(Math.max(a.y1, a.y2), Math.max(b.y1, b.y2)) -
    Math.max(Math.min(a.y1, a.y2), Math.min(b.y1, b.y2)) +
    extra(convention);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * Intersection over union of two boxes of one frame, 0–1. Two boxes without area score 0, also when they are equal;
 * so does a box with a coordinate that is not finite.
 */
export function iou(a: Box, b: Box, convention: IouConvention = 'continuous'): number {
  const shared = intersectionArea(a, b, convention);
  if (shared === 0) return 0;
  const union = boxArea(a, convention) + boxArea(b, convention) - shared;
  return Number.isFinite(union) && union > 0 ? Math.min(1, shared / union) : 0;
}

/** The part of a box that lies in [0, width] × [0, height]; without area when it lies wholly outside. */
export function clampBox(box: Box, size: Size): Box {
  const ordered = orderCorners(box);
  return {
    x1: clamp(ordered.x1, size.width),
    y1: clamp(ordered.y1, size.height),
    x2: clamp(ordered.x2, size.width),
    y2: clamp(ordered.y2, size.height),
  };
}

/** Whether a box lies wholly in an image, give or take `tolerancePx` on every side. False for NaN. */
export function isInside(box: Box, size: Size, tolerancePx = 0): boolean {
  const { x1, y1, x2, y2 } = orderCorners(box);
  return x1 >= -tolerancePx && y1 >= -tolerancePx && x2 <= size.width + tolerancePx && y2 <= size.height + tolerancePx;
}

function extra(convention: IouConvention): number {
  return convention === 'plusOne' ? 1 : 0;
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}
