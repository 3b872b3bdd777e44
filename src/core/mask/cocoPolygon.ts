import type { Size } from '../geometry/box';

/** Outlines are walked in fifths of a pixel. */
const fine = 5;

/**
 * Runs of a polygon down the columns, pixel for pixel as pycocotools draws it (`rleFrPoly` of cocoapi's `maskApi.c`), which differs
 * along the outline from filling by pixel middles. Masks that are compared with published numbers are drawn this way.
 * @param ring x and y in turn, in pixels; what lies outside the picture is left out.
 */
export function cocoPolygonRuns(ring: ArrayLike<number>, { width, height }: Size): Uint32Array {
  const crossings: number[] = [];
  let [beforeX, beforeY] = [Number.NaN, Number.NaN];
  walk(ring, (x, y) => {
    // A step from one fifth of a column into the next is a crossing only at the middle of the pixel.
    if (!Number.isNaN(beforeX) && x !== beforeX) {
      const column = ((x < beforeX ? x : x - 1) + 0.5) / fine - 0.5;
      if (Number.isInteger(column) && column >= 0 && column <= width - 1) {
        const row = (Math.min(y, beforeY) + 0.5) / fine - 0.5;
        crossings.push(column * height + Math.ceil(Math.min(Math.max(row, 0), height)));
      }
    }
    [beforeX, beforeY] = [x, y];
  });
  return runsBetween(Uint32Array.from(crossings).sort(), width * height);
}

/** Every point of the outline, one a fifth of a pixel along the longer side of each edge, corners twice. */
function walk(ring: ArrayLike<number>, visit: (x: number, y: number) => void): void {
  const corners = Math.floor(ring.length / 2);
  const at = (i: number): number => Math.trunc(fine * (ring[i] ?? 0) + 0.5);
  for (let i = 0; i < corners; i++) {
    const next = ((i + 1) % corners) * 2;
    const [fromX, fromY, toX, toY] = [at(i * 2), at(i * 2 + 1), at(next), at(next + 1)];
    const [dx, dy] = [Math.abs(toX - fromX), Math.abs(toY - fromY)];
    const flat = dx >= dy;
    // Both ways along an edge must round alike: points are always counted from the lower end.
    const backwards = flat ? fromX > toX : fromY > toY;
    const [x1, y1, x2, y2] = backwards ? [toX, toY, fromX, fromY] : [fromX, fromY, toX, toY];
    const steps = flat ? dx : dy;
    const slope = steps === 0 ? 0 : (flat ? y2 - y1 : x2 - x1) / steps;
    for (let step = 0; step <= steps; step++) {
      const t = backwards ? steps - step : step;
      if (flat) visit(x1 + t, Math.trunc(y1 + slope * t + 0.5));
      else visit(Math.trunc(x1 + slope * t + 0.5), y1 + t);
    }
  }
}

/** Runs that change at sorted places; a place that stands twice changes nothing. */
function runsBetween(places: Uint32Array, end: number): Uint32Array {
  const runs: number[] = [];
  let from = 0;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    if (place === places[i + 1]) {
      i++;
      continue;
    }
    if (place >= end) break;
    runs.push(place - from);
    from = place;
  }
  runs.push(end - from);
  return Uint32Array.from(runs);
}

/** What lies in at least one of several masks of one picture. */
export function unionRuns(masks: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(0), ...others] = masks;
  return others.reduce(unionOf, first);
}

function unionOf(a: Uint32Array, b: Uint32Array): Uint32Array {
  const runs: number[] = [];
  let [i, j] = [0, 0];
  let [left, right] = [a[0] ?? 0, b[0] ?? 0];
  let value = 0;
  let run = 0;
  while (i < a.length && j < b.length) {
    const step = Math.min(left, right);
    const here = (i & 1) | (j & 1);
    if (step > 0 && here !== value) {
      runs.push(run);
      run = 0;
      value = here;
    }
    run += step;
    left -= step;
    right -= step;
    if (left === 0) left = a[++i] ?? 0;
    if (right === 0) right = b[++j] ?? 0;
  }
  runs.push(run);
  return Uint32Array.from(runs);
}
