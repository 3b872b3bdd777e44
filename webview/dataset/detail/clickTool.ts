import type { Point } from '../../../src/core/dataset/shape';
import { inDevicePixels, lineWidth, type PaintFrame } from '../../canvas/paintFrame';
import type { Press } from '../../canvas/pointerInput';
import type { InkColours } from '../../canvas/theme';
import type { CanvasTool, ToolSurface } from '../../canvas/tools/canvasTool';
import { type Point as ScreenPoint, toImage } from '../../canvas/view';

/** A tool that draws with clicks: the right button takes the last one back, Space and Enter finish. Pixels of the image. */
export abstract class ClickTool implements CanvasTool {
  readonly exclusive = true;
  readonly cursor = 'crosshair';
  /** Where the pointer is, pulled to the image's border from outside; null where it is not on the picture. */
  protected pointer: Point | null = null;
  protected pressed: { readonly at: Point; readonly secondary: boolean } | null = null;

  constructor(protected readonly surface: ToolSurface) {}

  /** Points set so far. */
  abstract get begun(): number;
  /** Ends what is drawn; false when too little is there. */
  abstract finish(): boolean;
  abstract paint(context: CanvasRenderingContext2D, frame: PaintFrame): void;
  protected abstract clicked(at: Point): void;
  /** Takes the last point away; false when there was none. */
  protected abstract pop(): boolean;
  protected abstract clear(): void;
  /** The left button was let go elsewhere than it was pressed. */
  protected dragged(from: Point, _to: Point): void {
    this.clicked(from);
  }

  grab(at: ScreenPoint, { secondary }: Press): boolean {
    const pressed = this.inside(at);
    if (pressed === null) return false;
    this.pressed = { at: pressed, secondary };
    return true;
  }

  drag(at: ScreenPoint): void {
    this.pointer = this.inside(at);
    this.surface.repaint();
  }

  drop(moved: boolean): void {
    const { pressed, pointer } = this;
    this.pressed = null;
    if (pressed === null) return;
    if (pressed.secondary) this.back();
    else if (moved && pointer !== null) this.dragged(pressed.at, pointer);
    else this.clicked(pressed.at);
    this.surface.repaint();
  }

  point(at: ScreenPoint | null): void {
    this.pointer = at === null ? null : this.inside(at);
    this.surface.repaint();
  }

  tap(): void {
    this.finish();
  }

  back(): boolean {
    const had = this.pop();
    this.surface.repaint();
    return had;
  }

  /** Gives up what was begun; false when nothing was. */
  cancel(): boolean {
    const had = this.begun > 0 || this.pressed !== null;
    this.clear();
    this.pressed = null;
    this.surface.repaint();
    return had;
  }

  /** Null without an image. */
  private inside(at: ScreenPoint): Point | null {
    const image = this.surface.image();
    if (image === null) return null;
    const { x, y } = toImage(this.surface.view(), at);
    const tenth = (value: number, end: number) => Math.round(Math.min(end, Math.max(0, value)) * 10) / 10;
    return { x: tenth(x, image.width), y: tenth(y, image.height) };
  }
}

/** An open line with its halo. */
export function strokeLine(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  line: readonly Point[],
  ink: InkColours,
): void {
  for (const [colour, width] of [
    [ink.halo, 4],
    [ink.stroke, 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth(frame, width);
    context.lineJoin = 'round';
    context.beginPath();
    for (const [i, place] of line.entries()) {
      const { x, y } = onDevice(frame, place);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  }
}

/** A disc at a point that was set; hollow ones are of the colour of the halo. */
export function fillDot(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  place: Point,
  fill: string,
  stroke: string,
): void {
  const { x, y } = onDevice(frame, place);
  context.beginPath();
  context.arc(x, y, 4 * frame.ratio, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = lineWidth(frame, 1.5);
  context.stroke();
}

function onDevice(frame: PaintFrame, { x, y }: Point): Point {
  const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
  return { x: at.x1, y: at.y1 };
}
