import { cellIou } from './cellIou';
import { categoryCells } from './cells';
import { matchCell, outcomes } from './matchCell';
import type { AreaRange, ResultTable, TruthTable } from './tables';

export interface DiagnosisOptions {
  /** IoU from which on an annotation is found: 0.5, SODA's 0.1. */
  readonly threshold: number;
  /** IoU from which on something lay near an annotation that was not found; the paper does not state its own. */
  readonly near: number;
  readonly area: AreaRange;
  /** Results kept an image and category. */
  readonly maxDetections: number;
  readonly agnostic: boolean;
}

/** What became of annotations and results at one threshold, after the table of ACTIVE-O3's appendix. */
export interface Diagnosis {
  /** Annotations to be found. */
  readonly targets: number;
  readonly found: number;
  /** Not found, but a result lay on it with an IoU of at least `near`. */
  readonly poorlyLocalised: number;
  /** Not found, and nothing lay on it. */
  readonly missed: number;
  /** Results that found nothing of their own. */
  readonly wrong: number;
  /** Null where nothing was named, or nothing is to be found. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Mean over annotations of the largest IoU that any result has with it; null without annotations. */
  readonly meanIou: number | null;
}

/** Results are taken in the order of their scores; those of equal scores in the order of the file. */
export function diagnose(truth: TruthTable, results: ResultTable, options: DiagnosisOptions): Diagnosis {
  const { threshold, near, area, maxDetections, agnostic } = options;
  const sum = { targets: 0, found: 0, poor: 0, right: 0, wrong: 0, iou: 0 };
  for (const { cells } of categoryCells(truth, results, agnostic)) {
    for (const cell of cells) {
      const count = Math.min(maxDetections, cell.results.length);
      const ious = cellIou(truth, results, cell, count);
      const { outcome, taken, ignored, targets } = matchCell(truth, results, cell, ious, count, area, [threshold]);
      sum.targets += targets;
      for (const one of outcome) {
        if (one === outcomes.right) sum.right++;
        else if (one === outcomes.wrong) sum.wrong++;
      }
      for (const [j, skip] of ignored.entries()) {
        if (skip === 1) continue;
        const best = largest(ious, j, ignored.length);
        sum.iou += best;
        if (taken[j] === 1) sum.found++;
        else if (best >= near && best > 0) sum.poor++;
      }
    }
  }
  const { targets, found, poor, right, wrong } = sum;
  return {
    targets,
    found,
    poorlyLocalised: poor,
    missed: targets - found - poor,
    wrong,
    precision: right + wrong === 0 ? null : right / (right + wrong),
    recall: targets === 0 ? null : found / targets,
    f1: targets === 0 || right + wrong === 0 ? null : (2 * right) / (right + wrong + targets),
    meanIou: targets === 0 ? null : sum.iou / targets,
  };
}

function largest(ious: Float64Array, column: number, columns: number): number {
  let best = 0;
  for (let at = column; at < ious.length; at += columns) best = Math.max(best, ious[at] ?? 0);
  return best;
}
