import type { Box } from '../../../src/core/geometry/box';
import { inDevicePixels, lineWidth, type PaintFrame } from '../paintFrame';
import type { Point } from '../view';
import type { CanvasTool, ToolSurface } from './canvasTool';
import { dragBox } from './dragBox';

const INK = 0;

/** Draws boxes, one a drag; those drawn so far stay on show with their numbers. */
export class DrawTool implements CanvasTool {
  readonly exclusive = true;
  readonly cursor = 'crosshair';
  private drag_: { readonly start: Point; end: Point } | null = null;

  /** @param drawn those there are; @param add what to do with another, in whole pixels inside the image. */
  constructor(
    private readonly surface: ToolSurface,
    private readonly drawn: () => readonly Box[],
    private readonly add: (box: Box) => void,
    private readonly finish: () => void,
  ) {}

  grab(at: Point): boolean {
    if (this.surface.image() === null) return false;
    this.drag_ = { start: at, end: at };
    return true;
  }

  drag(at: Point): void {
    if (this.drag_ === null) return;
    this.drag_.end = at;
    this.surface.repaint();
  }

  drop(moved: boolean): void {
    const box = this.drag_ === null ? null : dragBox(this.surface, this.drag_.start, this.drag_.end);
    this.drag_ = null;
    this.surface.repaint();
    if (moved && box !== null) this.add(box);
  }

  point(): void {
    // Nothing follows a pointer that draws nothing.
  }

  tap(): void {
    this.finish();
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[INK];
    if (ink === undefined) return;
    const live = this.drag_ === null ? null : dragBox(this.surface, this.drag_.start, this.drag_.end);
    const boxes = live === null ? this.drawn() : [...this.drawn(), live];
    context.font = `600 ${lineWidth(frame, 12)}px sans-serif`;
    context.textBaseline = 'top';
    for (const [at, box] of boxes.entries()) {
      const { x1, y1, x2, y2 } = inDevicePixels(frame, box);
      for (const [colour, width] of [
        [ink.halo, 4],
        [ink.stroke, 2],
      ] as const) {
        context.strokeStyle = colour;
        context.lineWidth = lineWidth(frame, width);
        context.strokeRect(Math.round(x1), Math.round(y1), Math.round(x2 - x1), Math.round(y2 - y1));
      }
      const inset = lineWidth(frame, 5);
      context.lineWidth = lineWidth(frame, 3);
      context.strokeStyle = ink.halo;
      context.strokeText(String(at + 1), x1 + inset, y1 + inset);
      context.fillStyle = ink.stroke;
      context.fillText(String(at + 1), x1 + inset, y1 + inset);
    }
  }
}
