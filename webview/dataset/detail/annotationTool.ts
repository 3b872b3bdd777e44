import { type Figure, handlesOf, keypointAt, turnedFigure } from '../../../src/core/dataset/edit/figure';
import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import { turnedPoint } from '../../../src/core/dataset/edit/turning';
import type { Point } from '../../../src/core/dataset/shape';
import type { PaintFrame } from '../../canvas/paintFrame';
import type { Press } from '../../canvas/pointerInput';
import type { CanvasTool, ToolSurface } from '../../canvas/tools/canvasTool';
import { sameBox } from '../../canvas/tools/changeBox';
import { type Point as ScreenPoint, toImage } from '../../canvas/view';
import { drawn } from './drawn';
import { cornerAt, type Grip, type GripPlaces, gripCursor, gripDeed, gripOn, gripPlaces, pulledFigure } from './grips';

export type Deed = ReturnType<typeof gripDeed>;

/** What the tool needs of the view around it. */
export interface ToolScene {
  /** The one that is selected alone; null for none or several. */
  readonly selected: () => EffectiveAnnotation | null;
  /** Id of the annotation at a point of the image, `near` pixels around it; null for none. */
  readonly hit: (at: Point, near: number) => string | null;
  readonly hover: (id: string | null) => void;
  /** Clicked: `add` keeps what is selected. Null is empty space. */
  readonly select: (id: string | null, add: boolean) => void;
  /** A shape was let go at another place. */
  readonly commit: (id: string, figure: Figure, what: Deed) => void;
  /** What is in hand changed, or is let go (null): the static layer leaves it out. */
  readonly held: (id: string | null) => void;
  readonly paint: (context: CanvasRenderingContext2D, frame: PaintFrame) => void;
}

interface Drag {
  readonly grip: Grip;
  readonly start: Point;
  readonly figure: Figure;
}

/** CSS pixels around a shape that still count as on it. */
const shapeReach = 4;
/** Milliseconds after the last key until a shape that keys moved counts as let go. */
const restMs = 800;

