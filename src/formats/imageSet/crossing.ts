import type { Point } from '../../core/dataset/shape';

/** Beyond this many corners nobody is told: comparing every pair of sides would cost more than it tells. */
const mostCorners = 400;

/** Whether two sides of a closed ring cross, apart from corners that they share. */
export function crossesItself(ring: readonly Point[]): boolean {
  const { length } = ring;
  if (length < 4 || length > mostCorners) return false;
  for (let i = 0; i + 2 < length; i++) {
    // The last side meets the first in their corner.
    const last = i === 0 ? length - 1 : length;
    for (let k = i + 2; k < last; k++) if (sidesCross(ring, i, k)) return true;
  }
  return false;
}

function sidesCross(ring: readonly Point[], i: number, k: number): boolean {
  const [a, b, c, d] = [ring[i], ring[i + 1], ring[k], ring[(k + 1) % ring.length]];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return false;
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Positive where `c` lies to the right of the way from `a` to `b`, y down; 0 on it. */
function turn(a: Point, b: Point, c: Point): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}
