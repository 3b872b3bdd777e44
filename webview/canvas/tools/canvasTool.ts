import type { Size } from '../../../src/core/geometry/box';
import type { PaintFrame } from '../paintFrame';
import type { PointerTool } from '../pointerInput';
import type { View } from '../view';

/** A tool that takes the place of selecting regions, and paints what is in hand above everything else. */
export interface CanvasTool extends PointerTool {
  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void;
}

/** What tools need of the canvas they are used on. */
export interface ToolSurface {
  readonly view: () => View;
  /** Stored pixels; null without an image. */
  readonly image: () => Size | null;
  readonly repaint: () => void;
}
