import type { Box } from '../../../src/core/geometry/box';
import type { Point } from '../view';

/** What of a box is held: an edge or a corner by its compass point, or all of it. */
export type Handle = 'move' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw';

/** Side of the area that answers for a handle, CSS pixels. */
const REACH = 12;

/**
 * Where the handles of a box lie, from its place on screen (both in CSS pixels): on its outline, or, around a box that is
 * smaller than its handles, as far outside as leaves each of them and the inside an area of their own.
 */
export function handleFrame({ x1, y1, x2, y2 }: Box): Box {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const [halfWidth, halfHeight] = [Math.max((x2 - x1) / 2, REACH), Math.max((y2 - y1) / 2, REACH)];
  return { x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight };
}

/** The eight handles on their frame, CSS pixels. */
export function handlePlaces({ x1, y1, x2, y2 }: Box): readonly Point[] {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const corners = [x1, x2].flatMap((cx) => [y1, y2].map((cy) => ({ x: cx, y: cy })));
  return [...corners, { x, y: y1 }, { x, y: y2 }, { x: x1, y }, { x: x2, y }];
}

/** What a press at a point would hold; null beside the box. An edge answers along its whole length. */
export function handleAt(box: Box, at: Point): Handle | null {
  const frame = handleFrame(box);
  const across = side(at.x, frame.x1, frame.x2, 'w', 'e');
  const along = side(at.y, frame.y1, frame.y2, 'n', 's');
  if (across === null || along === null) return null;
  return `${along}${across}` === '' ? 'move' : (`${along}${across}` as Handle);
}

/** Which edge of an axis a position lies on: '' between the two, null outside. */
function side<L extends string, H extends string>(
  at: number,
  low: number,
  high: number,
  l: L,
  h: H,
): L | H | '' | null {
  if (at < low - REACH / 2 || at > high + REACH / 2) return null;
  if (at <= low + REACH / 2) return l;
  return at >= high - REACH / 2 ? h : '';
}

/** The CSS cursor over a handle. */
export function cursorOf(handle: Handle): string {
  return handle === 'move' ? 'move' : `${handle}-resize`;
}
