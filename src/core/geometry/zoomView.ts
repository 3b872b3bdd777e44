import type { Box, Size } from './box';

/** A picture the policy was shown, with its place on the original image. */
export interface ZoomView {
  /** 0 the image, i the i-th picture that came back. */
  readonly index: number;
  /** 0-based turn of the call it answered; null for the image. */
  readonly turn: number | null;
  /** What the whole picture shows, in stored pixels of the original; it reaches beyond it where the tool filled up. */
  readonly box: Box;
  /** Pixels of the picture as the tool holds it. */
  readonly held: Size;
}

/** A box in units of `extent` (the whole view is `extent` wide and high), in stored pixels of the original. */
export function fromView(box: Box, view: Pick<ZoomView, 'box'>, extent: Size): Box {
  const x = (value: number): number => view.box.x1 + (value * (view.box.x2 - view.box.x1)) / extent.width;
  const y = (value: number): number => view.box.y1 + (value * (view.box.y2 - view.box.y1)) / extent.height;
  return { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
}

/** A box in stored pixels of the original, in units of `extent`; the inverse of `fromView`. */
export function toView(box: Box, view: Pick<ZoomView, 'box'>, extent: Size): Box {
  const x = (value: number): number => ((value - view.box.x1) * extent.width) / (view.box.x2 - view.box.x1);
  const y = (value: number): number => ((value - view.box.y1) * extent.height) / (view.box.y2 - view.box.y1);
  return { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
}
