import { UserError } from '../../src/core/text/userError';
import type { RolloutSummary } from '../../src/protocol/data';
import type { ColumnInfo, FilterChip, TraceQuery, TraceView } from '../../src/protocol/query';

/** Members of a group as the fake host makes them up. */
export type MembersOf = (group: number) => readonly RolloutSummary[];

interface FakeView {
  readonly wire: TraceView;
  readonly query: TraceQuery;
  readonly membersOf: MembersOf;
}

const number = (name: string, role: ColumnInfo['role'], max: number, about = ''): ColumnInfo => ({
  name,
  kind: 'number',
  role,
  present: 3200,
  min: 0,
  max,
  values: [],
  about,
});

const category = (name: string, values: readonly string[]): ColumnInfo => ({
  ...number(name, 'derived', Number.NaN),
  kind: 'category',
  min: Number.NaN,
  values,
});

export const fakeColumns: readonly ColumnInfo[] = [
  number('reward', 'total', 4, 'The logged total reward.'),
  number('step', 'derived', 25, 'Training step.'),
  number('regions', 'derived', 3, 'Boxes in the response that could be read.'),
  number('malformed', 'derived', 1, '1 where an action of the response cannot be read, else 0.'),
  number('repaired', 'derived', 1, '1 where an action was read after a mend, else 0.'),
  number('truncated', 'derived', 1, '1 where a thought, an answer or a call stays open at the end; else 0.'),
  number('zero_variance', 'derived', 1, '1 where all rewards of the row’s group are the same, else 0.'),
  category('badge', ['ok', 'repaired', 'malformed', 'none']),
  category(
    'file',
    Array.from({ length: 25 }, (_, i) => `${20 * (i + 1)}.jsonl`),
  ),
  number('format', 'component', 1),
  number('coverage_rate', 'field', 1),
];

/** There once rewards were recomputed. */
export const differsColumn = number('reward_differs', 'derived', 1, '1 where a logged number differs, else 0.');

/** Answers queries over made-up rollouts: chips in earnest, of SQL only `column > number`, a text by its letters. */
export class FakeQueries {
  private readonly views = new Map<number, FakeView>();

  query(query: TraceQuery, groups: number, membersOf: MembersOf): TraceView {
    const ids: number[] = [];
    const sizes = new Map<number, number>();
    const keys = new Map<number, number>();
    for (let group = 0; group < groups; group++) {
      // Nothing of a million rollouts is kept: the page that is measured has no room for it.
      const found = matching(query, membersOf(group));
      if (found.length === 0) continue;
      ids.push(group);
      sizes.set(group, found.length);
      if (query.sort !== null) keys.set(group, aggregate(query, found) ?? Number.NEGATIVE_INFINITY);
    }
    if (query.sort !== null) {
      const { descending } = query.sort;
      ids.sort((a, b) => ((keys.get(a) ?? 0) - (keys.get(b) ?? 0)) * (descending ? -1 : 1));
    }
    const listed = Uint32Array.from(ids, (id) => sizes.get(id) ?? 0);
    const view = this.views.size + 1;
    const rows = listed.reduce((sum, size) => sum + size, 0);
    const wire = { view, rows, groups: Uint32Array.from(ids), sizes: listed };
    this.views.set(view, { wire, query, membersOf });
    return wire;
  }

  groups(view: number): Uint32Array {
    return this.find(view).wire.groups;
  }

  members(view: number, group: number): readonly RolloutSummary[] {
    const { query, membersOf } = this.find(view);
    return matching(query, membersOf(group));
  }

  sorted(view: number, group: number): number | null {
    const { query } = this.find(view);
    return query.sort === null ? null : aggregate(query, this.members(view, group));
  }

  /** As a new data process would. */
  forget(): void {
    this.views.clear();
  }

  private find(view: number): FakeView {
    const found = this.views.get(view);
    if (found === undefined) throw new UserError('The filter’s result is no longer held. Apply the filter again.');
    return found;
  }
}

function matching(query: TraceQuery, all: readonly RolloutSummary[]): readonly RolloutSummary[] {
  const found = all.filter(
    (one) => query.chips.every((chip) => matches(chip, one, all)) && where(query.where, one, all),
  );
  return query.sort === null ? found : inOrder(found, query, all);
}

function columnValue(column: string, one: RolloutSummary, all: readonly RolloutSummary[]): number | string | null {
  switch (column) {
    case 'reward':
      return one.reward;
    case 'step':
      return one.step;
    case 'regions':
      return one.regions;
    case 'badge':
      return one.badge;
    case 'malformed':
    case 'repaired':
      return one.badge === column ? 1 : 0;
    case 'truncated':
      return 0;
    case 'zero_variance':
      return new Set(all.map(({ reward }) => reward)).size === 1 ? 1 : 0;
    case 'file':
      return `${20 * (one.step ?? 0)}.jsonl`;
    default:
      return ((one.row * 7919) % 1000) / 1000;
  }
}

function matches(chip: FilterChip, one: RolloutSummary, all: readonly RolloutSummary[]): boolean {
  if (chip.kind === 'text') return one.row % 10 < chip.text.length;
  if (chip.kind === 'lasso') return true;
  const value = columnValue(chip.column, one, all);
  if (chip.kind === 'category') return typeof value === 'string' && chip.values.includes(value);
  return typeof value === 'number' && value >= (chip.from ?? value) && value <= (chip.to ?? value);
}

function where(sql: string, one: RolloutSummary, all: readonly RolloutSummary[]): boolean {
  if (sql === '') return true;
  const [, column, least] = /^\s*(\w+)\s*>\s*(-?[\d.]+)\s*$/.exec(sql) ?? [];
  if (column === undefined || !fakeColumns.some(({ name }) => name === column))
    throw new UserError(
      `Binder Error: Referenced column "${sql.trim().split(' ')[0]}" not found in FROM clause!\nCandidate bindings: "reward", "repaired"`,
    );
  return Number(columnValue(column, one, all)) > Number(least);
}

function inOrder(
  found: readonly RolloutSummary[],
  { sort }: TraceQuery,
  all: readonly RolloutSummary[],
): readonly RolloutSummary[] {
  const { column = '', descending = false } = sort ?? {};
  const valued = found.map((one) => {
    const value = columnValue(column, one, all);
    return { ...one, sorted: typeof value === 'number' ? value : null };
  });
  const key = ({ sorted }: RolloutSummary) =>
    sorted == null || Number.isNaN(sorted)
      ? descending
        ? Number.NEGATIVE_INFINITY
        : Number.POSITIVE_INFINITY
      : sorted;
  return valued.sort((a, b) => (key(a) - key(b)) * (descending ? -1 : 1));
}

function aggregate({ sort }: TraceQuery, members: readonly RolloutSummary[]): number | null {
  const values = members.flatMap(({ sorted }) => (sorted != null && Number.isFinite(sorted) ? [sorted] : []));
  if (sort === null || values.length === 0) return null;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const sum = values.reduce((all, value) => all + value, 0);
  const mean = sum / values.length;
  const squares = values.reduce((all, value) => all + (value - mean) ** 2, 0);
  return { sum, mean, min, max, spread: max - min, std: Math.sqrt(squares / (values.length - 1)) }[sort.of];
}
