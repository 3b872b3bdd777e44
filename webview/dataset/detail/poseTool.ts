import type { Keypoint, Point, Skeleton } from '../../../src/core/dataset/shape';
import type { PaintFrame } from '../../canvas/paintFrame';
import type { ToolSurface } from '../../canvas/tools/canvasTool';
import { ClickTool, fillDot, strokeLine } from './clickTool';
import { paintName } from './shapePaint';

/** COCO: one that is not labelled lies at the origin. */
const unlabelled: Keypoint = { x: 0, y: 0, visibility: 0 };

/** Places the keypoints of a category one after the other, in the category's order; of one without names as many as there are clicks. */
export class PoseTool extends ClickTool {
  private points: Keypoint[] = [];
  /** The next one is hidden. */
  private hides = false;

  constructor(
    surface: ToolSurface,
    private readonly skeleton: Skeleton | null,
    private readonly done: (points: readonly Keypoint[]) => void,
    private readonly tell: (text: string) => void,
  ) {
    super(surface);
  }

  get begun(): number {
    return this.points.length;
  }

  /** The next click places one that is there, but not to be seen; or, again, one that is. */
  toggleHidden(): void {
    this.hides = !this.hides;
    this.announce();
  }

  /** The next one is not labelled. */
  skip(): void {
    this.add(unlabelled);
  }

  finish(): boolean {
    const { points, skeleton } = this;
    if (!points.some(({ visibility }) => visibility > 0)) return false;
    const missing = Math.max(0, (skeleton?.names.length ?? 0) - points.length);
    this.clear();
    this.done([...points, ...Array.from({ length: missing }, () => unlabelled)]);
    this.surface.repaint();
    return true;
  }

  /** Which keypoint comes next, in words. */
  announce(): void {
    this.tell(this.next);
    this.surface.repaint();
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const ink = frame.theme.inks[0];
    if (ink === undefined) return;
    for (const [from, to] of this.skeleton?.skeleton ?? []) {
      const [a, b] = [this.points[from], this.points[to]];
      if (a && b && a.visibility > 0 && b.visibility > 0) strokeLine(context, frame, [a, b], ink);
    }
    for (const point of this.points)
      if (point.visibility > 0)
        fillDot(
          context,
          frame,
          point,
          point.visibility === 1 ? ink.halo : ink.stroke,
          point.visibility === 1 ? ink.stroke : ink.halo,
        );
    if (this.pointer !== null) paintName(context, frame, this.pointer, this.next, ink);
  }

  protected clicked({ x, y }: Point): void {
    const visibility = this.hides ? 1 : 2;
    this.hides = false;
    this.add({ x, y, visibility });
  }

  protected pop(): boolean {
    const had = this.points.pop() !== undefined;
    this.announce();
    return had;
  }

  protected clear(): void {
    this.points = [];
    this.hides = false;
  }

  private get next(): string {
    const { names } = this.skeleton ?? { names: [] };
    const at = this.points.length;
    const name = names[at];
    const of = names.length === 0 ? '' : ` of ${names.length}`;
    const what = name === undefined || name === '' ? `Keypoint ${at + 1}${of}` : `${name}, ${at + 1}${of}`;
    return this.hides ? `${what}, hidden` : what;
  }

  private add(point: Keypoint): void {
    this.points.push(point);
    const most = this.skeleton?.names.length ?? 0;
    if (most === 0 || this.points.length < most) this.announce();
    else if (!this.finish()) this.clear();
    this.surface.repaint();
  }
}
