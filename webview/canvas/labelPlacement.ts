import type { Box, Size } from '../../src/core/geometry/box';
import type { Point } from './view';

/** A badge to be placed: the box it numbers (CSS pixels on screen, ordered) and its own size. */
export interface BadgeRequest {
  readonly box: Box;
  readonly size: Size;
}

/** CSS pixels that labels keep from the border of the view. */
const EDGE = 2;

/**
 * Top left corners of badges, in the order given (give the most important first). Each prefers to sit on the outside of
 * its box's upper left corner and moves to another corner when that place is taken or out of view. A box partly in view
 * is numbered at the part one sees. Null for a box that isn't in view at all.
 */
export function placeBadges(requests: readonly BadgeRequest[], screen: Size): (Point | null)[] {
  const taken: Box[] = [];
  return requests.map(({ box, size }) => {
    const seen = clipped(box, screen);
    if (seen === null) return null;
    const places = candidates(seen, size).map((place) => inside(place, size, screen));
    const place = places.find((p) => !taken.some((other) => overlaps(p, size, other))) ?? places[0];
    if (place === undefined) return null;
    taken.push({ x1: place.x, y1: place.y, x2: place.x + size.width, y2: place.y + size.height });
    return place;
  });
}

/** Where a label of `size` goes so that it doesn't cover `box`: above, below, or inside it where neither has room. */
export function placeLabel(box: Box, size: Size, screen: Size, gap: number): Point {
  const seen = clipped(box, screen) ?? clamped(box, screen);
  const above = seen.y1 - gap - size.height;
  const below = seen.y2 + gap;
  let y = seen.y1 + gap;
  if (above >= EDGE) y = above;
  else if (below + size.height <= screen.height - EDGE) y = below;
  return inside({ x: seen.x1, y }, size, screen);
}

function candidates(box: Box, size: Size): Point[] {
  const right = box.x2 - size.width;
  return [
    { x: box.x1, y: box.y1 - size.height },
    { x: right, y: box.y1 - size.height },
    { x: right, y: box.y2 },
    { x: box.x1, y: box.y2 },
    { x: box.x1 - size.width, y: box.y1 },
    { x: box.x2, y: box.y1 },
    { x: box.x1, y: box.y1 },
  ];
}

function clipped(box: Box, screen: Size): Box | null {
  if (box.x2 < 0 || box.y2 < 0 || box.x1 > screen.width || box.y1 > screen.height) return null;
  return clamped(box, screen);
}

function clamped(box: Box, { width, height }: Size): Box {
  const within = (value: number, limit: number) => Math.min(limit, Math.max(0, value));
  return {
    x1: within(box.x1, width),
    y1: within(box.y1, height),
    x2: within(box.x2, width),
    y2: within(box.y2, height),
  };
}

function inside(place: Point, size: Size, screen: Size): Point {
  return {
    x: Math.max(EDGE, Math.min(screen.width - size.width - EDGE, place.x)),
    y: Math.max(EDGE, Math.min(screen.height - size.height - EDGE, place.y)),
  };
}

function overlaps(place: Point, size: Size, other: Box): boolean {
  return (
    place.x < other.x2 && place.x + size.width > other.x1 && place.y < other.y2 && place.y + size.height > other.y1
  );
}
