/** Columns and rows that a mask touches, ends exclusive; without area for an empty one. */
export interface RunBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Box around a mask that is given as runs down columns of `height` pixels. */
export function runBox(runs: Uint32Array, height: number): RunBox {
  let [x1, y1, x2, y2] = [Number.POSITIVE_INFINITY, height, 0, 0];
  let at = 0;
  for (let run = 0; run + 1 < runs.length; run += 2) {
    const from = at + (runs[run] ?? 0);
    at = from + (runs[run + 1] ?? 0);
    if (at === from) continue;
    const [first, last] = [Math.floor(from / height), Math.floor((at - 1) / height)];
    if (first < x1) x1 = first;
    if (last + 1 > x2) x2 = last + 1;
    // A run that goes on into the next column touches its top and the foot of its own.
    y1 = first < last ? 0 : Math.min(y1, from % height);
    y2 = first < last ? height : Math.max(y2, ((at - 1) % height) + 1);
  }
  return x2 === 0 ? { x1: 0, y1: 0, x2: 0, y2: 0 } : { x1, y1, x2, y2 };
}

export function meet(a: RunBox, b: RunBox): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
}

/**
 * IoU of two masks of one image from their runs, without a pixel drawn; 0 for two empty ones. `crowd`: over the area of
 * `found` alone.
 */
export function runsIou(found: Uint32Array, truth: Uint32Array, crowd: boolean): number {
  let shared = 0;
  let own = 0;
  let other = 0;
  let [i, j] = [0, 0];
  let [left, right] = [found[0] ?? 0, truth[0] ?? 0];
  while (i < found.length && j < truth.length) {
    const step = Math.min(left, right);
    if ((i & 1) === 1) {
      own += step;
      if ((j & 1) === 1) shared += step;
    }
    if ((j & 1) === 1) other += step;
    left -= step;
    right -= step;
    if (left === 0) left = found[++i] ?? 0;
    if (right === 0) right = truth[++j] ?? 0;
  }
  const union = crowd ? own : own + other - shared;
  return union === 0 ? 0 : shared / union;
}
