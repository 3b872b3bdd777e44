import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupOutcomes, twoValuedRight } from '../../../core/metric/groupOutcomes';
import { orderBySteps, type StepOrder } from '../../../core/metric/stepOrder';
import { rowCounts, stepShares, stepStatistics } from '../../../core/metric/stepStatistics';
import type { ColumnBySteps, OverviewKind, StepOverview, TraceOverview } from '../../../protocol/overview';
import type { ColumnInfo } from '../../../protocol/query';
import type { ColumnStore } from '../columns/columnStore';
import type { Grouping } from '../columns/groupStatistics';

export interface OverviewInput {
  readonly columns: ColumnStore;
  readonly grouping: Grouping;
  /** Whether a row was sampled to validate rather than to train; see `validationRows`. */
  readonly validates: (row: number) => boolean;
  readonly complete: boolean;
  /** 1-based attempt at its step that a row belongs to: of a step that a resumed run did again, the last one counts. */
  readonly attempt: (row: number) => number;
}

export interface OverviewAsked {
  readonly columns: readonly string[] | null;
  readonly right: number | null;
}

interface Kind {
  readonly kind: OverviewKind;
  readonly wanted: (row: number) => boolean;
}

/** Everything by step. Yields between columns, so that a million rows do not hold up a person's other requests. */
export async function overviewOf(
  input: OverviewInput,
  asked: OverviewAsked,
  signal: AbortSignal,
): Promise<TraceOverview> {
  const { columns, grouping, complete } = input;
  const reward = columns.own('reward');
  const infos = columns.infos().filter(isSeries);
  const values = asked.right === null ? twoValuedRight(grouping.rows, (row) => reward.at(row)) : null;
  const right = asked.right ?? values;
  const parts: StepOverview[] = [];
  for (const { kind, wanted } of kindsOf(input)) {
    const order = orderOf(input, wanted);
    if (order.steps.length === 0) continue;
    const series: ColumnBySteps[] = [];
    for (const { name, role, about } of infos) {
      if (asked.columns !== null && !asked.columns.includes(name)) continue;
      await nextTurn();
      if (signal.aborted) throw new Error('cancelled');
      const found = columns.find(name);
      if (found?.kind !== 'number') continue;
      series.push({ name, role, about, series: stepStatistics(order, (row) => found.data.at(row)) });
    }
    parts.push({ kind, ...factsOf(order, input, right), columns: series });
  }
  return {
    complete,
    right,
    rightFrom: asked.right !== null ? 'asked' : right === null ? 'unknown' : 'values',
    parts,
    columns: infos.map(({ name, role, about }: ColumnInfo) => ({ name, role, about })),
  };
}

/** Derived columns that are a number of each rollout: shares have series of their own, and a group's numbers are no rollout's. */
const derivedSeries: ReadonlySet<string> = new Set([
  'regions',
  'region_area',
  'region_share',
  'turns',
  'tool_calls',
  'response_length',
]);

function isSeries({ kind, role, name }: ColumnInfo): boolean {
  return kind === 'number' && name !== 'step' && (role !== 'derived' || derivedSeries.has(name));
}

/** Training and validation with the rows of each. */
function kindsOf({ validates }: OverviewInput): readonly Kind[] {
  return [
    { kind: 'training', wanted: (row) => !validates(row) },
    { kind: 'validation', wanted: validates },
  ];
}

function orderOf({ columns, grouping, attempt }: OverviewInput, wanted: Kind['wanted']): StepOrder {
  const step = columns.own('step');
  return orderBySteps({
    length: grouping.rows,
    step: (row) => step.at(row) ?? Number.NaN,
    wanted,
    attempt,
  });
}

function factsOf(
  order: StepOrder,
  { columns, grouping }: OverviewInput,
  right: number | null,
): Omit<StepOverview, 'kind' | 'columns'> {
  const { groups, groupOf } = grouping;
  const reward = columns.own('reward');
  const malformed = columns.own('malformed');
  const repaired = columns.own('repaired');
  const truncated = columns.own('truncated');
  const badge = columns.ownCategory('badge');
  const promised = (row: number) => (badge.at(row) ?? 'none') !== 'none';
  return {
    steps: order.steps,
    rollouts: rowCounts(order),
    withoutStep: order.withoutStep,
    replaced: order.replaced,
    malformed: stepShares(order, (row) => malformed.at(row) === 1, promised),
    repaired: stepShares(order, (row) => repaired.at(row) === 1, promised),
    truncated: stepShares(
      order,
      (row) => truncated.at(row) === 1,
      (row) => truncated.has(row),
    ),
    outcomes: groupOutcomes(
      order,
      (row) => groupOf[row] ?? 0,
      groups,
      (row) => reward.at(row),
      right,
    ),
  };
}
