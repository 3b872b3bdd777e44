import type { Box } from '../../../src/core/geometry/box';
import type { ClickPrompt } from '../../../src/protocol/segment';
import type { CanvasMask } from '../imageCanvas';
import { inDevicePixels, lineWidth, type PaintFrame } from '../paintFrame';
import type { Press } from '../pointerInput';
import { paintPoint } from '../pointPaint';
import type { InkColours } from '../theme';
import { type Point, toImage } from '../view';
import type { CanvasTool, ToolSurface } from './canvasTool';
import { dragBox } from './dragBox';

/** What the pointer said. Clicks name whole pixels, boxes have ordered whole corners; both lie inside the image. */
export interface PromptListener {
  click(prompt: ClickPrompt): void;
  box(box: Box): void;
  /** The pixel under a resting pointer; null where there is none. */
  hover(at: Point | null): void;
  /** Space was pressed and let go. */
  accept(): void;
}

/** Prompts made so far, to be painted. */
export interface ShownPrompts {
  readonly clicks: readonly ClickPrompt[];
  readonly box: Box | null;
  /** Whose corners are shown; null for none. */
  readonly corners: CanvasMask | null;
}

interface Drag {
  readonly press: Press;
  readonly start: Point;
  end: Point;
}

const MASK_INK = 0;

/** Left click adds, right or Shift click removes, a drag draws a box. */
export class PromptTool implements CanvasTool {
  readonly exclusive = true;
  readonly cursor = 'crosshair';
  private drawn: Drag | null = null;
  private moved = false;

  constructor(
    private readonly surface: ToolSurface,
    private readonly listener: PromptListener,
    private readonly shown: () => ShownPrompts,
  ) {}

  grab(at: Point, press: Press): boolean {
    if (this.surface.image() === null) return false;
    this.drawn = { press, start: at, end: at };
    this.moved = false;
    this.listener.hover(null);
    return true;
  }

  drag(at: Point): void {
    if (this.drawn === null) return;
    this.drawn.end = at;
    this.moved = true;
    this.surface.repaint();
  }

  drop(moved: boolean): void {
    const { drawn } = this;
    this.drawn = null;
    if (drawn === null) return;
    this.surface.repaint();
    const { press, start } = drawn;
    const box = dragBox(this.surface, drawn.start, drawn.end);
    if (moved && box !== null) this.listener.box(box);
    const pixel = moved ? null : this.pixelAt(start);
    if (pixel !== null) this.listener.click({ ...pixel, positive: !press.secondary && !press.shift });
  }

  point(at: Point | null): void {
    this.listener.hover(at === null ? null : this.pixelAt(at));
  }

  tap(): void {
    this.listener.accept();
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[MASK_INK];
    if (ink === undefined) return;
    const { clicks, box, corners } = this.shown();
    if (corners !== null) paintCorners(context, frame, corners, ink);
    const live = this.moved && this.drawn !== null ? dragBox(this.surface, this.drawn.start, this.drawn.end) : null;
    const outline = live ?? box;
    if (outline !== null) {
      const { x1, y1, x2, y2 } = inDevicePixels(frame, outline);
      for (const [colour, width] of [
        [ink.halo, 3],
        [ink.stroke, 1.5],
      ] as const) {
        context.strokeStyle = colour;
        context.lineWidth = lineWidth(frame, width);
        context.setLineDash(colour === ink.stroke ? [6, 4].map((css) => lineWidth(frame, css)) : []);
        context.strokeRect(Math.round(x1) + 0.5, Math.round(y1) + 0.5, Math.round(x2 - x1), Math.round(y2 - y1));
      }
      context.setLineDash([]);
    }
    for (const { x, y, positive } of clicks) {
      // The middle of the pixel.
      const at = inDevicePixels(frame, { x1: x + 0.5, y1: y + 0.5, x2: x + 0.5, y2: y + 0.5 });
      paintPoint(context, frame, ink, { x: at.x1, y: at.y1 }, positive ? 'plus' : 'minus');
    }
  }

  private pixelAt(at: Point): Point | null {
    const image = this.surface.image();
    if (image === null) return null;
    const { x, y } = toImage(this.surface.view(), at);
    const inside = x >= 0 && y >= 0 && x < image.width && y < image.height;
    return inside ? { x: Math.floor(x), y: Math.floor(y) } : null;
  }
}

function paintCorners(context: CanvasRenderingContext2D, frame: PaintFrame, { loops }: CanvasMask, ink: InkColours) {
  const side = lineWidth(frame, 5);
  const line = lineWidth(frame, 1);
  for (const loop of loops) {
    for (let i = 0; i < loop.length; i += 2) {
      const [x, y] = [loop[i] ?? 0, loop[i + 1] ?? 0];
      const { x1, y1 } = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
      const [left, top] = [Math.round(x1 - side / 2), Math.round(y1 - side / 2)];
      context.fillStyle = ink.text;
      context.fillRect(left - line, top - line, side + 2 * line, side + 2 * line);
      context.fillStyle = ink.stroke;
      context.fillRect(left, top, side, side);
    }
  }
}
