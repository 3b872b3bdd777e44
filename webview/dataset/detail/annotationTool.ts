import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import { fitted, hasVertices, verticesOf, withVertex } from '../../../src/core/dataset/edit/shapeGeometry';
import type { Point, Shape } from '../../../src/core/dataset/shape';
import type { Box } from '../../../src/core/geometry/box';
import type { PaintFrame } from '../../canvas/paintFrame';
import type { Press } from '../../canvas/pointerInput';
import type { CanvasTool, ToolSurface } from '../../canvas/tools/canvasTool';
import { changeBox, sameBox } from '../../canvas/tools/changeBox';
import { cursorOf, type Handle, handleAt, handleFrame, handlePlaces } from '../../canvas/tools/handles';
import { boxOnScreen, type Point as ScreenPoint, toImage } from '../../canvas/view';
import { drawn } from './drawn';

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
  readonly commit: (id: string, shape: Shape, what: 'Move' | 'Resize' | 'Reshape') => void;
  /** What is in hand changed, or is let go (null): the static layer leaves it out. */
  readonly held: (id: string | null) => void;
  readonly paint: (context: CanvasRenderingContext2D, frame: PaintFrame) => void;
}

type Grip = { readonly kind: 'box'; readonly handle: Handle } | { readonly kind: 'corner'; readonly at: number };

interface Drag {
  readonly grip: Grip;
  readonly start: Point;
  readonly shape: Shape;
  readonly bounds: Box;
}

/** CSS pixels around a corner or a shape that still count as on it. */
const cornerReach = 7;
const shapeReach = 4;
/** Corners of a polygon up to which each has a handle on screen. */
const mostCorners = 400;
/** Milliseconds after the last key until a shape that keys moved counts as let go. */
const restMs = 800;

