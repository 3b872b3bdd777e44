import type { Point, Shape } from '../../../src/core/dataset/shape';
import { inDevicePixels, lineWidth, type PaintFrame } from '../../canvas/paintFrame';
import type { Press } from '../../canvas/pointerInput';
import type { CanvasTool, ToolSurface } from '../../canvas/tools/canvasTool';
import { ordered, type Point as ScreenPoint, toImage } from '../../canvas/view';

/** What can be drawn by hand. */
export type DrawKind = 'box' | 'polygon' | 'point' | 'line';

/** CSS pixels: a click this near the first corner closes a polygon. */
const closeReach = 10;
/** Boxes with a smaller side, in pixels of the image, are slips of the hand. */
const leastSide = 2;

/** Draws a shape: a box by a drag, a point by a click, a polygon or a line corner by corner; right click takes the last one back. */
export class DrawTool implements CanvasTool {
  readonly exclusive = true;
  readonly cursor = 'crosshair';
  private corners: Point[] = [];
  private pressed: { readonly at: Point; readonly secondary: boolean } | null = null;
  private pointer: Point | null = null;

  constructor(
    private readonly surface: ToolSurface,
    readonly kind: DrawKind,
    private readonly done: (shape: Shape) => void,
  ) {}

  /** Corners set so far. */
  get begun(): number {
    return this.corners.length;
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
    if (this.kind === 'box') {
      if (moved && pointer !== null) this.finishBox(pressed.at, pointer);
    } else if (pressed.secondary) this.back();
    else if (this.kind === 'point') this.done({ kind: 'points', points: [pressed.at] });
    else this.add(pressed.at);
    this.surface.repaint();
  }

  point(at: ScreenPoint | null): void {
    this.pointer = at === null ? null : this.inside(at);
    this.surface.repaint();
  }

  tap(): void {
    this.finish();
  }

  /** Ends a polygon or a line; false when it has too few corners. */
  finish(): boolean {
    const { corners, kind } = this;
    const least = kind === 'polygon' ? 3 : 2;
    if ((kind !== 'polygon' && kind !== 'line') || corners.length < least) return false;
    this.corners = [];
    this.done(kind === 'polygon' ? { kind: 'polygons', rings: [corners] } : { kind: 'line', points: corners });
    this.surface.repaint();
    return true;
  }

  /** Takes the last corner back; false when there was none. */
  back(): boolean {
    const had = this.corners.pop() !== undefined;
    this.surface.repaint();
    return had;
  }

  /** Gives up what was begun; false when nothing was. */
  cancel(): boolean {
    const had = this.corners.length > 0 || this.pressed !== null;
    this.corners = [];
    this.pressed = null;
    this.surface.repaint();
    return had;
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[0];
    if (ink === undefined) return;
    const line = this.outline();
    for (const [colour, width] of [
      [ink.halo, 4],
      [ink.stroke, 2],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = lineWidth(frame, width);
      context.lineJoin = 'round';
      context.beginPath();
      for (const [i, { x, y }] of line.entries()) {
        const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
        if (i === 0) context.moveTo(at.x1, at.y1);
        else context.lineTo(at.x1, at.y1);
      }
      context.stroke();
    }
    for (const { x, y } of this.corners) {
      const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
      context.beginPath();
      context.arc(at.x1, at.y1, 4 * frame.ratio, 0, 2 * Math.PI);
      context.fillStyle = '#ffffff';
      context.fill();
      context.strokeStyle = ink.stroke;
      context.lineWidth = lineWidth(frame, 1.5);
      context.stroke();
    }
  }

  private outline(): readonly Point[] {
    const { pointer, pressed, corners } = this;
    if (this.kind !== 'box') return pointer === null || corners.length === 0 ? corners : [...corners, pointer];
    if (pressed === null || pointer === null) return [];
    const { x1, y1, x2, y2 } = ordered({ x1: pressed.at.x, y1: pressed.at.y, x2: pointer.x, y2: pointer.y });
    return [
      { x: x1, y: y1 },
      { x: x2, y: y1 },
      { x: x2, y: y2 },
      { x: x1, y: y2 },
      { x: x1, y: y1 },
    ];
  }

  private add(corner: Point): void {
    const [first] = this.corners;
    const reach = closeReach / this.surface.view().scale;
    const closes = first !== undefined && Math.hypot(first.x - corner.x, first.y - corner.y) <= reach;
    if (closes && this.kind === 'polygon' && this.finish()) return;
    const last = this.corners.at(-1);
    // A second click on a line's end ends it.
    const ends = last !== undefined && Math.hypot(last.x - corner.x, last.y - corner.y) <= reach / 2;
    if (ends && this.finish()) return;
    this.corners.push(corner);
  }

  private finishBox(from: Point, to: Point): void {
    const box = ordered({
      x1: Math.round(from.x),
      y1: Math.round(from.y),
      x2: Math.round(to.x),
      y2: Math.round(to.y),
    });
    if (box.x2 - box.x1 >= leastSide && box.y2 - box.y1 >= leastSide) this.done({ kind: 'box', box });
  }

  /** In pixels of the image, pulled to its border from outside; null without an image. */
  private inside(at: ScreenPoint): Point | null {
    const image = this.surface.image();
    if (image === null) return null;
    const { x, y } = toImage(this.surface.view(), at);
    const tenth = (value: number, end: number) => Math.round(Math.min(end, Math.max(0, value)) * 10) / 10;
    return { x: tenth(x, image.width), y: tenth(y, image.height) };
  }
}