/** Selects, moves, resizes, turns and reshapes annotations; a press on empty space pans. */
export class AnnotationTool implements CanvasTool {
  /** The corner or keypoint that keys act on, as `handlesOf` counts; null for none. */
  corner: number | null = null;
  private dragged: Drag | null = null;
  private live: { readonly id: string; readonly figure: Figure } | null = null;
  private grip: Grip | null = null;
  private pressed: { readonly at: ScreenPoint; readonly add: boolean } | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly surface: ToolSurface,
    private readonly scene: ToolScene,
  ) {}

  /** Where the selected annotation is in hand; null while it is where it was. */
  get inHand(): { readonly id: string; readonly figure: Figure } | null {
    return this.live;
  }

  places(figure: Figure): GripPlaces {
    return gripPlaces(this.surface.view(), figure);
  }

  get cursor(): string {
    const grip = this.dragged?.grip ?? this.grip;
    const figure = this.figure;
    return grip === null || figure === null ? '' : gripCursor(grip, figure);
  }

  point(at: ScreenPoint | null): void {
    this.grip = at === null ? null : this.gripAt(at);
    this.scene.hover(at === null ? null : this.hitAt(at));
  }

  grab(at: ScreenPoint, press: Press): boolean {
    if (press.secondary) return false;
    const grip = this.gripAt(at);
    const selected = this.scene.selected();
    const there = this.hitAt(at);
    this.pressed = { at, add: press.shift };
    const holds = grip !== null && (grip.kind !== 'box' || grip.handle !== 'move');
    // A press on another annotation takes that one: it moves with the same drag.
    const takes = there !== null && there !== selected?.id && !holds;
    if (takes) {
      this.scene.select(there, press.shift);
      this.pressed = null;
    }
    const target = this.scene.selected();
    const held: Grip | null = takes ? { kind: 'box', handle: 'move' } : grip;
    if (target === null || held === null) return takes;
    this.commitKeys();
    if (drawn(target) === null) return takes;
    if (held.kind === 'corner') this.corner = held.at;
    this.dragged = { grip: held, start: toImage(this.surface.view(), at), figure: target };
    return true;
  }

  drag(at: ScreenPoint): void {
    const { dragged: drag } = this;
    const selected = this.scene.selected();
    if (drag !== null && selected !== null) this.move(selected.id, drag, toImage(this.surface.view(), at));
  }

  drop(moved: boolean): void {
    const { dragged: drag } = this;
    this.dragged = null;
    if (moved && drag !== null) this.release(gripDeed(drag.grip));
    this.surface.repaint();
  }

  /** The press did not move: it chooses a corner or an annotation, or none. */
  clicked(): void {
    const { pressed, figure } = this;
    this.pressed = null;
    if (pressed === null) return;
    this.corner = figure === null ? null : cornerAt(this.surface.view(), figure, pressed.at);
    if (this.corner === null) this.scene.select(this.hitAt(pressed.at), pressed.add);
    this.surface.repaint();
  }

  /** By whole pixels: the active corner, or all of it, or its right and lower edges. False when there is nothing to change. */
  nudge(dx: number, dy: number, what: 'move' | 'resize'): boolean {
    const [selected, figure] = [this.scene.selected(), this.figure];
    if (selected === null || figure === null || this.dragged !== null) return false;
    const corner = this.corner === null ? undefined : handlesOf(figure)[this.corner];
    const grip: Grip =
      corner !== undefined && this.corner !== null
        ? { kind: 'corner', at: this.corner }
        : { kind: 'box', handle: what === 'move' ? 'move' : dx !== 0 ? 'e' : 's' };
    const start = corner ?? { x: 0, y: 0 };
    const { shape } = figure;
    // A turned box grows along its own sides.
    const isSide = shape.kind === 'turnedBox' && what === 'resize';
    const by = isSide ? turnedPoint({ x: dx, y: dy }, shape.angle, { x: 0, y: 0 }) : { x: dx, y: dy };
    this.move(selected.id, { grip, start, figure }, { x: start.x + by.x, y: start.y + by.y });
    this.restSoon(gripDeed(grip));
    return true;
  }

  /** By whole degrees, clockwise. False for what cannot be turned. */
  turn(degrees: number): boolean {
    const [selected, figure] = [this.scene.selected(), this.figure];
    const turned = figure === null ? null : turnedFigure(figure, (degrees * Math.PI) / 180);
    if (selected === null || turned === null || this.dragged !== null) return false;
    this.hold(selected.id, turned);
    this.restSoon('Turn');
    return true;
  }

  /** The corner or keypoint before or behind the active one; false for a shape without any. */
  step(by: 1 | -1): boolean {
    const { figure } = this;
    const count = figure === null ? 0 : handlesOf(figure).length;
    if (count === 0) return false;
    this.corner = this.corner === null ? (by > 0 ? 0 : count - 1) : (this.corner + by + count) % count;
    this.surface.repaint();
    return true;
  }

  /** The keypoint that keys act on; null for a corner, and for none. */
  get keypoint(): number | null {
    const { figure, corner } = this;
    return figure === null || corner === null ? null : keypointAt(figure, corner);
  }

  /** Puts back what is in hand; false when nothing was. */
  cancel(): boolean {
    const held = this.live !== null;
    this.forget();
    return held;
  }

  /** What keys moved is let go now: another annotation is taken, or another image shown. */
  commitKeys(): void {
    if (this.live !== null && this.dragged === null) this.release('Move');
  }

  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    this.scene.paint(context, frame);
  }

  private get figure(): Figure | null {
    return this.live?.figure ?? this.scene.selected();
  }

  private move(id: string, { grip, start, figure }: Drag, to: Point): void {
    const image = this.surface.image();
    if (image !== null) this.hold(id, pulledFigure(grip, figure, start, to, image));
  }

  private hold(id: string, figure: Figure): void {
    if (this.live === null) this.scene.held(id);
    this.live = { id, figure };
    this.surface.repaint();
  }

  private restSoon(what: Deed): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.release(what), restMs);
  }

  private release(what: Deed): void {
    clearTimeout(this.rest);
    const { live } = this;
    const selected = this.scene.selected();
    if (live === null) return;
    const moves = what === 'Move' || what === 'Resize';
    const before = selected?.id === live.id ? drawn(selected)?.bounds : undefined;
    const after = drawn(live.figure)?.bounds;
    const same =
      moves &&
      !isTurned(selected, live.figure) &&
      before !== undefined &&
      after !== undefined &&
      sameBox(before, after);
    this.live = null;
    if (!same) this.scene.commit(live.id, live.figure, what);
    this.scene.held(null);
  }

  private forget(): void {
    clearTimeout(this.rest);
    this.dragged = null;
    if (this.live !== null) {
      this.live = null;
      this.scene.held(null);
    }
    this.surface.repaint();
  }

  private hitAt(at: ScreenPoint): string | null {
    const view = this.surface.view();
    return this.surface.image() === null ? null : this.scene.hit(toImage(view, at), shapeReach / view.scale);
  }

  private gripAt(at: ScreenPoint): Grip | null {
    const [selected, figure] = [this.scene.selected(), this.figure];
    if (selected === null || figure === null) return null;
    return gripOn(this.surface.view(), figure, at, () => this.hitAt(at) === selected.id);
  }
}

/** Keys that turned a box by half a turn leave what encloses it as it was. */
function isTurned(before: Figure | null, after: Figure): boolean {
  return before?.shape.kind !== after.shape.kind || after.shape.kind === 'turnedBox';
}
