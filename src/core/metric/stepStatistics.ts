import { bandShares, quantile } from './quantile';
import type { StepOrder } from './stepOrder';

/** One column over the steps of a `StepOrder`, all arrays in step with its `steps`. NaN where nothing can be told. */
export interface StepSeries {
  /** Rows with a finite value: all other numbers are of these alone. */
  readonly count: Uint32Array;
  /** Rows whose value is NaN or infinite. Rows without a value are in neither count. */
  readonly notFinite: Uint32Array;
  readonly mean: Float64Array;
  /** Sample standard deviation (N − 1); NaN for fewer than two values. */
  readonly std: Float64Array;
  /** 5 %, 25 %, 50 %, 75 % and 95 %, as numpy's default quantile. */
  readonly q05: Float64Array;
  readonly q25: Float64Array;
  readonly q50: Float64Array;
  readonly q75: Float64Array;
  readonly q95: Float64Array;
}

/** The value of a row: null when it has none, NaN when the log says so. */
export type RowValue = (row: number) => number | null;

/** Statistics of one column, step by step. */
export function stepStatistics({ steps, starts, rows }: StepOrder, value: RowValue): StepSeries {
  const length = steps.length;
  const numbers = () => new Float64Array(length).fill(Number.NaN);
  const quantiles = bandShares.map(numbers);
  const [q05, q25, q50, q75, q95] = quantiles as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const series = {
    count: new Uint32Array(length),
    notFinite: new Uint32Array(length),
    mean: numbers(),
    std: numbers(),
  };
  const scratch = new Float64Array(largest(starts));
  for (let at = 0; at < length; at++) {
    let count = 0;
    let notFinite = 0;
    for (let i = starts[at] ?? 0; i < (starts[at + 1] ?? 0); i++) {
      const one = value(rows[i] ?? 0);
      if (one === null) continue;
      if (Number.isFinite(one)) scratch[count++] = one;
      else notFinite++;
    }
    series.count[at] = count;
    series.notFinite[at] = notFinite;
    if (count === 0) continue;
    const values = scratch.subarray(0, count).sort();
    const mean = meanOf(values);
    series.mean[at] = mean;
    series.std[at] = deviationOf(values, mean);
    bandShares.forEach((share, i) => {
      (quantiles[i] as Float64Array)[at] = quantile(values, share);
    });
  }
  return { ...series, q05, q25, q50, q75, q95 };
}

/** Rows of each step, whatever they hold. */
export function rowCounts({ steps, starts }: StepOrder): Uint32Array {
  return Uint32Array.from(steps, (_, at) => (starts[at + 1] ?? 0) - (starts[at] ?? 0));
}

/** Share of the rows of each step for which `holds`, 0–1; NaN where none `counts`. */
export function stepShares(
  { steps, starts, rows }: StepOrder,
  holds: (row: number) => boolean,
  counts: (row: number) => boolean = () => true,
): Float64Array {
  return Float64Array.from(steps, (_, at) => {
    let held = 0;
    let all = 0;
    for (let i = starts[at] ?? 0; i < (starts[at + 1] ?? 0); i++) {
      const row = rows[i] ?? 0;
      if (!counts(row)) continue;
      all++;
      if (holds(row)) held++;
    }
    return all === 0 ? Number.NaN : held / all;
  });
}

function largest(starts: Uint32Array): number {
  let most = 0;
  for (let at = 1; at < starts.length; at++) most = Math.max(most, (starts[at] ?? 0) - (starts[at - 1] ?? 0));
  return most;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function deviationOf(values: Float64Array, mean: number): number {
  if (values.length < 2) return Number.NaN;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
