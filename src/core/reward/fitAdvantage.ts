import { type AdvantageEstimator, groupAdvantages, trlGrpo, verlGrpo } from './advantage';

/** A group whose log holds advantages. Arrays run in step, one entry a rollout. */
export interface LoggedGroup {
  /** Values of each component by rollout: `components[k][i]`; one row holds the total where the log has one. */
  readonly components: readonly (readonly number[])[];
  readonly advantages: readonly number[];
}

/** What a trainer must have computed, as far as its log tells. */
export interface AdvantageFit {
  readonly estimator: AdvantageEstimator;
  readonly single: 'zero' | 'reward';
  /** One per component. Under a scaled estimator only their ratios can be told: the largest is 1. */
  readonly weights: readonly number[];
  /** Largest |logged − recomputed| over all rollouts. */
  readonly residual: number;
  readonly rollouts: number;
}

/** Tried in this order; of equally good ones the first stands. */
const candidates: readonly Pick<AdvantageFit, 'estimator' | 'single'>[] = [
  { estimator: verlGrpo, single: 'reward' },
  { estimator: trlGrpo, single: 'zero' },
  { estimator: { kind: 'grpo', epsilon: 1e-4, std: 'population' }, single: 'zero' },
  { estimator: { kind: 'grpo', epsilon: 1e-6, std: 'population' }, single: 'zero' },
  { estimator: { kind: 'drGrpo' }, single: 'zero' },
  { estimator: { kind: 'rloo' }, single: 'zero' },
];

/** Steps of the descent on weights; each is a small linear system. */
const rounds = 60;
const maxComponents = 16;

/**
 * Which estimator, and which weights of the components, give the logged advantages: every estimator is tried with weights 1
 * and with weights found by least squares (Levenberg–Marquardt on numeric derivatives). A residual far above rounding says
 * that something else went into the reward: a KL term, a clip, a component that is not logged.
 * Null without a finite logged advantage.
 */
export function fitAdvantage(groups: readonly LoggedGroup[]): AdvantageFit | null {
  const count = Math.min(maxComponents, groups[0]?.components.length ?? 0);
  const rollouts = groups.reduce((sum, { advantages }) => sum + advantages.filter(Number.isFinite).length, 0);
  if (count === 0 || rollouts === 0) return null;
  let best: AdvantageFit | null = null;
  for (const { estimator, single } of candidates) {
    const ones = new Array<number>(count).fill(1);
    for (const weights of count === 1 ? [ones] : [ones, descend(groups, estimator, single, ones)]) {
      const residual = Math.max(...differences(groups, estimator, single, weights).map(Math.abs));
      // A hair's breadth is rounding: the plainer candidate, tried first, stands.
      if (best === null || residual < best.residual * 0.9)
        best = { estimator, single, weights: normalised(weights, estimator), residual, rollouts };
    }
  }
  return best;
}

function differences(
  groups: readonly LoggedGroup[],
  estimator: AdvantageEstimator,
  single: 'zero' | 'reward',
  weights: readonly number[],
): number[] {
  return groups.flatMap(({ components, advantages }) => {
    const totals = advantages.map((_, i) => total(components, weights, i));
    const made = groupAdvantages(totals, estimator, single);
    return advantages.flatMap((logged, i) => {
      const value = made[i] ?? Number.NaN;
      return Number.isFinite(logged) ? [Number.isFinite(value) ? value - logged : logged] : [];
    });
  });
}

/** NaN components count as absent, as TRL adds them. */
function total(components: readonly (readonly number[])[], weights: readonly number[], i: number): number {
  let sum = 0;
  let any = false;
  components.forEach((values, k) => {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    any = true;
    sum += (weights[k] ?? 0) * value;
  });
  return any ? sum : Number.NaN;
}

function descend(
  groups: readonly LoggedGroup[],
  estimator: AdvantageEstimator,
  single: 'zero' | 'reward',
  start: readonly number[],
): readonly number[] {
  const cost = (weights: readonly number[]) =>
    differences(groups, estimator, single, weights).reduce((sum, d) => sum + d * d, 0);
  let weights = [...start];
  let value = cost(weights);
  let damping = 1e-3;
  for (let round = 0; round < rounds && value > 1e-18 && damping < 1e9; round++) {
    const here = differences(groups, estimator, single, weights);
    const slopes = weights.map((w, k) => {
      const step = 1e-6 * Math.max(1, Math.abs(w));
      const moved = differences(groups, estimator, single, weights.with(k, w + step));
      return moved.map((d, i) => (d - (here[i] ?? 0)) / step);
    });
    const move = solve(slopes, here, damping);
    const tried = weights.map((w, k) => w - (move[k] ?? 0));
    const next = cost(tried);
    if (next < value) {
      weights = tried;
      value = next;
      damping = Math.max(1e-12, damping / 5);
    } else damping *= 5;
  }
  return weights;
}

/** (JᵀJ + damping · diag) x = Jᵀr by Gaussian elimination with pivots. */
function solve(slopes: readonly (readonly number[])[], rest: readonly number[], damping: number): readonly number[] {
  const n = slopes.length;
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);
  const rows = slopes.map((a, i) => [
    ...slopes.map((b, j) => dot(a, b) + (i === j ? damping * (dot(a, a) + 1e-12) : 0)),
    dot(a, rest),
  ]);
  for (let column = 0; column < n; column++) {
    const ranked = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, rows.length, ...ranked);
    const pivot = rows[column];
    const divisor = pivot?.[column] ?? 0;
    if (pivot === undefined || divisor === 0) continue;
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = (row[column] ?? 0) / divisor;
      rows[i] = row.map((v, j) => v - factor * (pivot[j] ?? 0));
    });
  }
  return rows.map((row, i) => ((row[i] ?? 0) === 0 ? 0 : (row[n] ?? 0) / (row[i] ?? 1)));
}

function normalised(weights: readonly number[], { kind }: AdvantageEstimator): readonly number[] {
  if (kind === 'drGrpo' || kind === 'rloo') return weights;
  const largest = Math.max(...weights.map(Math.abs));
  return largest > 0 ? weights.map((w) => w / largest) : weights;
}
