import type { Size } from '../geometry/box';

/** A closed line as its corners, in pixels, origin at the top left of the first pixel. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/**
 * Sets the pixels of `mask` whose middles lie inside a polygon by the even-odd rule; those on its border count to one side of
 * two polygons that share it. What lies outside the picture is left out.
 * @param mask row-major, one byte a pixel.
 */
export function fillPolygon(mask: Uint8Array, { width, height }: Size, polygon: Polygon, value = 1): void {
  const rows = polygon.map(([, y]) => y);
  const top = Math.max(0, Math.floor(rows.reduce((a, b) => Math.min(a, b), height)));
  const bottom = Math.min(height, Math.ceil(rows.reduce((a, b) => Math.max(a, b), 0)));
  for (let y = top; y < bottom; y++) {
    const crossings = crossingsAt(polygon, y + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil((crossings[i] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((crossings[i + 1] ?? 0) - 0.5));
      if (to > from) mask.fill(value, y * width + from, y * width + to);
    }
  }
}

function crossingsAt(polygon: Polygon, y: number): number[] {
  const crossings: number[] = [];
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before !== undefined && before[1] > y !== corner[1] > y)
      crossings.push(before[0] + ((y - before[1]) / (corner[1] - before[1])) * (corner[0] - before[0]));
    before = corner;
  }
  return crossings.sort((a, b) => a - b);
}