/** Selects, moves, resizes and reshapes annotations; a press on empty space pans. */
export class AnnotationTool implements CanvasTool {
  /** The corner that keys act on, as `verticesOf` counts; null for none. */
  corner: number | null = null;
  private dragged: Drag | null = null;
  private live: { readonly id: string; readonly shape: Shape } | null = null;
  private grip: Grip | null = null;
  private pressed: { readonly at: ScreenPoint; readonly add: boolean } | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly surface: ToolSurface,
    private readonly scene: ToolScene,
  ) {}

  /** Where the selected annotation is in hand; null while it is where it was. */
  get inHand(): { readonly id: string; readonly shape: Shape } | null {
    return this.live;
  }

  /** Corners that can be pulled, and the box handles otherwise, CSS pixels on screen. */
  handles(shape: Shape): { readonly corners: readonly Point[]; readonly frame: readonly ScreenPoint[] } {
    if (cornersShown(shape)) return { corners: verticesOf(shape), frame: [] };
    const bounds = drawn({ shape })?.bounds;
    if (bounds === undefined) return { corners: [], frame: [] };
    const on = boxOnScreen(this.surface.view(), bounds);
    return { corners: [], frame: shape.kind === 'mask' ? [] : handlePlaces(handleFrame(on)) };
  }

  get cursor(): string {
    const grip = this.dragged?.grip ?? this.grip;
    if (grip === null) return '';
    return grip.kind === 'corner' ? 'crosshair' : cursorOf(grip.handle);
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
    const other = there !== null && there !== selected?.id && grip?.kind !== 'corner';
    // A press on another annotation takes that one: it moves with the same drag.
    const takes = other && (grip === null || isInner(grip));
    if (takes) {
      this.scene.select(there, press.shift);
      this.pressed = null;
    }
    const target = this.scene.selected();
    const held = takes ? { kind: 'box' as const, handle: 'move' as const } : grip;
    if (target === null || held === null) return takes;
    this.commitKeys();
    const bounds = drawn(target)?.bounds;
    if (bounds === undefined) return takes;
    if (held.kind === 'corner') this.corner = held.at;
    this.dragged = { grip: held, start: toImage(this.surface.view(), at), shape: target.shape, bounds };
    return true;
  }

  drag(at: ScreenPoint): void {
    const { dragged: drag } = this;
    const selected = this.scene.selected();
    if (drag === null || selected === null) return;
    const now = toImage(this.surface.view(), at);
    this.move(selected.id, this.changed(drag, now.x - drag.start.x, now.y - drag.start.y, now));
  }

  drop(moved: boolean): void {
    const { dragged: drag } = this;
    this.dragged = null;
    if (moved && drag !== null) this.release(whatOf(drag.grip));
    this.surface.repaint();
  }

  /** The press did not move: it chooses a corner or an annotation, or none. */
  clicked(): void {
    const { pressed } = this;
    this.pressed = null;
    if (pressed === null) return;
    this.corner = this.cornerAt(pressed.at);
    if (this.corner === null) this.scene.select(this.hitAt(pressed.at), pressed.add);
    this.surface.repaint();
  }

  /** By whole pixels: the active corner, or all of it, or its right and lower edges. False when there is nothing to change. */
  nudge(dx: number, dy: number, what: 'move' | 'resize'): boolean {
    const selected = this.scene.selected();
    if (selected === null || this.dragged !== null) return false;
    const shape = this.live?.shape ?? selected.shape;
    const bounds = drawn({ shape })?.bounds;
    if (bounds === undefined) return false;
    const corner = this.corner === null || !cornersShown(shape) ? null : verticesOf(shape)[this.corner];
    const grip: Grip =
      corner !== undefined && corner !== null && this.corner !== null
        ? { kind: 'corner', at: this.corner }
        : { kind: 'box', handle: what === 'move' ? 'move' : dx !== 0 ? 'e' : 's' };
    const to = { x: (corner?.x ?? 0) + dx, y: (corner?.y ?? 0) + dy };
    this.move(selected.id, this.changed({ grip, start: to, shape, bounds }, dx, dy, to));
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.release(whatOf(grip)), restMs);
    return true;
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

  private changed({ grip, shape, bounds }: Drag, dx: number, dy: number, now: Point): Shape {
    const image = this.surface.image();
    if (image === null) return shape;
    if (grip.kind === 'corner') {
      const inside = { x: within(now.x, image.width), y: within(now.y, image.height) };
      return withVertex(shape, grip.at, inside);
    }
    if (shape.kind === 'mask' && grip.handle !== 'move') return shape;
    return fitted(shape, bounds, changeBox(bounds, grip.handle, dx, dy, image));
  }

  private move(id: string, shape: Shape): void {
    if (this.live === null) this.scene.held(id);
    this.live = { id, shape };
    this.surface.repaint();
  }

  private release(what: 'Move' | 'Resize' | 'Reshape'): void {
    clearTimeout(this.rest);
    const { live } = this;
    const selected = this.scene.selected();
    if (live === null) return;
    const before = selected?.id === live.id ? drawn(selected)?.bounds : undefined;
    const after = drawn(live)?.bounds;
    const same = what !== 'Reshape' && before !== undefined && after !== undefined && sameBox(before, after);
    this.live = null;
    if (!same) this.scene.commit(live.id, live.shape, what);
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
    const corner = this.cornerAt(at);
    if (corner !== null) return { kind: 'corner', at: corner };
    const selected = this.scene.selected();
    const bounds = selected === null ? undefined : drawn({ shape: this.live?.shape ?? selected.shape })?.bounds;
    if (selected === null || bounds === undefined) return null;
    const handle = handleAt(boxOnScreen(this.surface.view(), bounds), at);
    if (handle === null) return null;
    const pulls = handle !== 'move' && !cornersShown(selected.shape) && selected.shape.kind !== 'mask';
    if (pulls) return { kind: 'box', handle };
    return this.hitAt(at) === selected.id ? { kind: 'box', handle: 'move' } : null;
  }

  private cornerAt(at: ScreenPoint): number | null {
    const selected = this.scene.selected();
    if (selected === null || !cornersShown(selected.shape)) return null;
    const view = this.surface.view();
    const reach = cornerReach / view.scale;
    const { x, y } = toImage(view, at);
    const corners = verticesOf(this.live?.shape ?? selected.shape);
    let nearest: number | null = null;
    let least = reach;
    for (const [i, corner] of corners.entries()) {
      const distance = Math.hypot(corner.x - x, corner.y - y);
      if (distance <= least) [nearest, least] = [i, distance];
    }
    return nearest;
  }
}

function cornersShown(shape: Shape): boolean {
  return hasVertices(shape) && verticesOf(shape).length <= mostCorners;
}

function isInner(grip: Grip): boolean {
  return grip.kind === 'box' && grip.handle === 'move';
}

function whatOf(grip: Grip): 'Move' | 'Resize' | 'Reshape' {
  return grip.kind === 'corner' ? 'Reshape' : grip.handle === 'move' ? 'Move' : 'Resize';
}

function within(value: number, end: number): number {
  return Math.min(end, Math.max(0, Math.round(value * 10) / 10));
}
