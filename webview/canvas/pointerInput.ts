import type { Point } from './view';

/** How the pointer was pressed. */
export interface Press {
  /** By the right button. */
  readonly secondary: boolean;
  readonly shift: boolean;
}

/** What is dragged in place of the view. Points as in `PointerTarget`. */
export interface PointerTool {
  /** All presses on the picture are its own, those of the right button too: nothing is selected or zoomed by a click. */
  readonly exclusive?: true;
  /** The left button was pressed, or the right one of an exclusive tool; true when it took hold of something. */
  grab(at: Point, press: Press): boolean;
  drag(at: Point): void;
  /** What was held is let go; it never moved when `moved` is false. */
  drop(moved: boolean): void;
  /** The pointer rests at `at`, or left the element (null). */
  point(at: Point | null): void;
  /** Space was pressed and let go, without a drag in between. */
  tap?(): void;
  /** CSS cursor where the pointer is; '' for the usual one. */
  readonly cursor: string;
}

/** What the pointer asks of the canvas. Points are CSS pixels from the element's top left. */
export interface PointerTarget {
  /** The pointer rests at `at`, or left the element (null). */
  point(at: Point | null): void;
  /** A click that wasn't a drag. */
  click(at: Point): void;
  doubleClick(at: Point): void;
  readonly tool: PointerTool;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point, how: 'step' | 'direct'): void;
}

/** CSS pixels the pointer may wander during a click. */
const CLICK_SLACK = 4;
/** Zoom per unit of wheel travel: one notch (100 units) changes the scale by 1.22, a pinch follows the fingers. */
const WHEEL_RATE = 0.002;
const PINCH_RATE = 0.01;
const LINE_UNITS = 33;
const PAGE_UNITS = 300;
/** Devices report anything; one event never changes the scale by more than this. */
const MOST_TRAVEL = 0.7;
/** Wheel travel from where on an event is a notch of a wheel and not a touchpad's small step. */
const NOTCH = 50;

interface Drag {
  readonly pointer: number;
  readonly start: Point;
  last: Point;
  moved: boolean;
  /** Left button without Space: counts as a click when it doesn't move. */
  readonly clicks: boolean;
  /** The target took hold of something. */
  readonly holds: boolean;
}

/** Listens to pointer, wheel and Space on `element` until the signal aborts. */
export function listenToPointer(element: HTMLElement, target: PointerTarget, signal: AbortSignal): void {
  let drag: Drag | null = null;
  let space = false;
  let panned = false;
  const cursor = () => {
    if (drag?.holds) element.style.cursor = target.tool.cursor;
    else if (drag?.moved || (drag && !drag.clicks)) element.style.cursor = 'grabbing';
    else if (space) element.style.cursor = 'grab';
    else element.style.cursor = target.tool.cursor;
  };
  const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(type, listener, { signal, passive: false });

  on('pointerdown', (event) => {
    if (drag !== null || event.button > 2 || (event.button === 2 && !target.tool.exclusive)) return;
    // The middle button would start the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const start = pointIn(element, event);
    panned ||= space;
    const secondary = event.button === 2;
    const clicks = event.button !== 1 && !space;
    const holds = clicks && target.tool.grab(start, { secondary, shift: event.shiftKey });
    drag = { pointer: event.pointerId, start, last: start, moved: false, clicks, holds };
    cursor();
  });
  on('pointermove', (event) => {
    const at = pointIn(element, event);
    if (drag === null) {
      target.point(at);
      target.tool.point(at);
      cursor();
      return;
    }
    if (event.pointerId !== drag.pointer) return;
    drag.moved ||= Math.hypot(at.x - drag.start.x, at.y - drag.start.y) > CLICK_SLACK;
    if (!drag.moved) return;
    if (drag.holds) target.tool.drag(at);
    else target.pan(at.x - drag.last.x, at.y - drag.last.y);
    drag.last = at;
    cursor();
  });
  on('pointerup', (event) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    const { moved, clicks, holds } = drag;
    drag = null;
    if (holds) target.tool.drop(moved);
    if (!moved && clicks && !target.tool.exclusive) target.click(pointIn(element, event));
    target.point(pointIn(element, event));
    target.tool.point(pointIn(element, event));
    cursor();
  });
  on('lostpointercapture', () => {
    if (drag?.holds) target.tool.drop(drag.moved);
    drag = null;
    cursor();
  });
  on('pointerleave', () => {
    if (drag !== null) return;
    target.point(null);
    if (target.tool.exclusive) target.tool.point(null);
  });
  on('dblclick', (event) => {
    if (event.button === 0 && !target.tool.exclusive) target.doubleClick(pointIn(element, event));
  });
  on('contextmenu', (event) => target.tool.exclusive && event.preventDefault());
  on('wheel', (event) => {
    event.preventDefault();
    const travel = wheelTravel(event);
    if (travel === 0) return;
    const coarse = !event.ctrlKey && Math.abs(event.deltaY) * (event.deltaMode === 0 ? 1 : LINE_UNITS) >= NOTCH;
    target.zoom(Math.exp(-travel), pointIn(element, event), coarse ? 'step' : 'direct');
  });
  on('keydown', (event) => {
    if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!space) panned = false;
    space = true;
    cursor();
  });
  const release = () => {
    space = false;
    cursor();
  };
  on('keyup', (event) => {
    if (event.key !== ' ') return;
    const tapped = space && !panned;
    release();
    if (tapped) target.tool.tap?.();
  });
  on('blur', release);
}

/** Natural logarithm of the zoom an event asks for; positive zooms out. */
export function wheelTravel(event: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const units = event.deltaY * ([1, LINE_UNITS, PAGE_UNITS][event.deltaMode] ?? 1);
  const travel = units * (event.ctrlKey && Math.abs(units) < NOTCH ? PINCH_RATE : WHEEL_RATE);
  return Number.isFinite(travel) ? Math.min(MOST_TRAVEL, Math.max(-MOST_TRAVEL, travel)) : 0;
}

function pointIn(element: HTMLElement, event: MouseEvent): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
