import type { Box, Size } from '../../../src/core/geometry/box';
import { ordered } from '../view';
import type { Handle } from './handles';

/**
 * A box after a handle was moved by (`dx`, `dy`), all in original pixels. What moved lies on whole pixels and inside the
 * image; corners come out ordered when an edge was pulled over the opposite one, and at least a pixel apart.
 */
export function changeBox(box: Box, handle: Handle, dx: number, dy: number, image: Size): Box {
  const { x1, y1, x2, y2 } = ordered(box);
  if (handle === 'move') {
    const [width, height] = [Math.min(x2 - x1, image.width), Math.min(y2 - y1, image.height)];
    const [x, y] = [clamped(x1 + dx, image.width - width), clamped(y1 + dy, image.height - height)];
    return { x1: x, y1: y, x2: x + width, y2: y + height };
  }
  const across = resized(x1, x2, dx, image.width, handle.includes('w'), handle.includes('e'));
  const along = resized(y1, y2, dy, image.height, handle.startsWith('n'), handle.startsWith('s'));
  return { x1: across.low, y1: along.low, x2: across.high, y2: along.high };
}

export function sameBox(a: Box, b: Box): boolean {
  return a.x1 === b.x1 && a.y1 === b.y1 && a.x2 === b.x2 && a.y2 === b.y2;
}

function resized(
  low: number,
  high: number,
  by: number,
  end: number,
  movesLow: boolean,
  movesHigh: boolean,
): { low: number; high: number } {
  if (!movesLow && !movesHigh) return { low, high };
  const [fixed, moved] = movesLow ? [high, clamped(low + by, end)] : [low, clamped(high + by, end)];
  if (Math.abs(moved - fixed) >= 1) return { low: Math.min(fixed, moved), high: Math.max(fixed, moved) };
  const back = movesLow ? fixed >= 1 : fixed + 1 > end;
  return back ? { low: fixed - 1, high: fixed } : { low: fixed, high: fixed + 1 };
}

function clamped(value: number, end: number): number {
  return Math.min(Math.max(0, end), Math.max(0, Math.round(value)));
}
