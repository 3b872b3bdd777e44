import type { Cell } from './cells';
import type { AreaRange, ResultTable, TruthTable } from './tables';

/** What became of a result. */
export const outcomes = { wrong: 0, right: 1, ignored: 2 } as const;

export interface Matched {
  /** One of `outcomes`, thresholds × results row by row, results in the cell's order. */
  readonly outcome: Uint8Array;
  /** 1 for an annotation that a result took, thresholds × annotations, annotations in the cell's order. */
  readonly taken: Uint8Array;
  /** 1 for an annotation that is not to be found. */
  readonly ignored: Uint8Array;
  /** Annotations that are to be found. */
  readonly targets: number;
}

/**
 * Matches the results of a cell with its annotations as pycocotools' `evaluateImg`: in the order of their scores each takes the
 * free annotation with the largest IoU, of equals the last one, and one to be ignored only where no other fits.
 * @param ious as `cellIou` gives them, of `count` results.
 */
export function matchCell(
  truth: TruthTable,
  results: ResultTable,
  cell: Cell,
  ious: Float64Array,
  count: number,
  area: AreaRange,
  thresholds: readonly number[],
): Matched {
  const targets = cell.truth.length;
  const ignored = Uint8Array.from(cell.truth, (row) =>
    truth.ignore[row] === 1 || isOutside(truth.areas[row], area) ? 1 : 0,
  );
  // Those that count come first, in the order of the file.
  const order = [...ignored.keys()].sort((a, b) => (ignored[a] ?? 0) - (ignored[b] ?? 0));
  const outcome = new Uint8Array(thresholds.length * count);
  const all = new Uint8Array(thresholds.length * targets);
  const lowest = Math.min(...thresholds, 1 - 1e-10);
  // Most results lie on nothing, whatever the threshold.
  const mayMatch = Uint8Array.from({ length: count }, (_, i) => (reaches(ious, i, targets, lowest) ? 1 : 0));
  const ofNoAccount = Uint8Array.from({ length: count }, (_, i) => {
    const row = cell.results[i] ?? 0;
    return isOutside(results.areas[row], area) || results.lenient?.[row] === 1 ? 1 : 0;
  });
  for (const [t, threshold] of thresholds.entries()) {
    const taken = all.subarray(t * targets, (t + 1) * targets);
    const free = { truth, cell, ious, order, ignored, taken, targets };
    for (let i = 0; i < count; i++) {
      // pycocotools lowers it so that a threshold of 1 can be met.
      const match = mayMatch[i] === 1 ? bestMatch(free, i, Math.min(threshold, 1 - 1e-10)) : -1;
      if (match >= 0) taken[match] = 1;
      const matched = match >= 0 && truth.zeroId[cell.truth[match] ?? 0] === 0;
      if (match >= 0 && ignored[match] === 1) outcome[t * count + i] = outcomes.ignored;
      else if (matched) outcome[t * count + i] = outcomes.right;
      else outcome[t * count + i] = ofNoAccount[i] === 1 ? outcomes.ignored : outcomes.wrong;
    }
  }
  return { outcome, taken: all, ignored, targets: ignored.reduce((sum, one) => sum + 1 - one, 0) };
}

interface FreeTruth {
  readonly truth: TruthTable;
  readonly cell: Cell;
  readonly ious: Float64Array;
  readonly order: readonly number[];
  readonly ignored: Uint8Array;
  readonly taken: Uint8Array;
  readonly targets: number;
}

/** The annotation that result `i` takes, by its place in the cell; −1 for none. */
function bestMatch(
  { truth, cell, ious, order, ignored, taken, targets }: FreeTruth,
  i: number,
  threshold: number,
): number {
  let best = threshold;
  let match = -1;
  for (const j of order) {
    if (taken[j] === 1 && truth.crowd[cell.truth[j] ?? 0] === 0) continue;
    if (match >= 0 && ignored[match] === 0 && ignored[j] === 1) break;
    const value = ious[i * targets + j] ?? 0;
    if (value < best) continue;
    best = value;
    match = j;
  }
  return match;
}

function reaches(ious: Float64Array, i: number, targets: number, least: number): boolean {
  for (let j = i * targets; j < (i + 1) * targets; j++) if ((ious[j] ?? 0) >= least) return true;
  return false;
}

function isOutside(value = Number.NaN, { from, to }: AreaRange): boolean {
  return value < from || value > to;
}
