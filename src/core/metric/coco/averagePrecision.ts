import { outcomes } from './matchCell';

export interface PrecisionRecall {
  /** Mean of the interpolated precision at 101 recall points, 0–1. */
  readonly ap: number;
  /** Recall that all results together reach, 0–1. */
  readonly recall: number;
}

const points = 101;

/**
 * COCO's interpolated average precision of one category at one threshold.
 * @param ranked outcomes of results, best score first; @param targets annotations to be found, at least one.
 */
export function averagePrecision(ranked: Uint8Array, targets: number): PrecisionRecall {
  const precision = new Float64Array(ranked.length);
  const recall = new Float64Array(ranked.length);
  let length = 0;
  let right = 0;
  let wrong = 0;
  for (const outcome of ranked) {
    if (outcome === outcomes.ignored) continue;
    if (outcome === outcomes.right) right++;
    else wrong++;
    precision[length] = right / (wrong + right + Number.EPSILON);
    recall[length++] = right / targets;
  }
  for (let i = length - 1; i > 0; i--)
    if ((precision[i] ?? 0) > (precision[i - 1] ?? 0)) precision[i - 1] = precision[i] ?? 0;
  let sum = 0;
  let at = 0;
  for (let point = 0; point < points; point++) {
    // `numpy.linspace(0, 1, 101)`.
    const least = point === points - 1 ? 1 : point * 0.01;
    while (at < length && (recall[at] ?? 0) < least) at++;
    if (at === length) break;
    sum += precision[at] ?? 0;
  }
  return { ap: sum / points, recall: length === 0 ? 0 : (recall[length - 1] ?? 0) };
}
