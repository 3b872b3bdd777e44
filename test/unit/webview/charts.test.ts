import { describe, expect, test } from 'vitest';
import type { StepOverview, TraceOverview } from '../../../src/protocol/overview';
import {
  placeOfStep,
  readout,
  sharedRange,
  traceCharts,
  trainerCharts,
} from '../../../webview/rollouts/overview/charts';
import { ticksBetween } from '../../../webview/ui/ticks';

const numbers = (...values: readonly number[]) => Float64Array.from(values);
const none = Uint32Array.of(0, 0, 0);

function part(kind: StepOverview['kind'], steps: Float64Array, reward: Float64Array): StepOverview {
  const unknown = steps.map(() => Number.NaN);
  const series = {
    count: Uint32Array.from(steps, () => 8),
    notFinite: none,
    mean: reward,
    std: unknown,
    q05: unknown,
    q25: unknown,
    q50: unknown,
    q75: unknown,
    q95: unknown,
  };
  return {
    kind,
    steps,
    rollouts: Uint32Array.from(steps, () => 8),
    withoutStep: 0,
    replaced: 0,
    malformed: unknown,
    repaired: unknown,
    truncated: unknown,
    outcomes: { groups: Uint32Array.of(4, 0, 2), noSpread: Uint32Array.of(1, 0, 2), allRight: none, allWrong: none },
    columns: [{ name: 'reward', role: 'total', about: '', series }],
  };
}

const overview = (parts: readonly StepOverview[], right: number | null): TraceOverview => ({
  complete: true,
  right,
  rightFrom: right === null ? 'unknown' : 'values',
  parts,
  columns: [],
});

describe('what the overview plots', () => {
  const training = part('training', numbers(1, 2, 3), numbers(0.1, 0.2, 0.3));

  test('validation is a line of its own on the joint axis, with gaps where it was not run', () => {
    const validation = part('validation', numbers(0, 3), numbers(0.5, 0.9));
    const [chart] = traceCharts(overview([training, validation], 1));
    expect(chart?.x).toEqual(numbers(0, 1, 2, 3));
    const lines = Object.fromEntries((chart?.lines ?? []).map(({ label, values }) => [label, [...values]]));
    expect(lines.mean).toEqual([Number.NaN, 0.1, 0.2, 0.3]);
    expect(lines['validation mean']).toEqual([0.5, Number.NaN, Number.NaN, 0.9]);
  });

  test('groups are shares of those that could have a spread; right and wrong only where someone can tell', () => {
    const outcomes = (right: number | null) =>
      traceCharts(overview([training], right)).find(({ id }) => id === 'outcomes');
    expect([...(outcomes(1)?.lines[0]?.values ?? [])]).toEqual([0.25, Number.NaN, 1]);
    expect(outcomes(1)?.lines.map(({ label }) => label)).toEqual(['no spread', 'all right', 'all wrong']);
    expect(outcomes(null)?.lines.map(({ label }) => label)).toEqual(['no spread']);
  });

  test('what holds no number is left out', () => {
    expect(traceCharts(overview([training], 1)).map(({ id }) => id)).toEqual(['column:reward', 'outcomes']);
    const blank = part('training', numbers(1, 2, 3), numbers(Number.NaN, Number.NaN, Number.NaN));
    expect(traceCharts(overview([blank], 1)).map(({ id }) => id)).toEqual(['outcomes']);
    const log = { file: 'a', writer: 'w', series: [{ name: 'lr', steps: numbers(1), values: numbers(Number.NaN) }] };
    expect(trainerCharts({ logs: [log], problems: [] }, () => 0)).toEqual([]);
  });

  test('a value nobody knows is a dash, never a zero', () => {
    const [chart] = traceCharts(overview([training], null));
    if (chart === undefined) throw new Error('no chart');
    expect(readout(chart, 1, String).map(({ label, text }) => [label, text])).toEqual([
      ['mean', '0.2'],
      ['median', '–'],
      ['5–95 %', '– to –'],
      ['25–75 %', '– to –'],
    ]);
  });

  test('all plots share one axis, and a step is found on each', () => {
    const charts = traceCharts(overview([training], null));
    expect(sharedRange(charts)).toEqual([1, 3]);
    expect(sharedRange([])).toEqual([0, 1]);
    expect(placeOfStep(numbers(1, 5, 9), 6)).toBe(1);
    expect(placeOfStep(numbers(), 6)).toBeNull();
  });
});

test('ticks are round numbers', () => {
  expect(ticksBetween(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksBetween(-30, 70, 4)).toEqual([0, 50]);
  expect(ticksBetween(3, 3, 4)).toEqual([3]);
});
