/** How a trainer turns the rewards of one group into advantages. */
export type AdvantageEstimator =
  /** (r − mean) / (std + ε). `std`: 'sample' divides by N − 1 (torch's default), 'population' by N. */
  | { readonly kind: 'grpo'; readonly epsilon: number; readonly std: 'sample' | 'population' }
  /** Dr. GRPO: r − mean. */
  | { readonly kind: 'drGrpo' }
  /** Leave one out: r − mean of the others. */
  | { readonly kind: 'rloo' }
  /** (r − group mean) / (std over all rewards of the batch + ε), sample std: TRL's `scale_rewards="batch"`. */
  | { readonly kind: 'batch'; readonly epsilon: number };

/** TRL, VLM-R1, Omni-R1: ε = 1e-4. */
export const trlGrpo: AdvantageEstimator = { kind: 'grpo', epsilon: 1e-4, std: 'sample' };
/** verl, EasyR1: ε = 1e-6. */
export const verlGrpo: AdvantageEstimator = { kind: 'grpo', epsilon: 1e-6, std: 'sample' };
/** TRL with `scale_rewards="batch"`. */
export const trlBatch: AdvantageEstimator = { kind: 'batch', epsilon: 1e-4 };

/**
 * Advantages of one group, in the order of its rewards. A reward that is not finite has the advantage NaN and counts
 * for nothing else. Where all that are left are equal, every advantage is exactly 0: the group gives no signal.
 * @param single what a group of one gets: 'zero', or 'reward' as verl does, which takes 0 for its mean and 1 for its std.
 * @param batch every reward of the batch, for the estimator `batch`; the group's own without it.
 */
export function groupAdvantages(
  rewards: readonly number[],
  estimator: AdvantageEstimator,
  single: 'zero' | 'reward' = 'zero',
  batch: readonly number[] = rewards,
): readonly number[] {
  const finite = rewards.filter(Number.isFinite);
  const n = finite.length;
  const each = (of: (reward: number) => number) => rewards.map((r) => (Number.isFinite(r) ? of(r) : Number.NaN));
  if (n === 1 && single === 'reward') {
    const divisor = estimator.kind === 'grpo' ? 1 + estimator.epsilon : 1;
    return each((r) => r / divisor);
  }
  const first = finite[0] ?? 0;
  if (finite.every((r) => r === first)) return each(() => 0);
  const mean = finite.reduce((sum, r) => sum + r, 0) / n;
  const divisor = divisorOf(finite, mean, estimator, batch);
  return each((r) => (r - mean) / divisor);
}

/** A component of a trainer's total with its weight. */
export interface WeightedComponent {
  readonly value: number;
  readonly weight: number;
}

/**
 * TRL's total of a rollout (`GRPOTrainer._generate_and_score_completions`): Σ weight · value, where NaN means that a reward
 * function did not apply. NaN when none applied.
 */
export function trlTotal(components: readonly WeightedComponent[]): number {
  const applied = components.filter(({ value }) => !Number.isNaN(value));
  if (applied.length === 0) return Number.NaN;
  return applied.reduce((sum, { value, weight }) => sum + weight * value, 0);
}

/** Standard deviation; NaN for fewer values than it needs (two for 'sample', one for 'population'). */
export function standardDeviation(values: readonly number[], kind: 'sample' | 'population'): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return deviation(values, mean, kind);
}

function divisorOf(
  finite: readonly number[],
  mean: number,
  estimator: AdvantageEstimator,
  batch: readonly number[],
): number {
  switch (estimator.kind) {
    case 'grpo':
      return deviation(finite, mean, estimator.std) + estimator.epsilon;
    case 'drGrpo':
      return 1;
    case 'rloo':
      // r − (Σ − r)/(n − 1) is (r − mean) / ((n − 1)/n).
      return (finite.length - 1) / finite.length;
    case 'batch':
      return standardDeviation(batch.filter(Number.isFinite), 'sample') + estimator.epsilon;
  }
}

function deviation(values: readonly number[], mean: number, kind: 'sample' | 'population'): number {
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const count = kind === 'sample' ? values.length - 1 : values.length;
  return count > 0 ? Math.sqrt(squares / count) : Number.NaN;
}
