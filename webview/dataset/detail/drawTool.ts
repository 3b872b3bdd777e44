import { verticesOf } from '../../../src/core/dataset/edit/shapeGeometry';
import { boxOfThree } from '../../../src/core/dataset/edit/turning';
import type { Point, Shape } from '../../../src/core/dataset/shape';
import type { PaintFrame } from '../../canvas/paintFrame';
import type { ToolSurface } from '../../canvas/tools/canvasTool';
import { ordered } from '../../canvas/view';
import { ClickTool, fillDot, strokeLine } from './clickTool';

/** What is drawn by hand; a ring and a hole belong to a shape that is there. */
export type DrawKind = 'box' | 'turnedBox' | 'quad' | 'polygon' | 'ring' | 'hole' | 'point' | 'line';

/** CSS pixels: a click this near the first corner closes a ring. */
const closeReach = 10;
/** Boxes with a smaller side, in pixels of the image, are slips of the hand. */
const leastSide = 2;
/** Corners from which on a shape can be finished. */
const leastCorners: Partial<Record<DrawKind, number>> = { polygon: 3, ring: 3, hole: 3, line: 2 };

/**
 * Draws a shape: a box by a drag, a point by a click, others corner by corner. A turned box takes three: one of its sides, then a
 * point that the side across goes through.
 */
export class DrawTool extends ClickTool {
  private corners: Point[] = [];

  constructor(
    surface: ToolSurface,
    readonly kind: DrawKind,
    private readonly done: (shape: Shape) => void,
  ) {
    super(surface);
  }

  get begun(): number {
    return this.corners.length;
  }

  finish(): boolean {
    const { corners, kind } = this;
    const least = leastCorners[kind];
    if (least === undefined || corners.length < least) return false;
    this.corners = [];
    this.done(kind === 'line' ? { kind: 'line', points: corners } : { kind: 'polygons', rings: [corners] });
    this.surface.repaint();
    return true;
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[0];
    if (ink === undefined) return;
    strokeLine(context, frame, this.outline(), ink);
    for (const corner of this.corners) fillDot(context, frame, corner, '#ffffff', ink.stroke);
  }

  protected clicked(at: Point): void {
    switch (this.kind) {
      case 'box':
        return;
      case 'point':
        this.done({ kind: 'points', points: [at] });
        return;
      case 'turnedBox':
        this.addOf(at, 3, ([a, b, c]) => (a && b && c ? boxOfThree(a, b, c) : null));
        return;
      case 'quad':
        this.addOf(at, 4, (points) => ({ kind: 'quad', points }));
        return;
      default:
        this.add(at);
    }
  }

  /** A drag is a box, or the first side of a turned one. */
  protected override dragged(from: Point, to: Point): void {
    if (this.kind === 'box') this.finishBox(from, to);
    else {
      this.clicked(from);
      if (this.kind === 'turnedBox' && this.corners.length === 1) this.clicked(to);
    }
  }

  protected pop(): boolean {
    return this.corners.pop() !== undefined;
  }

  protected clear(): void {
    this.corners = [];
  }

  private outline(): readonly Point[] {
    const { pointer, pressed, corners, kind } = this;
    if (kind === 'box') return pressed === null || pointer === null ? [] : closed(boxCorners(pressed.at, pointer));
    const [a, b] = corners;
    if (kind === 'turnedBox' && a !== undefined && b !== undefined && pointer !== null) {
      const turned = boxOfThree(a, b, pointer);
      return turned === null ? corners : closed(verticesOf(turned));
    }
    const [first] = kind === 'turnedBox' && pressed !== null ? [pressed.at] : corners;
    if (first === undefined || pointer === null) return corners;
    const line = corners.length === 0 ? [first, pointer] : [...corners, pointer];
    return kind === 'quad' && corners.length === 3 ? closed(line) : line;
  }

  /** Finished by so many corners; one that makes no shape is not taken. */
  private addOf(corner: Point, count: number, shapeOf: (corners: readonly Point[]) => Shape | null): void {
    const corners = [...this.corners, corner];
    if (corners.length < count) {
      this.corners = corners;
      return;
    }
    const shape = shapeOf(corners);
    if (shape === null) return;
    this.corners = [];
    this.done(shape);
  }

  private add(corner: Point): void {
    const [first] = this.corners;
    const reach = closeReach / this.surface.view().scale;
    const closes = first !== undefined && Math.hypot(first.x - corner.x, first.y - corner.y) <= reach;
    if (closes && this.kind !== 'line' && this.finish()) return;
    const last = this.corners.at(-1);
    // A second click on a line's end ends it.
    const ends = last !== undefined && Math.hypot(last.x - corner.x, last.y - corner.y) <= reach / 2;
    if (ends && this.finish()) return;
    this.corners.push(corner);
  }

  private finishBox(from: Point, to: Point): void {
    const [a, , c] = boxCorners(from, to).map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
    if (a === undefined || c === undefined || c.x - a.x < leastSide || c.y - a.y < leastSide) return;
    this.done({ kind: 'box', box: { x1: a.x, y1: a.y, x2: c.x, y2: c.y } });
  }
}

function boxCorners(a: Point, b: Point): readonly Point[] {
  return verticesOf({ kind: 'box', box: ordered({ x1: a.x, y1: a.y, x2: b.x, y2: b.y }) });
}

function closed(ring: readonly Point[]): readonly Point[] {
  return [...ring, ...ring.slice(0, 1)];
}
