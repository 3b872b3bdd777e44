import type { PaintFrame } from '../paintFrame';
import { inDevicePixels, lineWidth } from '../paintFrame';
import type { Press } from '../pointerInput';
import { type Point, toImage } from '../view';
import type { CanvasTool, ToolSurface } from './canvasTool';

/** A stroke as it was drawn, stored pixels of the image. */
export interface BrushStroke {
  readonly points: readonly Point[];
  readonly radius: number;
  readonly erases: boolean;
}

const MASK_INK = 0;
const smallest = 0.5;
const step = 1.25;

/** Paints on a mask, or takes away from it; the other one with Shift or the right button. */
export class BrushTool implements CanvasTool {
  readonly exclusive = true;
  readonly cursor = 'crosshair';
  erases = false;
  /** Stored pixels; 0 until an image is there. */
  private size = 0;
  private stroke: { readonly points: Point[]; readonly erases: boolean } | null = null;
  private at: Point | null = null;

  constructor(
    private readonly surface: ToolSurface,
    private readonly drawn: (stroke: BrushStroke) => void,
    private readonly accept: () => void,
  ) {}

  /** Stored pixels; a fiftieth of the image until somebody changes it. */
  get radius(): number {
    const image = this.surface.image();
    if (this.size === 0 && image !== null) return Math.max(smallest, Math.max(image.width, image.height) / 50);
    return Math.max(smallest, this.size);
  }

  resize(direction: 1 | -1): void {
    const image = this.surface.image();
    const largest = image === null ? 1000 : Math.max(image.width, image.height) / 2;
    this.size = Math.min(largest, Math.max(smallest, this.radius * step ** direction));
    this.surface.repaint();
  }

  grab(at: Point, { secondary, shift }: Press): boolean {
    if (this.surface.image() === null) return false;
    this.stroke = { points: [toImage(this.surface.view(), at)], erases: this.erases !== (secondary || shift) };
    this.point(at);
    return true;
  }

  drag(at: Point): void {
    this.stroke?.points.push(toImage(this.surface.view(), at));
    this.point(at);
  }

  drop(): void {
    const { stroke, radius } = this;
    this.stroke = null;
    if (stroke !== null) this.drawn({ ...stroke, radius });
    this.surface.repaint();
  }

  point(at: Point | null): void {
    this.at = at;
    this.surface.repaint();
  }

  tap(): void {
    this.accept();
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[MASK_INK];
    if (ink === undefined) return;
    const { stroke, at } = this;
    const radius = this.radius * frame.view.scale * frame.ratio;
    if (stroke !== null) {
      context.globalAlpha = 0.5;
      context.strokeStyle = stroke.erases ? ink.text : ink.stroke;
      context.lineWidth = 2 * radius;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.beginPath();
      for (const [i, { x, y }] of stroke.points.entries()) {
        const on = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
        if (i === 0) context.moveTo(on.x1, on.y1);
        // A line to itself is a dot.
        context.lineTo(on.x1, on.y1);
      }
      context.stroke();
      context.globalAlpha = 1;
    }
    if (at === null) return;
    const erases = stroke?.erases ?? this.erases;
    for (const [colour, width] of [
      [ink.halo, 3],
      [ink.stroke, 1.5],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = lineWidth(frame, width);
      context.setLineDash(erases && colour === ink.stroke ? [4, 3].map((css) => lineWidth(frame, css)) : []);
      context.beginPath();
      context.arc(at.x * frame.ratio, at.y * frame.ratio, Math.max(1, radius), 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
  }
}
