import type { Box } from '../geometry/box';

/**
 * Columns and rows that hold a pixel of a mask, whose runs go down the columns (`rleToBbox` of cocoapi's `maskApi.c`); null for a
 * mask without one.
 */
export function boxOfRuns(runs: Uint32Array, height: number): Box | null {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -1, -1];
  let at = 0;
  for (let run = 0; run < runs.length; run++) {
    const [from, last] = [at, at + (runs[run] ?? 0) - 1];
    at = last + 1;
    if (run % 2 === 0 || last < from) continue;
    const [first, end] = [Math.floor(from / height), Math.floor(last / height)];
    x1 = Math.min(x1, first);
    x2 = Math.max(x2, end);
    // A run that reaches into the next column touches the picture's upper and lower edge.
    y1 = Math.min(y1, first === end ? from % height : 0);
    y2 = Math.max(y2, first === end ? last % height : height - 1);
  }
  return x2 < 0 ? null : { x1, y1, x2: x2 + 1, y2: y2 + 1 };
}
