import type { Box, Size } from '../geometry/box';
import { RunList } from './cocoMask';
import { ColumnChanges } from './columnChanges';

/** Scores of a mask row by row, before the threshold. */
export interface LogitGrid {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  /**
   * Cells from the first on that the image occupies, a part of a cell as its share; all without it. What is beyond is padding, which SAM's
   * `postprocess_masks` takes away: here it is never scaled.
   */
  readonly covered?: Size;
}

/**
 * Runs, down the columns, of the mask of a whole image: above `threshold` in `cut`, the whole pixels that the grid covers, after
 * bilinear scaling to them; nothing outside. Between four neighbours on one side everything is on that side: only where columns of
 * the grid change, or differ from the next, are pixels computed, and no picture is ever made.
 */
export function runsOfLogits(grid: LogitGrid, cut: Box, image: Size, threshold: number): Uint32Array {
  const runs = new RunList();
  const [width, height] = [cut.x2 - cut.x1, cut.y2 - cut.y1];
  const covered = grid.covered ?? grid;
  const columns = taps(grid.width, covered.width, width);
  const scaled: Scaled = {
    grid,
    threshold,
    spans: spansOf(grid.height, covered.height, height),
    cellsAPixel: covered.height / height,
    height,
    changes: changesOf(grid, threshold),
  };
  runs.add(0, cut.x1 * image.height);
  for (let x = 0; x < width; x++) {
    runs.add(0, cut.y1);
    addColumn(runs, scaled, columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0);
    runs.add(0, image.height - cut.y2);
  }
  runs.add(0, (image.width - cut.x2) * image.height);
  return runs.finish();
}

interface Scaled {
  readonly grid: LogitGrid;
  readonly threshold: number;
  /** Of each row of the grid its first pixel, and one more. */
  readonly spans: Int32Array;
  readonly cellsAPixel: number;
  /** In pixels. */
  readonly height: number;
  /** Where columns of the grid cross the threshold. */
  readonly changes: ColumnChanges;
}

function changesOf({ width, height, data }: LogitGrid, threshold: number): ColumnChanges {
  const changes = new ColumnChanges(width);
  for (let y = 1, at = width; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((data[at] ?? 0) > threshold !== (data[at - width] ?? 0) > threshold) changes.push(x, y);
    }
  }
  return changes;
}

/** Of each grid row the first pixel whose upper neighbour in the grid it is; one more at the end. */
function spansOf(rows: number, covered: number, height: number): Int32Array {
  const spans = new Int32Array(rows + 1).fill(height);
  for (let row = 0; row < rows; row++) {
    const first = Math.ceil((row + 0.5) * (height / covered) - 0.5);
    spans[row] = row === 0 ? 0 : Math.min(height, Math.max(0, first));
  }
  return spans;
}

/** One column of pixels between two of the grid, `share` of the way to the second. */
function addColumn(runs: RunList, scaled: Scaled, left: number, right: number, share: number): void {
  const { grid, threshold, spans, changes } = scaled;
  const { data, height: rows } = grid;
  let inLeft = (data[left] ?? 0) > threshold;
  let inRight = (data[right] ?? 0) > threshold;
  let [nextLeft, nextRight] = [changes.first(left), changes.first(right)];
  for (let row = 0; row < rows; ) {
    const leftAt = nextLeft === 0 ? rows : changes.row(nextLeft);
    const rightAt = nextRight === 0 ? rows : changes.row(nextRight);
    const end = Math.min(leftAt, rightAt);
    // Cells down to the last row before a change have four corners on one side, where both columns are.
    const known = inLeft === inRight ? (end === rows ? end : end - 1) : row;
    runs.add(inLeft ? 1 : 0, known > row ? (spans[known] ?? 0) - (spans[row] ?? 0) : 0);
    for (let cell = Math.max(row, known); cell < end; cell++) addCell(runs, scaled, left, right, share, cell);
    if (leftAt === end) {
      inLeft = !inLeft;
      nextLeft = changes.next(nextLeft);
    }
    if (rightAt === end) {
      inRight = !inRight;
      nextRight = changes.next(nextRight);
    }
    row = end;
  }
}

/** Pixels between one row of the grid and the next. */
function addCell(runs: RunList, scaled: Scaled, left: number, right: number, share: number, row: number): void {
  const { grid, threshold, spans, height, cellsAPixel } = scaled;
  const from = spans[row] ?? height;
  const to = spans[row + 1] ?? height;
  if (to <= from) return;
  const [here, below] = [row * grid.width, Math.min(row + 1, grid.height - 1) * grid.width];
  const upper = mix(grid.data[here + left] ?? 0, grid.data[here + right] ?? 0, share) - threshold;
  const lower = mix(grid.data[below + left] ?? 0, grid.data[below + right] ?? 0, share) - threshold;
  if (upper > 0 === lower > 0) {
    runs.add(upper > 0 ? 1 : 0, to - from);
    return;
  }
  for (let y = from; y < to; y++) {
    const down = Math.max(0, (y + 0.5) * cellsAPixel - 0.5 - row);
    runs.add(mix(upper, lower, down) > 0 ? 1 : 0, 1);
  }
}

interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** For each of `count` pixels, to which `covered` of a side's cells are scaled: its two neighbours and the second's share. */
function taps(cells: number, covered: number, count: number): Taps {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.max(0, ((i + 0.5) * covered) / count - 0.5);
    const low = Math.min(cells - 1, Math.floor(at));
    first[i] = low;
    second[i] = Math.min(cells - 1, low + 1);
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
