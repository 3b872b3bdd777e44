import { averagePrecision, type PrecisionRecall } from './averagePrecision';
import { cellIou } from './cellIou';
import { byScore, type CategoryCells, categoryCells } from './cells';
import { matchCell } from './matchCell';
import type { EvalOptions, ResultTable, TruthTable } from './tables';

/** Of one category; null where it has no annotation to be found in that area range. */
export interface CategoryEvaluation {
  /** Ordinal; −1 where all categories are one. */
  readonly category: number;
  /** Annotations to be found, by area range. */
  readonly targets: readonly number[];
  at(threshold: number, area: number, maxDetections: number): PrecisionRecall | null;
}

export interface Evaluation {
  readonly options: EvalOptions;
  readonly categories: readonly CategoryEvaluation[];
}

/**
 * Average precision and recall as pycocotools' `COCOeval` computes them (`evaluate` and `accumulate`), for boxes or, where
 * tables give masks, for masks. Indices of `at` are places in the options' lists.
 */
export function evaluate(truth: TruthTable, results: ResultTable, options: EvalOptions): Evaluation {
  const categories = categoryCells(truth, results, options.agnostic).map((cells) =>
    evaluateCategory(truth, results, cells, options),
  );
  return { options, categories };
}

/** What became of a category's results, in the order of cells. */
interface Outcomes {
  readonly rows: Int32Array;
  /** Place of each within its image. */
  readonly ranks: Int32Array;
  /** By area range: thresholds × results. */
  readonly outcome: readonly Uint8Array[];
  readonly targets: readonly number[];
}

function evaluateCategory(
  truth: TruthTable,
  results: ResultTable,
  cells: CategoryCells,
  options: EvalOptions,
): CategoryEvaluation {
  const { iouThresholds, areas, maxDetections } = options;
  const { rows, ranks, outcome, targets } = outcomesOf(truth, results, cells, options);
  const order = Int32Array.from(rows.keys()).sort((a, b) => byScore(results.scores, rows[a] ?? 0, rows[b] ?? 0));
  const found = maxDetections.map((most) => {
    const kept = order.filter((i) => (ranks[i] ?? 0) < most);
    const ranked = new Uint8Array(kept.length);
    return areas.map((_, area) => {
      const wanted = targets[area] ?? 0;
      const all = outcome[area] ?? new Uint8Array(0);
      return iouThresholds.map((_threshold, t) => {
        if (wanted === 0) return null;
        const from = t * rows.length;
        for (let i = 0; i < kept.length; i++) ranked[i] = all[from + (kept[i] ?? 0)] ?? 0;
        return averagePrecision(ranked, wanted);
      });
    });
  });
  return { category: cells.category, targets, at: (t, area, most) => found[most]?.[area]?.[t] ?? null };
}

function outcomesOf(
  truth: TruthTable,
  results: ResultTable,
  { cells }: CategoryCells,
  { iouThresholds, areas, maxDetections }: EvalOptions,
): Outcomes {
  const most = maxDetections.at(-1) ?? 0;
  const counts = cells.map((cell) => Math.min(most, cell.results.length));
  const total = counts.reduce((a, b) => a + b, 0);
  const rows = new Int32Array(total);
  const ranks = new Int32Array(total);
  const outcome = areas.map(() => new Uint8Array(total * iouThresholds.length));
  const targets = areas.map(() => 0);
  let start = 0;
  for (const [c, cell] of cells.entries()) {
    const count = counts[c] ?? 0;
    const ious = cellIou(truth, results, cell, count);
    for (const [a, area] of areas.entries()) {
      const matched = matchCell(truth, results, cell, ious, count, area, iouThresholds);
      targets[a] = (targets[a] ?? 0) + matched.targets;
      for (let t = 0; t < iouThresholds.length; t++)
        outcome[a]?.set(matched.outcome.subarray(t * count, (t + 1) * count), t * total + start);
    }
    for (let i = 0; i < count; i++) {
      rows[start + i] = cell.results[i] ?? 0;
      ranks[start + i] = i;
    }
    start += count;
  }
  return { rows, ranks, outcome, targets };
}
