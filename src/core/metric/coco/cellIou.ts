import { type Box, intersectionArea } from '../../geometry/box';
import { boxOfRuns } from '../../mask/runsBox';
import { runsOverlap } from '../../mask/runsIou';
import type { Cell } from './cells';
import type { EvalMask, ResultTable, TruthTable } from './tables';

/**
 * IoU of every result of a cell with every annotation, results × annotations row by row; `count` results. With a crowd the
 * shared area counts against the result's own alone.
 */
export function cellIou(truth: TruthTable, results: ResultTable, cell: Cell, count: number): Float64Array {
  return truth.mask === null || results.mask === null
    ? boxIou(truth, results, cell, count)
    : maskIou(truth, cell, count, truth.mask, results.mask);
}

function boxIou(truth: TruthTable, results: ResultTable, cell: Cell, count: number): Float64Array {
  const targets = cell.truth.length;
  const ious = new Float64Array(count * targets);
  const [a, b] = [results.boxes, truth.boxes];
  for (let i = 0; i < count; i++) {
    const at = (cell.results[i] ?? 0) * 4;
    const [x = 0, y = 0, width = 0, height = 0] = [a[at], a[at + 1], a[at + 2], a[at + 3]];
    for (let j = 0; j < targets; j++) {
      const row = cell.truth[j] ?? 0;
      const to = row * 4;
      const [x2 = 0, y2 = 0, width2 = 0, height2 = 0] = [b[to], b[to + 1], b[to + 2], b[to + 3]];
      const w = Math.min(width + x, width2 + x2) - Math.max(x, x2);
      if (w <= 0) continue;
      const h = Math.min(height + y, height2 + y2) - Math.max(y, y2);
      if (h <= 0) continue;
      const own = width * height;
      // In this order: the last bit decides at a threshold.
      const union = truth.crowd[row] === 1 ? own : own + width2 * height2 - w * h;
      ious[i * targets + j] = (w * h) / union;
    }
  }
  return ious;
}

type Mask = (row: number) => EvalMask;

function maskIou(truth: TruthTable, cell: Cell, count: number, truthMask: Mask, resultMask: Mask): Float64Array {
  const targets = cell.truth.length;
  const ious = new Float64Array(count * targets);
  if (targets === 0) return ious;
  const given = Array.from(cell.truth, (row) => placed(truthMask(row)));
  for (let i = 0; i < count; i++) {
    const row = cell.results[i] ?? 0;
    const found = placed(resultMask(row));
    for (const [j, target] of given.entries())
      ious[i * targets + j] = placedIou(found, target, truth.crowd[cell.truth[j] ?? 0] === 1);
  }
  return ious;
}

interface Placed {
  readonly runs: Uint32Array;
  /** Null for a mask without a pixel. */
  readonly box: Box | null;
}

const placed = ({ runs, height }: EvalMask): Placed => ({ runs, box: boxOfRuns(runs, height) });

/** Runs are walked only where boxes meet: most masks are far from each other. */
function placedIou(found: Placed, target: Placed, crowd: boolean): number {
  if (found.box === null || target.box === null || intersectionArea(found.box, target.box) === 0) return 0;
  const { both, a, b } = runsOverlap(found.runs, target.runs);
  return both / (crowd ? a : a + b - both);
}
