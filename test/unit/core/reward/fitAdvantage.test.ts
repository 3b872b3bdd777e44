import { describe, expect, it } from 'vitest';
import { type AdvantageEstimator, groupAdvantages, trlGrpo, verlGrpo } from '../../../../src/core/reward/advantage';
import { fitAdvantage, type LoggedGroup } from '../../../../src/core/reward/fitAdvantage';

const format = [1, 0, 1, 1, 0, 1, 1, 1];
const accuracy = [0.2, 0.7, 0.1, 0.9, 0.4, 0.4, 0.8, 0.3];
const length = [0.5, 0.1, 0.2, 0.9, 0.6, 0.7, 0.3, 0.4];
const turned = (values: readonly number[], by: number) => values.map((_, i) => values[(i + by) % values.length] ?? 0);

function run(weights: readonly number[], estimator: AdvantageEstimator): readonly LoggedGroup[] {
  return [0, 1, 2, 3].map((by) => {
    const components = [format, turned(accuracy, by), turned(length, 2 * by)];
    const totals = format.map((_, i) => components.reduce((sum, c, k) => sum + (weights[k] ?? 0) * (c[i] ?? 0), 0));
    return { components, advantages: groupAdvantages(totals, estimator) };
  });
}

describe('the fit of logged advantages', () => {
  it('tells verl’s ε from TRL’s', () => {
    expect(fitAdvantage(run([1, 1, 1], verlGrpo))).toMatchObject({ estimator: verlGrpo, weights: [1, 1, 1] });
    expect(fitAdvantage(run([1, 1, 1], trlGrpo))).toMatchObject({ estimator: trlGrpo, weights: [1, 1, 1] });
  });

  it('finds weights: their ratios where the estimator scales, themselves where it does not', () => {
    const scaled = fitAdvantage(run([0.5, 1, 0.1], trlGrpo));
    expect(scaled?.estimator.kind).toBe('grpo');
    [0.5, 1, 0.1].forEach((w, k) => {
      expect(scaled?.weights[k]).toBeCloseTo(w, 2);
    });
    const plain = fitAdvantage(run([0.5, 2, 0.1], { kind: 'drGrpo' }));
    expect(plain?.estimator.kind).toBe('drGrpo');
    [0.5, 2, 0.1].forEach((w, k) => {
      expect(plain?.weights[k]).toBeCloseTo(w, 6);
    });
    expect(plain?.residual).toBeLessThan(1e-9);
  });

  it('leaves a residual where something else went into the reward', () => {
    const groups = run([1, 1, 1], verlGrpo).map((group, g) => ({
      ...group,
      advantages: group.advantages.map((a, i) => a + 0.05 * Math.sin(7 * i + g)),
    }));
    expect(fitAdvantage(groups)?.residual).toBeGreaterThan(0.01);
  });

  it('says nothing without a logged advantage', () => {
    expect(fitAdvantage([])).toBeNull();
    expect(fitAdvantage([{ components: [[1, 2]], advantages: [Number.NaN, Number.NaN] }])).toBeNull();
  });
});
