import { describe, expect, test } from 'vitest';
import { groupOutcomes, twoValuedRight } from '../../../../src/core/metric/groupOutcomes';
import { bandShares, quantile } from '../../../../src/core/metric/quantile';
import { orderBySteps } from '../../../../src/core/metric/stepOrder';
import { rowCounts, stepShares, stepStatistics } from '../../../../src/core/metric/stepStatistics';

/** Rows as (step, reward, group, attempt). */
type Row = readonly [step: number, reward: number | null, group?: number, attempt?: number];

const orderOf = (rows: readonly Row[]) =>
  orderBySteps({ length: rows.length, step: (row) => rows[row]?.[0] ?? Number.NaN });
const rewardOf = (rows: readonly Row[]) => (row: number) => rows[row]?.[1] ?? null;

describe('statistics by step', () => {
  test('are what numpy computes: mean, std with ddof=1, quantiles by its default method', () => {
    const values = [0.2, 1, 0.5, 0.5, -3.25, 7, 0.1];
    const rows = values.map((value): Row => [3, value]);
    const series = stepStatistics(orderOf(rows), rewardOf(rows));
    expect(series.count[0]).toBe(7);
    expect(series.mean[0]).toBeCloseTo(0.8642857142857142, 14);
    expect(series.std[0]).toBeCloseTo(3.0518729612204654, 14);
    const { q05, q25, q50, q75, q95 } = series;
    expect([q05, q25, q50, q75, q95].map((one) => one[0])).toEqual([
      -2.245, 0.15000000000000002, 0.5, 0.75, 5.199999999999996,
    ]);
    // np.quantile([0.1, 0.2, 0.30000000000000004, 1e9], shares)
    expect(bandShares.map((share) => quantile([0.1, 0.2, 0.30000000000000004, 1e9], share))).toEqual([
      0.115, 0.17500000000000002, 0.25, 250000000.22500002, 850000000.0449996,
    ]);
  });

  test('a missing value is in no count, NaN and infinities are counted apart, and neither moves the mean', () => {
    const rows: Row[] = [
      [1, 1],
      [1, null],
      [1, Number.NaN],
      [1, Number.POSITIVE_INFINITY],
      [1, 3],
      [2, null],
    ];
    const order = orderOf(rows);
    const series = stepStatistics(order, rewardOf(rows));
    expect([...rowCounts(order)]).toEqual([5, 1]);
    expect([...series.count]).toEqual([2, 0]);
    expect([...series.notFinite]).toEqual([2, 0]);
    expect([...series.mean]).toEqual([2, Number.NaN]);
    expect([...series.std]).toEqual([Math.SQRT2, Number.NaN]);
  });

  test('steps come in order whatever the order of the log; rows without one are counted and left out', () => {
    const rows: Row[] = [
      [10, 1],
      [2, 5],
      [Number.NaN, 100],
      [10, 3],
      [-1, 7],
    ];
    const order = orderOf(rows);
    expect([...order.steps]).toEqual([-1, 2, 10]);
    expect([...order.rows]).toEqual([4, 1, 0, 3]);
    expect(order.withoutStep).toBe(1);
    expect([...stepStatistics(order, rewardOf(rows)).mean]).toEqual([7, 5, 2]);
  });

  test('of a step that a resumed run did again, the newest attempt counts', () => {
    const rows: Row[] = [
      [1, 0, 0, 0],
      [2, 0, 1, 0],
      [2, 0, 1, 0],
      [2, 1, 2, 1],
    ];
    const order = orderBySteps({
      length: rows.length,
      step: (row) => rows[row]?.[0] ?? Number.NaN,
      attempt: (row) => rows[row]?.[3] ?? 0,
    });
    expect([...order.rows]).toEqual([0, 3]);
    expect(order.replaced).toBe(2);
    expect([...stepStatistics(order, rewardOf(rows)).mean]).toEqual([0, 1]);
  });

  test('validation is a series of its own: unwanted rows are in no statistic', () => {
    const rows: Row[] = [
      [1, 0],
      [1, 1],
      [2, 1],
    ];
    const order = orderBySteps({ length: 3, step: (row) => rows[row]?.[0] ?? Number.NaN, wanted: (row) => row !== 1 });
    expect([...stepStatistics(order, rewardOf(rows)).mean]).toEqual([0, 1]);
  });

  test('shares are of the rows that count, and unknown where none does', () => {
    const rows: Row[] = [
      [1, 1],
      [1, 0],
      [1, null],
      [2, null],
    ];
    const reward = rewardOf(rows);
    const shares = stepShares(
      orderOf(rows),
      (row) => reward(row) === 1,
      (row) => reward(row) !== null,
    );
    expect([...shares]).toEqual([0.5, Number.NaN]);
  });
});

describe('groups by step', () => {
  const rows: Row[] = [
    [1, 1, 0],
    [1, 1, 0],
    [1, 0, 1],
    [1, 1, 1],
    [1, 0, 2],
    [1, 0, 2],
    // Alone, or alone with a reward that is no number: no spread to speak of.
    [1, 1, 3],
    [1, 1, 4],
    [1, Number.NaN, 4],
    [2, 0.5, 5],
    [2, 0.5, 5],
  ];
  const outcomes = (right: number | null) =>
    groupOutcomes(orderOf(rows), (row) => rows[row]?.[2] ?? 0, 6, rewardOf(rows), right);

  test('no spread, all right and all wrong are counted among groups of two rewards or more', () => {
    const { groups, noSpread, allRight, allWrong } = outcomes(1);
    expect([groups, noSpread, allRight, allWrong].map((counts) => [...counts])).toEqual([
      [3, 1],
      [2, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  test('nothing is called right or wrong while nobody said from which reward on', () => {
    const { allRight, allWrong } = outcomes(null);
    expect([...allRight, ...allWrong]).toEqual([0, 0, 0, 0]);
  });

  test('rewards of exactly two values say themselves which one is right', () => {
    const right = (values: readonly (number | null)[]) => twoValuedRight(values.length, (row) => values[row] ?? null);
    expect(right([0, 1, null, Number.NaN, 1])).toBe(1);
    expect(right([2, -1])).toBe(2);
    expect(right([0, 0.5, 1])).toBeNull();
    expect(right([1, 1])).toBeNull();
  });
});
