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
