import { compareRuns, flipOf, type PairedSample, type SampleOutcome } from '../../../core/metric/compareRuns';
import { twoValuedRight } from '../../../core/metric/groupOutcomes';
import { UserError } from '../../../core/text/userError';
import {
  COMPARED_SAMPLES,
  type ComparedSample,
  type CompareSide,
  type TraceComparison,
} from '../../../protocol/compare';
import type { NumberColumn } from '../columns/numberColumn';
import type { TraceTables } from '../trace/tables';

/** k of pass@k, as far as the groups are large enough. */
const passes = [1, 2, 4, 8, 16, 32, 64];

export interface ComparedSide extends Omit<CompareSide, 'traceId'> {
  readonly tables: TraceTables;
}

interface SideSample extends SampleOutcome {
  readonly group: number;
}

/**
 * Joins two traces by their samples (normalised prompt, ground truth, image), whatever the trainers' own group ids, and
 * compares a column over them. A sample asked at several steps counts with the rollouts of all of them.
 */
export function compareTraces(a: ComparedSide, b: ComparedSide, column: string, asked: number | null): TraceComparison {
  const [first, second] = [columnOf(a.tables, column), columnOf(b.tables, column)];
  const values = asked ?? rightOf(a, b, first, second);
  const threshold = values ?? Number.POSITIVE_INFINITY;
  const left = samplesOf(a, first, threshold);
  const right = samplesOf(b, second, threshold);
  const pairs: PairedSample<string>[] = [];
  const samples: ComparedSample[] = [];
  for (const [sample, one] of left.samples) {
    const other = right.samples.get(sample);
    if (other === undefined) continue;
    const pair = { sample, a: one, b: other };
    pairs.push(pair);
    samples.push({ title: a.tables.groups.get(one.group).title, cell: flipOf(pair), a: one, b: other });
  }
  const compared = compareRuns(pairs, values === null ? [] : passes);
  return {
    ...compared,
    ...(values === null ? { flips: { bothRight: 0, lost: 0, won: 0, bothWrong: 0 } } : {}),
    column,
    right: values,
    rightFrom: asked !== null ? 'asked' : values === null ? 'unknown' : 'values',
    both: pairs.length,
    onlyA: left.samples.size - pairs.length,
    onlyB: right.samples.size - pairs.length,
    unkeyed: left.unkeyed + right.unkeyed,
    samples: samples.sort((x, y) => changeOf(y) - changeOf(x)).slice(0, COMPARED_SAMPLES),
  };
}

function columnOf({ columns }: TraceTables, name: string): NumberColumn {
  const found = columns.find(name);
  if (found?.kind === 'number') return found.data;
  const known = columns.infos().filter(({ kind }) => kind === 'number');
  throw new UserError(
    `There is no number "${name}" in both traces. One has ${known.map((one) => one.name).join(', ')}.`,
  );
}

/** Both sides' values together must be two. */
function rightOf(a: ComparedSide, b: ComparedSide, first: NumberColumn, second: NumberColumn): number | null {
  const [rowsA, rowsB] = [a.tables.rows.length, b.tables.rows.length];
  return twoValuedRight(rowsA + rowsB, (row) => (row < rowsA ? first.at(row) : second.at(row - rowsA)));
}

function samplesOf({ tables, steps }: ComparedSide, column: NumberColumn, right: number) {
  const { rows, groups, sampleKeys, attempts } = tables;
  const samples = new Map<number, { group: number; rollouts: number; right: number; sum: number; finite: number }>();
  let unkeyed = 0;
  for (let group = 0; group < groups.length; group++) {
    const key = sampleKeys.hash(group);
    let used = false;
    for (let row: number | null = groups.get(group).first; row !== null; row = rows.following(row)) {
      const { file, step, sample } = rows.get(row);
      const value = column.at(row);
      // NaN stands where nothing was judged.
      if (sample || value === null || Number.isNaN(value) || !isWithin(step, steps)) continue;
      if (attempts.ofGroup(group, file, step)?.superseded === true) continue;
      used = true;
      if (key === null) break;
      const known = samples.get(key) ?? { group, rollouts: 0, right: 0, sum: 0, finite: 0 };
      samples.set(key, known);
      known.rollouts++;
      if (value >= right) known.right++;
      if (Number.isFinite(value)) known.sum += value;
      if (Number.isFinite(value)) known.finite++;
    }
    if (used && key === null) unkeyed++;
  }
  const outcomes = new Map<string, SideSample>();
  for (const [key, { group, rollouts, right: count, sum, finite }] of samples)
    outcomes.set(String(key), { group, rollouts, right: count, mean: finite === 0 ? Number.NaN : sum / finite });
  return { samples: outcomes, unkeyed };
}

function isWithin(step: number | null, steps: CompareSide['steps']): boolean {
  return steps === null || (step !== null && step >= steps[0] && step <= steps[1]);
}

/** NaN ranks last. */
function changeOf({ a, b }: ComparedSample): number {
  const change = Math.abs(b.mean - a.mean);
  return Number.isNaN(change) ? -1 : change;
}
