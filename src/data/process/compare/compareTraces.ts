import { compareRuns, flipOf, type PairedSample, type SampleOutcome } from '../../../core/metric/compareRuns';
import { twoValuedRight } from '../../../core/metric/groupOutcomes';
import { UserError } from '../../../core/text/userError';
import {
  COMPARED_SAMPLES,
  type CompareAsked,
  type ComparedSample,
  type CompareSide,
  type TraceComparison,
} from '../../../protocol/compare';
import type { OverviewKind } from '../../../protocol/overview';
import type { NumberColumn } from '../columns/numberColumn';
import { joinSamples, type SampleSource } from '../samples/joinSamples';
import type { TraceTables } from '../trace/tables';

/** k of pass@k, as far as the groups are large enough. */
const passes = [1, 2, 4, 8, 16, 32, 64];

/** A trace that was scanned to its end. */
export interface ComparedTrace {
  readonly tables: TraceTables;
  readonly source: SampleSource;
  /** Tells rows of validation from those of training; see `validationRows`. */
  readonly validation: () => (row: number) => boolean;
}

export interface ComparedSide extends ComparedTrace, Omit<CompareSide, 'traceId'> {}

/** What a column comes to over some rollouts. */
interface Counts {
  rollouts: number;
  right: number;
  sum: number;
  finite: number;
}

interface SideSample extends SampleOutcome {
  readonly group: number;
}

/**
 * Joins two traces by their samples (normalised prompt, ground truth, image by its bytes), whatever the trainers' own group
 * ids, and compares a column over them. A sample asked at several steps counts with the rollouts of all of them. Only
 * training is compared with training, and validation with validation.
 */
export async function compareTraces(
  a: ComparedSide,
  b: ComparedSide,
  { column, right: asked, kind: wanted, patience }: CompareAsked & { readonly patience?: number },
  signal: AbortSignal,
): Promise<TraceComparison> {
  const [first, second] = [columnOf(a.tables, column), columnOf(b.tables, column)];
  const values = asked ?? rightOf(a, b, first, second);
  const threshold = values ?? Number.POSITIVE_INFINITY;
  const lefts = groupsOf(a, first, threshold);
  const rights = groupsOf(b, second, threshold);
  const kinds = (['training', 'validation'] as const).filter((one) => lefts[one].size > 0 && rights[one].size > 0);
  const kind = wanted ?? kinds[0] ?? 'training';
  const sides = [
    { source: a.source, groups: lefts[kind].keys() },
    { source: b.source, groups: rights[kind].keys() },
  ];
  const until = performance.now() + (patience ?? Number.POSITIVE_INFINITY);
  const { sampleOf, byName } = await joinSamples(sides, until, signal);
  const left = samplesOf(lefts[kind], sampleOf[0]);
  const right = samplesOf(rights[kind], sampleOf[1]);
  const pairs: PairedSample<string>[] = [];
  const samples: ComparedSample[] = [];
  let unseen = 0;
  for (const [sample, one] of left.samples) {
    const other = right.samples.get(sample);
    if (other === undefined) continue;
    const pair = { sample, a: one, b: other };
    pairs.push(pair);
    if (byName.has(sample)) unseen++;
    const { title } = a.tables.groups.get(one.group);
    samples.push({ title, cell: flipOf(pair), a: one, b: other, byName: byName.has(sample) });
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
    byName: unseen,
    kind,
    kinds,
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

/** Counts of every group with a value, of training and of validation apart. */
function groupsOf(
  { tables, steps, validation }: ComparedSide,
  column: NumberColumn,
  right: number,
): Readonly<Record<OverviewKind, Map<number, Counts>>> {
  const { rows, groups, attempts } = tables;
  const validates = validation();
  const found = { training: new Map<number, Counts>(), validation: new Map<number, Counts>() };
  for (let group = 0; group < groups.length; group++) {
    for (let row: number | null = groups.get(group).first; row !== null; row = rows.following(row)) {
      const { file, step, sample } = rows.get(row);
      const value = column.at(row);
      // NaN stands where nothing was judged.
      if (sample || value === null || Number.isNaN(value) || !isWithin(step, steps)) continue;
      if (attempts.ofGroup(group, file, step)?.superseded === true) continue;
      const kind = found[validates(row) ? 'validation' : 'training'];
      const known = kind.get(group) ?? { rollouts: 0, right: 0, sum: 0, finite: 0 };
      kind.set(group, known);
      known.rollouts++;
      if (value >= right) known.right++;
      if (Number.isFinite(value)) known.sum += value;
      if (Number.isFinite(value)) known.finite++;
    }
  }
  return found;
}

/** The same by sample; a sample's group is its first. */
function samplesOf(groups: ReadonlyMap<number, Counts>, sampleOf: ReadonlyMap<number, string> | undefined) {
  const samples = new Map<string, Counts & { readonly group: number }>();
  let unkeyed = 0;
  for (const [group, counts] of groups) {
    const key = sampleOf?.get(group);
    if (key === undefined) {
      unkeyed++;
      continue;
    }
    const known = samples.get(key);
    if (known === undefined) samples.set(key, { group, ...counts });
    else for (const name of ['rollouts', 'right', 'sum', 'finite'] as const) known[name] += counts[name];
  }
  const outcomes = new Map<string, SideSample>();
  for (const [key, { group, rollouts, right, sum, finite }] of samples)
    outcomes.set(key, { group, rollouts, right, mean: finite === 0 ? Number.NaN : sum / finite });
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
