import { quantile } from './quantile';

/**
 * pass@k of one sample, unbiased: 1 − C(n − c, k) / C(n, k) for `right` of `n` rollouts (Chen et al. 2021, *Evaluating Large
 * Language Models Trained on Code*, as the product that does not overflow). NaN when there are fewer than k rollouts.
 */
export function passAtK(n: number, right: number, k: number): number {
  if (n < k || k < 1) return Number.NaN;
  if (n - right < k) return 1;
  let missed = 1;
  for (let i = n - right + 1; i <= n; i++) missed *= 1 - k / i;
  return 1 - missed;
}

/** A mean over samples with the ends of its 95 % bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 1000;

/**
 * Percentile bootstrap over samples: the 2.5 % and 97.5 % points of the mean in 1,000 resamples with replacement. The same
 * values give the same interval on every call. NaN without values.
 */
export function bootstrapMean(values: ArrayLike<number>): Interval {
  const n = values.length;
  if (n === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = seeded(n);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(random() * n)] ?? 0;
    means[r] = sum / n;
  }
  means.sort();
  let total = 0;
  for (let i = 0; i < n; i++) total += values[i] ?? 0;
  return { mean: total / n, low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Numbers in [0, 1), always the same row of them (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
