/** How a trainer turns the rewards of one group into advantages. */
export type AdvantageEstimator =
  /** (r − mean) / (std + ε). `std`: 'sample' divides by N − 1 (torch's default), 'population' by N. */
  | { readonly kind: 'grpo'; readonly epsilon: number; readonly std: 'sample' | 'population' }
  /** Dr. GRPO: r − mean. */
  | { readonly kind: 'drGrpo' }
  /** Leave one out: r − mean of the others. */
  | { readonly kind: 'rloo' };

/** TRL, VLM-R1, Omni-R1: ε = 1e-4. */
export const trlGrpo: AdvantageEstimator = { kind: 'grpo', epsilon: 1e-4, std: 'sample' };
/** verl, EasyR1: ε = 1e-6. */
export const verlGrpo: AdvantageEstimator = { kind: 'grpo', epsilon: 1e-6, std: 'sample' };

/**
 * Advantages of one group, in the order of its rewards. A reward that is not finite has the advantage NaN and counts
 * for nothing else. Where all that are left are equal, every advantage is exactly 0: the group gives no signal.
 * @param single what a group of one gets: 'zero', or 'reward' (itself), as verl does.
 */
export function groupAdvantages(
  rewards: readonly number[],
  estimator: AdvantageEstimator,
  single: 'zero' | 'reward' = 'zero',
): readonly number[] {
  const finite = rewards.filter(Number.isFinite);
  const n = finite.length;
  if (n === 1 && single === 'reward') return rewards.map((r) => (Number.isFinite(r) ? r : Number.NaN));
  const first = finite[0] ?? 0;
  if (finite.every((r) => r === first)) return rewards.map((r) => (Number.isFinite(r) ? 0 : Number.NaN));
  const mean = finite.reduce((sum, r) => sum + r, 0) / n;
  const divisor = divisorOf(finite, mean, estimator);
  return rewards.map((r) => (Number.isFinite(r) ? (r - mean) / divisor : Number.NaN));
}

/** Standard deviation; NaN for fewer values than it needs (two for 'sample', one for 'population'). */
export function standardDeviation(values: readonly number[], kind: 'sample' | 'population'): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return deviation(values, mean, kind);
}

function divisorOf(finite: readonly number[], mean: number, estimator: AdvantageEstimator): number {
  switch (estimator.kind) {
    case 'grpo':
      return deviation(finite, mean, estimator.std) + estimator.epsilon;
    case 'drGrpo':
      return 1;
    case 'rloo':
      // r − (Σ − r)/(n − 1) is (r − mean) / ((n − 1)/n).
      return (finite.length - 1) / finite.length;
  }
}

function deviation(values: readonly number[], mean: number, kind: 'sample' | 'population'): number {
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const count = kind === 'sample' ? values.length - 1 : values.length;
  return count > 0 ? Math.sqrt(squares / count) : Number.NaN;
}
