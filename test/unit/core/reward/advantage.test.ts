import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdvantageEstimator,
  groupAdvantages,
  standardDeviation,
  trlBatch,
  trlGrpo,
  trlTotal,
  verlGrpo,
} from '../../../../src/core/reward/advantage';

const rewards = [1, 2, 3, 4, 0, 0, 1, 5];
const four = (values: readonly number[]) => values.map((v) => v.toFixed(4));
const population: AdvantageEstimator = { kind: 'grpo', epsilon: 1e-4, std: 'population' };
const estimators: readonly AdvantageEstimator[] = [trlGrpo, verlGrpo, population, { kind: 'drGrpo' }, { kind: 'rloo' }];

describe('advantages of a group', () => {
  it('are the worked example of the reference, by sample and by population deviation', () => {
    expect(standardDeviation(rewards, 'sample')).toBeCloseTo(1.85164, 5);
    expect(standardDeviation(rewards, 'population')).toBeCloseTo(1.73205, 5);
    const sample = ['-0.5400', '0.0000', '0.5400', '1.0801', '-1.0801', '-1.0801', '-0.5400', '1.6201'];
    expect(four(groupAdvantages(rewards, trlGrpo))).toEqual(sample);
    const whole = ['-0.5773', '0.0000', '0.5773', '1.1546', '-1.1546', '-1.1546', '-0.5773', '1.7320'];
    expect(four(groupAdvantages(rewards, population))).toEqual(whole);
  });

  it('are plain differences in Dr. GRPO and leave one out in RLOO', () => {
    expect(groupAdvantages(rewards, { kind: 'drGrpo' })).toEqual([-1, 0, 1, 2, -2, -2, -1, 3]);
    const rloo = groupAdvantages(rewards, { kind: 'rloo' });
    rewards.forEach((r, i) => {
      const others = rewards.filter((_, j) => j !== i);
      expect(rloo[i]).toBeCloseTo(r - others.reduce((a, b) => a + b, 0) / others.length, 12);
    });
  });

  it('are exactly 0 where all rewards are equal, even those whose mean is rounded', () => {
    for (const estimator of [...estimators, { kind: 'grpo', epsilon: 0, std: 'sample' } as const]) {
      expect(groupAdvantages([0.1, 0.1, 0.1], estimator)).toEqual([0, 0, 0]);
    }
  });

  it('leave out what is not a number, which stays not a number', () => {
    const [a, b, c, d] = groupAdvantages([1, Number.NaN, 3, Number.POSITIVE_INFINITY], { kind: 'drGrpo' });
    expect([a, b, c, d]).toEqual([-1, Number.NaN, 1, Number.NaN]);
    expect(groupAdvantages([Number.NaN], trlGrpo)).toEqual([Number.NaN]);
    expect(groupAdvantages([], trlGrpo)).toEqual([]);
  });

  it('of a group of one are 0, or the reward over 1 + ε as verl computes it', () => {
    expect(groupAdvantages([3], trlGrpo)).toEqual([0]);
    expect(groupAdvantages([3], verlGrpo, 'reward')).toEqual([3 / (1 + 1e-6)]);
    expect(groupAdvantages([3], { kind: 'drGrpo' }, 'reward')).toEqual([3]);
  });

  it('are scaled by the deviation of the whole batch in TRL’s batch mode', () => {
    const batch = [...rewards, 10, 10, 0, 2];
    const std = standardDeviation(batch, 'sample');
    const expected = rewards.map((r) => (r - 2) / (std + 1e-4));
    groupAdvantages(rewards, trlBatch, 'zero', batch).forEach((a, i) => {
      expect(a).toBeCloseTo(expected[i] ?? 0, 12);
    });
  });

  it('of TRL count a component that is NaN as absent, and a rollout without any as NaN', () => {
    const nan = Number.NaN;
    expect(
      trlTotal([
        { value: 1, weight: 0.5 },
        { value: nan, weight: 2 },
        { value: 3, weight: 1 },
      ]),
    ).toBe(3.5);
    expect(trlTotal([{ value: nan, weight: 1 }])).toBeNaN();
  });

  it('sum to 0 and keep the order of the rewards', () => {
    const group = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 16 });
    fc.assert(
      fc.property(group, fc.constantFrom(...estimators), (values, estimator) => {
        const advantages = groupAdvantages(values, estimator);
        const magnitude = Math.max(1, ...advantages.map(Math.abs), ...values.map(Math.abs));
        expect(advantages.reduce((a, b) => a + b, 0) / magnitude).toBeCloseTo(0, 6);
        values.forEach((r, i) => {
          values.forEach((s, j) => {
            if (r < s) expect(advantages[i]!).toBeLessThanOrEqual(advantages[j]!);
          });
        });
      }),
    );
  });
});
