import type { Box, Size } from '../../src/core/geometry/box';

/**
 * Where the picture lies on screen: a point (u, v) in original pixels appears at (u · scale + x, v · scale + y), in CSS
 * pixels from the element's top left.
 */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Smallest and largest scale a user can reach. */
export interface ScaleLimits {
  readonly min: number;
  readonly max: number;
}

/** CSS pixels left free around a fitted image. */
const FIT_MARGIN = 16;
/** CSS pixels of the content that can't be panned out of sight. */
const KEEP_IN_SIGHT = 64;
/** From here on an original pixel is large enough on screen to be looked at by itself. */
const CRISP_SCALE = 2;

/** Corners in order: x1 ≤ x2 and y1 ≤ y2. */
export function ordered(box: Box): Box {
  return {
    x1: Math.min(box.x1, box.x2),
    y1: Math.min(box.y1, box.y2),
    x2: Math.max(box.x1, box.x2),
    y2: Math.max(box.y1, box.y2),
  };
}

/** The view that shows `box` (original pixels, ordered) centred in `screen` with `margin` CSS pixels around it. */
export function viewOfBox(box: Box, screen: Size, margin: number): View {
  const width = Math.max(box.x2 - box.x1, 1e-6);
  const height = Math.max(box.y2 - box.y1, 1e-6);
  const scale = Math.min(
    Math.max(screen.width - 2 * margin, screen.width / 4, 1) / width,
    Math.max(screen.height - 2 * margin, screen.height / 4, 1) / height,
  );
  return centred({ x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 }, scale, screen);
}

/** The whole image of `size` original pixels with a small margin. */
export function fitView(size: Size, screen: Size): View {
  return viewOfBox({ x1: 0, y1: 0, x2: size.width, y2: size.height }, screen, FIT_MARGIN);
}

/** `centre` (original pixels) in the middle of the screen. */
export function centred(centre: Point, scale: number, screen: Size): View {
  return { scale, x: screen.width / 2 - centre.x * scale, y: screen.height / 2 - centre.y * scale };
}

/** Limits that always contain the fitted scale, 1:1, and pixels large enough to count. */
export function scaleLimits(size: Size, screen: Size): ScaleLimits {
  const fitted = fitView(size, screen).scale;
  return { min: Math.min(fitted / 4, 0.5), max: Math.max(fitted * 8, 48) };
}

/** Zooms by `factor` within the limits, so that the original pixel under `at` (CSS pixels) stays there. */
export function zoomAt(view: View, factor: number, at: Point, limits: ScaleLimits): View {
  const scale = Math.min(limits.max, Math.max(limits.min, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Moves the view back so that some of `content` (original pixels, ordered) stays on screen. */
export function keepInSight(view: View, content: Box, screen: Size): View {
  return {
    scale: view.scale,
    x: keepAxis(view.x, content.x1 * view.scale, content.x2 * view.scale, screen.width),
    y: keepAxis(view.y, content.y1 * view.scale, content.y2 * view.scale, screen.height),
  };
}

function keepAxis(offset: number, low: number, high: number, length: number): number {
  const keep = Math.min(KEEP_IN_SIGHT, length / 4, high - low);
  return Math.min(length - keep - low, Math.max(keep - high, offset));
}

/**
 * A view between two, `t` in 0–1. Scale changes by equal ratios and the offset follows it linearly, so a point that
 * both ends show at the same place stays there all the way: zooming at the cursor keeps the cursor's pixel.
 */
export function between(from: View, to: View, t: number): View {
  const scale = from.scale * (to.scale / from.scale) ** t;
  const change = to.scale - from.scale;
  const share = Math.abs(change) < from.scale * 1e-6 ? t : (scale - from.scale) / change;
  return { scale, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** A size that an image can have; null for any other. */
export function usableSize(size: Size | null): Size | null {
  return size !== null && size.width > 0 && size.height > 0 && Number.isFinite(size.width * size.height) ? size : null;
}

/** Sizes of the same pixels; nothing is like nothing. */
export function sameSize(a: Size | null, b: Size | null): boolean {
  return a?.width === b?.width && a?.height === b?.height;
}

export function toImage(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}

/** The part of the plane on screen, in original pixels. */
export function visibleBox(view: View, screen: Size): Box {
  const start = toImage(view, { x: 0, y: 0 });
  const end = toImage(view, { x: screen.width, y: screen.height });
  return { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
}

/** An ordered box on screen, in CSS pixels. */
export function boxOnScreen(view: View, box: Box): Box {
  return {
    x1: box.x1 * view.scale + view.x,
    y1: box.y1 * view.scale + view.y,
    x2: box.x2 * view.scale + view.x,
    y2: box.y2 * view.scale + view.y,
  };
}

/**
 * Whether to paint a picture with hard pixel edges: when original pixels are large on screen and the picture really
 * holds them. A preview enlarged over its resolution stays smooth, else its blocks would pass for pixels of the image.
 */
export function paintsCrisp(scale: number, sourceWidth: number, shownWidth: number): boolean {
  return scale >= CRISP_SCALE && sourceWidth >= shownWidth * 0.99;
}
