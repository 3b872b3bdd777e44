import type { Box, Size } from '../../src/core/geometry/box';
import type { CanvasTheme } from './theme';
import { boxOnScreen, type View } from './view';

/** What every layer needs to paint one frame. Contexts are in device pixels: no transform is set. */
export interface PaintFrame {
  readonly view: View;
  /** CSS pixels. */
  readonly screen: Size;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly theme: CanvasTheme;
  /** The view is moving: what one can't see in motion may be left out or painted coarsely. */
  readonly moving: boolean;
}

/** Paints a layer's worth of marks in device pixels. */
export type ScenePainter = (context: CanvasRenderingContext2D, frame: PaintFrame) => void;

/** An ordered box of original pixels in device pixels, unrounded. */
export function inDevicePixels({ view, ratio }: PaintFrame, box: Box): Box {
  const { x1, y1, x2, y2 } = boxOnScreen(view, box);
  return { x1: x1 * ratio, y1: y1 * ratio, x2: x2 * ratio, y2: y2 * ratio };
}

/** A line width of `css` pixels in whole device pixels, at least one: whole widths stay sharp. */
export function lineWidth({ ratio }: PaintFrame, css: number): number {
  return Math.max(1, Math.round(css * ratio));
}
