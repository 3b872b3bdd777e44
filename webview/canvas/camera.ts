import type { Box, Size } from '../../src/core/geometry/box';
import type { CanvasViewport } from './imageCanvas';
import {
  between,
  centred,
  fitView,
  keepInSight,
  ordered,
  type Point,
  scaleLimits,
  toImage,
  type View,
  viewOfBox,
  visibleBox,
  zoomAt,
} from './view';

/** What the view was last asked to show; it holds through resizes until the user zooms or pans. */
type Goal =
  | { readonly kind: 'fit' }
  | { readonly kind: 'actual'; readonly centre: Point }
  | { readonly kind: 'box'; readonly box: Box; readonly margin: number };

interface Glide {
  readonly from: View;
  readonly to: View;
  readonly duration: number;
  /** Time of the first frame; null until it came. */
  start: number | null;
}

/** Milliseconds of a glide: long enough for the eye to follow, short enough not to be waited for. */
const JUMP_MS = 160;
const STEP_MS = 90;
/** A move that tells where one picture lies in another. */
const SLOW_MS = 450;
const durations = { quickly: JUMP_MS, slowly: SLOW_MS } as const;
export type Pace = keyof typeof durations;
/** A glide's first frame already moves: it counts as if one frame had passed. */
const FIRST_FRAME_MS = 16;

/** The view and how it moves: no DOM, time is handed in. All positions are CSS pixels of the element. */
export class Camera {
  #view: View = { scale: 1, x: 0, y: 0 };
  #glide: Glide | null = null;
  #goal: Goal | null = { kind: 'fit' };
  #size: Size | null = null;
  #screen: Size = { width: 0, height: 0 };
  #content: Box = { x1: 0, y1: 0, x2: 0, y2: 0 };
  readonly #reducedMotion: boolean;

  constructor(reducedMotion: boolean) {
    this.#reducedMotion = reducedMotion;
  }

  get view(): View {
    return this.#view;
  }
  get screen(): Size {
    return this.#screen;
  }
  get viewport(): CanvasViewport {
    const { width, height } = this.#screen;
    return { scale: this.#view.scale, visible: visibleBox(this.#view, this.#screen), width, height };
  }
  get gliding(): boolean {
    return this.#glide !== null;
  }
  get fitted(): boolean {
    return this.#goal?.kind === 'fit';
  }

  /** The original's size, or null without an image; starts fitted. */
  show(size: Size | null): void {
    this.#size = size;
    this.#content = { x1: 0, y1: 0, x2: size?.width ?? 0, y2: size?.height ?? 0 };
    this.#aim({ kind: 'fit' }, 0);
  }

  /** Everything that must stay reachable by panning: the image and the regions beyond its border. */
  reach(bounds: Box | null): void {
    const size = this.#size;
    if (size === null) return;
    this.#content = {
      x1: Math.min(0, bounds?.x1 ?? 0),
      y1: Math.min(0, bounds?.y1 ?? 0),
      x2: Math.max(size.width, bounds?.x2 ?? 0),
      y2: Math.max(size.height, bounds?.y2 ?? 0),
    };
  }

  /** The element's size changed: keeps the goal in view, or what was in the centre. */
  resize(screen: Size): void {
    const previous = this.#screen;
    const centre = toImage(this.#view, { x: previous.width / 2, y: previous.height / 2 });
    this.#screen = screen;
    this.#glide = null;
    if (this.#goal !== null) this.#aim(this.#goal, 0);
    else this.#settle(centred(centre, this.#view.scale, screen));
  }

  fit(pace: Pace = 'quickly'): void {
    this.#aim({ kind: 'fit' }, durations[pace]);
  }

  /** 1:1; the original pixel at `at` stays, the centre when absent. */
  actualSize(at?: Point): void {
    const { width, height } = this.#screen;
    const middle = { x: width / 2, y: height / 2 };
    const anchor = at ?? middle;
    const fixed = toImage(this.#view, anchor);
    const centre = { x: fixed.x + middle.x - anchor.x, y: fixed.y + middle.y - anchor.y };
    this.#aim({ kind: 'actual', centre }, JUMP_MS);
  }

  zoomToBox(box: Box, margin: number, pace: Pace = 'quickly'): void {
    this.#aim({ kind: 'box', box: ordered(box), margin }, durations[pace]);
  }

  /** Zooms about a point. Steps of a wheel or a key glide and add up; a pinch is applied at once. */
  zoomBy(factor: number, at: Point | null, how: 'step' | 'direct'): void {
    if (this.#size === null || !this.#laidOut || !(factor > 0) || !Number.isFinite(factor)) return;
    const { width, height } = this.#screen;
    const start = how === 'step' ? (this.#glide?.to ?? this.#view) : this.#view;
    const limits = scaleLimits(this.#size, this.#screen);
    this.#goal = null;
    this.#move(zoomAt(start, factor, at ?? { x: width / 2, y: height / 2 }, limits), how === 'step' ? STEP_MS : 0);
  }

  panBy(dx: number, dy: number, how: 'step' | 'direct'): void {
    if (this.#size === null || !Number.isFinite(dx) || !Number.isFinite(dy)) return;
    const start = how === 'step' ? (this.#glide?.to ?? this.#view) : this.#view;
    this.#goal = null;
    this.#move({ scale: start.scale, x: start.x + dx, y: start.y + dy }, how === 'step' ? STEP_MS : 0);
  }

  /** Advances a glide to the frame at `now` milliseconds; true while it goes on after this frame. */
  step(now: number): boolean {
    const glide = this.#glide;
    if (glide === null) return false;
    glide.start ??= now - FIRST_FRAME_MS;
    const t = Math.min(1, Math.max(0, (now - glide.start) / glide.duration));
    this.#view = between(glide.from, glide.to, 1 - (1 - t) ** 3);
    if (t < 1) return true;
    this.#settle(glide.to);
    return false;
  }

  get #laidOut(): boolean {
    return this.#screen.width > 0 && this.#screen.height > 0;
  }

  #aim(goal: Goal, duration: number): void {
    this.#goal = goal;
    const size = this.#size;
    if (size === null || !this.#laidOut) return;
    this.#move(viewOfGoal(goal, size, this.#screen), duration);
  }

  #move(target: View, duration: number): void {
    const to = keepInSight(target, this.#content, this.#screen);
    if (duration === 0 || this.#reducedMotion) this.#settle(to);
    else this.#glide = { from: this.#view, to, duration, start: null };
  }

  #settle(view: View): void {
    this.#glide = null;
    this.#view = view;
  }
}

function viewOfGoal(goal: Goal, size: Size, screen: Size): View {
  if (goal.kind === 'fit') return fitView(size, screen);
  if (goal.kind === 'actual') return centred(goal.centre, 1, screen);
  const { box } = goal;
  const room = Math.max(box.x2 - box.x1, box.y2 - box.y1) * goal.margin;
  const wide = { x1: box.x1 - room, y1: box.y1 - room, x2: box.x2 + room, y2: box.y2 + room };
  const limits = scaleLimits(size, screen);
  const view = viewOfBox(wide, screen, 0);
  const scale = Math.min(limits.max, Math.max(limits.min, view.scale));
  return centred({ x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 }, scale, screen);
}
