import type { Size } from '../geometry/box';

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Sets the pixels of `mask` whose middles lie within `radius` of a stroke, a line through `points`. Only rows and columns under the
 * stroke are touched, however large the picture.
 * @param mask row-major, one byte a pixel.
 * @param points in pixels, origin at the top left of the first pixel.
 */
export function paintStroke(
  mask: Uint8Array,
  size: Size,
  points: readonly Point[],
  radius: number,
  value: 0 | 1,
): void {
  for (const [i, to] of points.entries()) paintCapsule(mask, size, points[i - 1] ?? to, to, radius, value);
}

/** All within `radius` of the line from `a` to `b`: a convex shape, one run of pixels in each row. */
function paintCapsule(mask: Uint8Array, { width, height }: Size, a: Point, b: Point, radius: number, value: 0 | 1) {
  const top = Math.max(0, Math.ceil(Math.min(a.y, b.y) - radius - 0.5));
  const bottom = Math.min(height - 1, Math.floor(Math.max(a.y, b.y) + radius - 0.5));
  const sides = sidesOf(a, b, radius);
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const end of [a, b]) {
      const reach = radius * radius - (y - end.y) ** 2;
      if (reach < 0) continue;
      low = Math.min(low, end.x - Math.sqrt(reach));
      high = Math.max(high, end.x + Math.sqrt(reach));
    }
    for (const [from, to] of sides) {
      if (from.y > y === to.y > y) continue;
      const x = from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    const first = Math.max(0, Math.ceil(low - 0.5));
    const last = Math.min(width - 1, Math.floor(high - 0.5));
    if (last >= first) mask.fill(value, row * width + first, row * width + last + 1);
  }
}

/** The straight sides of the shape. */
function sidesOf(a: Point, b: Point, radius: number): readonly (readonly [Point, Point])[] {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return [];
  const [dx, dy] = [(-(b.y - a.y) / length) * radius, ((b.x - a.x) / length) * radius];
  return [1, -1].map((side) => [
    { x: a.x + side * dx, y: a.y + side * dy },
    { x: b.x + side * dx, y: b.y + side * dy },
  ]);
}
