import { type Box, iou } from '../geometry/box';
import { assign } from './assignment';

/** Terms of Omni-R1's total with the weights of its launch script (code at 1de42f8): α 1, 0, 1, 2. */
export interface OmniR1Weights {
  readonly keyframes: number;
  readonly ratio: number;
  readonly alignment: number;
  readonly global: number;
}
export const omniR1Launch: OmniR1Weights = { keyframes: 1, ratio: 0, alignment: 1, global: 2 };

/** Frame-count term: 0.4 · n for n ≤ 4 frames, then 0.4 · (4 − (n − 4) − 1). */
export function frameCountTerm(frames: number): number {
  return frames <= 4 ? 0.4 * frames : 0.4 * (4 - (frames - 4) - 1);
}

/**
 * Overlap term: a description of more than one frame costs 0.2 a further frame, a frame named twice 0.5.
 * @param spans frame indices chosen by each answer object.
 */
export function overlapTerm(spans: readonly (readonly number[])[]): number {
  const long = spans.reduce((sum, frames) => sum + Math.min(0, (1 - frames.length) * 0.2), 0);
  const seen = new Set<number>();
  let twice = 0;
  for (const frame of spans.flat()) {
    if (seen.has(frame)) twice++;
    seen.add(frame);
  }
  return long - 0.5 * twice;
}

/**
 * Alignment term R_A: boxes of each frame are matched to the true ones with the largest total IoU (Hungarian), the frame's
 * value is the mean IoU over the larger of both counts, and the term the mean over frames. NaN without a frame that has
 * true boxes.
 */
export function alignmentTerm(
  frames: readonly { readonly predicted: readonly Box[]; readonly truth: readonly Box[] }[],
): number {
  const scored = frames.filter(({ truth }) => truth.length > 0).map(frameAlignment);
  return scored.reduce((sum, value) => sum + value, 0) / scored.length;
}

function frameAlignment({ predicted, truth }: { readonly predicted: readonly Box[]; readonly truth: readonly Box[] }) {
  const gains = predicted.map((box) => truth.map((target) => iou(box, target)));
  const matched = assign(gains).reduce((sum, column, row) => sum + (column < 0 ? 0 : (gains[row]?.[column] ?? 0)), 0);
  return matched / Math.max(predicted.length, truth.length);
}

/** α_K · R_K + α_K,ratio · saliency + α_A · R_A + α_G · R_G; NaN where a term with a weight is. */
export function omniR1Total(
  terms: { readonly keyframes: number; readonly ratio: number; readonly alignment: number; readonly global: number },
  weights: OmniR1Weights = omniR1Launch,
): number {
  const term = (value: number, weight: number): number => (weight === 0 ? 0 : weight * value);
  return (
    term(terms.keyframes, weights.keyframes) +
    term(terms.ratio, weights.ratio) +
    term(terms.alignment, weights.alignment) +
    term(terms.global, weights.global)
  );
}
