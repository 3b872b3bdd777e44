import { bootstrapMean, type Interval, passAtK } from './passAtK';

/** One sample's rollouts in one run. */
export interface SampleOutcome {
  readonly rollouts: number;
  /** Of them, right ones. */
  readonly right: number;
  /** Mean of the compared column; NaN without a finite value. */
  readonly mean: number;
}

export interface PairedSample<T = unknown> {
  /** What the caller knows the sample by. */
  readonly sample: T;
  readonly a: SampleOutcome;
  readonly b: SampleOutcome;
}

/** Cells of the 2 × 2 table: right in both, only in A (lost), only in B (won), in neither. */
export type FlipCell = 'bothRight' | 'lost' | 'won' | 'bothWrong';

export interface RunComparison {
  readonly flips: Readonly<Record<FlipCell, number>>;
  /** For each k: over the samples with at least k rollouts in both runs. */
  readonly passAt: readonly {
    readonly k: number;
    readonly samples: number;
    readonly a: Interval;
    readonly b: Interval;
    /** B − A, resampled by sample: paired. */
    readonly difference: Interval;
  }[];
  /** Mean of the compared column over samples. */
  readonly mean: { readonly a: Interval; readonly b: Interval; readonly difference: Interval };
}

/** A sample counts as right when at least half of its rollouts are. */
export function isRight({ rollouts, right }: SampleOutcome): boolean {
  return rollouts > 0 && 2 * right >= rollouts;
}

export function flipOf({ a, b }: Pick<PairedSample, 'a' | 'b'>): FlipCell {
  if (isRight(a)) return isRight(b) ? 'bothRight' : 'lost';
  return isRight(b) ? 'won' : 'bothWrong';
}

/** Compares two runs on the samples that both answered. */
export function compareRuns(pairs: readonly PairedSample[], ks: readonly number[]): RunComparison {
  const flips = { bothRight: 0, lost: 0, won: 0, bothWrong: 0 };
  for (const pair of pairs) flips[flipOf(pair)]++;
  const passAt = ks.flatMap((k) => {
    const counted = pairs.filter(({ a, b }) => a.rollouts >= k && b.rollouts >= k);
    if (counted.length === 0) return [];
    const of = (side: 'a' | 'b') => counted.map((pair) => passAtK(pair[side].rollouts, pair[side].right, k));
    return [{ k, samples: counted.length, ...paired(of('a'), of('b')) }];
  });
  const finite = pairs.filter(({ a, b }) => Number.isFinite(a.mean) && Number.isFinite(b.mean));
  return {
    flips,
    passAt,
    mean: paired(
      finite.map(({ a }) => a.mean),
      finite.map(({ b }) => b.mean),
    ),
  };
}

function paired(a: readonly number[], b: readonly number[]) {
  return {
    a: bootstrapMean(a),
    b: bootstrapMean(b),
    difference: bootstrapMean(a.map((value, i) => (b[i] ?? 0) - value)),
  };
}
