import { describe, expect, it } from 'vitest';
import { compareRuns, flipOf, isRight } from '../../../../src/core/metric/compareRuns';
import { bootstrapMean, passAtK } from '../../../../src/core/metric/passAtK';

const outcome = (rollouts: number, right: number) => ({ rollouts, right, mean: right / rollouts });

describe('pass@k', () => {
  it('is the share of right rollouts for k = 1, and the unbiased estimate beyond', () => {
    expect(passAtK(8, 2, 1)).toBeCloseTo(0.25, 12);
    // 1 − C(6, 4) / C(8, 4) = 1 − 15 / 70
    expect(passAtK(8, 2, 4)).toBeCloseTo(1 - 15 / 70, 12);
    expect(passAtK(8, 0, 4)).toBe(0);
    expect(passAtK(8, 5, 4)).toBe(1);
    expect(passAtK(3, 1, 4)).toBeNaN();
  });
});

describe('the bootstrap', () => {
  it('is the same on every call, holds the mean, and is narrow where values agree', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const first = bootstrapMean(values);
    expect(bootstrapMean(values)).toEqual(first);
    expect(first.mean).toBe(0.25);
    // The standard error is √(0.25 · 0.75 / 200) = 0.0306.
    expect(first.low).toBeCloseTo(0.25 - 1.96 * 0.0306, 1);
    expect(first.high).toBeCloseTo(0.25 + 1.96 * 0.0306, 1);
    expect(bootstrapMean([1, 1, 1])).toEqual({ mean: 1, low: 1, high: 1 });
    expect(bootstrapMean([]).mean).toBeNaN();
  });
});

describe('two runs', () => {
  const pairs = [
    { sample: 1, a: outcome(4, 4), b: outcome(4, 2) },
    { sample: 2, a: outcome(4, 3), b: outcome(4, 1) },
    { sample: 3, a: outcome(4, 0), b: outcome(8, 8) },
    { sample: 4, a: outcome(4, 1), b: outcome(4, 0) },
  ];
  it('flip where a sample is right in at least half of its rollouts in one of them only', () => {
    expect(isRight(outcome(4, 2))).toBe(true);
    expect(isRight(outcome(0, 0))).toBe(false);
    expect(pairs.map(flipOf)).toEqual(['bothRight', 'lost', 'won', 'bothWrong']);
  });
  it('are compared by pass@k over the samples large enough on both sides, paired', () => {
    const { passAt, mean } = compareRuns(pairs, [1, 4, 8]);
    expect(passAt.map(({ k, samples }) => [k, samples])).toEqual([
      [1, 4],
      [4, 4],
    ]);
    expect(passAt[0]?.a.mean).toBeCloseTo((1 + 0.75 + 0 + 0.25) / 4, 12);
    expect(passAt[0]?.difference.mean).toBeCloseTo((0.5 + 0.25 + 1 + 0) / 4 - 0.5, 12);
    expect(mean.b.mean).toBeCloseTo(0.4375, 12);
  });
});
