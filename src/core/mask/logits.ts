import type { Box, Size } from '../geometry/box';
import { RunList } from './cocoMask';

/** Scores of a mask row by row, before the threshold. */
export interface LogitGrid {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * The part of a grid that an image occupies, at another size: bilinear with pixel centres at halves and edges held
 * (`F.interpolate(…, mode='bilinear', align_corners=False)` of the whole grid to `whole`, then cut to `kept`), as SAM's
 * `postprocess_masks` takes away its padding.
 */
export function unpadded(grid: LogitGrid, whole: Size, kept: Size): LogitGrid {
  const columns = taps(grid.width, whole.width, 0, kept.width);
  const rows = taps(grid.height, whole.height, 0, kept.height);
  const data = new Float32Array(kept.width * kept.height);
  const { width: stride, data: from } = grid;
  for (let y = 0, to = 0; y < kept.height; y++) {
    const [top, bottom, down] = [(rows.first[y] ?? 0) * stride, (rows.second[y] ?? 0) * stride, rows.share[y] ?? 0];
    for (let x = 0; x < kept.width; x++, to++) {
      const [left, right, across] = [columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0];
      const upper = mix(from[top + left] ?? 0, from[top + right] ?? 0, across);
      const lower = mix(from[bottom + left] ?? 0, from[bottom + right] ?? 0, across);
      data[to] = mix(upper, lower, down);
    }
  }
  return { ...kept, data };
}

/**
 * Runs, down the columns, of the mask of a whole image: above `threshold` in `cut`, the whole pixels that the grid covers, after
 * bilinear scaling to them; nothing outside. Where two neighbours of a column are on one side, so is all between them: only
 * borders are computed pixel by pixel, and no picture is ever made.
 */
export function runsOfLogits(grid: LogitGrid, cut: Box, image: Size, threshold: number): Uint32Array {
  const runs = new RunList();
  const [width, height] = [cut.x2 - cut.x1, cut.y2 - cut.y1];
  const columns = taps(grid.width, width, 0, width);
  const spans = spansOf(grid.height, height);
  const { first, last } = reachOf(grid, threshold);
  const column = new Float32Array(grid.height);
  runs.add(0, cut.x1 * image.height);
  for (let x = 0; x < width; x++) {
    const [left, right, across] = [columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0];
    // Between two columns nothing is in the mask that is not next to something of one of them.
    const from = Math.max(0, Math.min(first[left] ?? 0, first[right] ?? 0) - 1);
    const to = Math.min(grid.height, Math.max(last[left] ?? 0, last[right] ?? 0) + 2);
    if (to <= from) {
      runs.add(0, image.height);
      continue;
    }
    for (let y = from, at = from * grid.width; y < Math.min(grid.height, to + 1); y++, at += grid.width)
      column[y] = mix(grid.data[at + left] ?? 0, grid.data[at + right] ?? 0, across) - threshold;
    const top = spans[from] ?? 0;
    const bottom = spans[to] ?? height;
    runs.add(0, cut.y1 + top);
    addColumn(runs, column, spans, height, from, to);
    runs.add(0, height - bottom + image.height - cut.y2);
  }
  runs.add(0, (image.width - cut.x2) * image.height);
  return runs.finish();
}

/** Of each column of the grid its first and last row above the threshold; an empty one has its first behind its last. */
function reachOf({ width, height, data }: LogitGrid, threshold: number) {
  const first = new Int32Array(width).fill(height + 2);
  const last = new Int32Array(width).fill(-3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((data[at] ?? 0) <= threshold) continue;
      if (y < (first[x] ?? 0)) first[x] = y;
      last[x] = y;
    }
  }
  return { first, last };
}

/** Of each grid row the first pixel whose upper neighbour in the grid it is; one more at the end. */
function spansOf(rows: number, height: number): Int32Array {
  const spans = new Int32Array(rows + 1).fill(height);
  for (let row = 0; row < rows; row++) {
    const first = Math.ceil((row + 0.5) * (height / rows) - 0.5);
    spans[row] = row === 0 ? 0 : Math.min(height, Math.max(0, first));
  }
  return spans;
}

function addColumn(
  runs: RunList,
  column: Float32Array,
  spans: Int32Array,
  height: number,
  first: number,
  behind: number,
): void {
  const rows = column.length;
  for (let row = first; row < behind; row++) {
    const from = spans[row] ?? height;
    const to = spans[row + 1] ?? height;
    if (to <= from) continue;
    const upper = column[row] ?? 0;
    const lower = column[Math.min(row + 1, rows - 1)] ?? 0;
    if (upper > 0 === lower > 0) {
      runs.add(upper > 0 ? 1 : 0, to - from);
      continue;
    }
    for (let y = from; y < to; y++) {
      const share = Math.max(0, ((y + 0.5) * rows) / height - 0.5 - row);
      runs.add(mix(upper, lower, share) > 0 ? 1 : 0, 1);
    }
  }
}

interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** For each of `count` pixels from `start` of a side scaled from `from` to `to`: its two neighbours and the second's share. */
function taps(from: number, to: number, start: number, count: number): Taps {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.max(0, ((start + i + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(at));
    first[i] = low;
    second[i] = Math.min(from - 1, low + 1);
    share[i] = at - low;
  }
  return { first, second, share };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/**
 * SAM's stability score: pixels above `threshold + offset` for each above `threshold − offset`; null of a grid without any.
 */
export function stabilityOf({ data }: LogitGrid, threshold: number, offset = 1): number | null {
  let inner = 0;
  let outer = 0;
  for (let at = 0; at < data.length; at++) {
    const value = (data[at] ?? 0) - threshold;
    if (value > offset) inner++;
    if (value > -offset) outer++;
  }
  return outer === 0 ? null : inner / outer;
}
