import type { ColumnInfo, TraceSort } from '../../../src/protocol/query';
import { editChip } from '../../filter/chipEditor';
import { type MenuItem, showMenu } from '../../ui/menu';
import { reviewSorts } from '../review/reviewQueries';
import { type FilterStore, quickFilters } from './filterStore';

const roles: Readonly<Record<ColumnInfo['role'], string>> = {
  total: 'total',
  component: 'component',
  field: 'field',
  derived: '',
};

/** Columns as a menu shows them: the reward, its components, the log's other fields, and what is counted from them. */
export function columnItems(
  columns: readonly ColumnInfo[],
  item: (column: ColumnInfo) => Pick<MenuItem & { kind: 'item' }, 'run' | 'checked' | 'radio'>,
): MenuItem[] {
  const group = (label: string, wanted: readonly ColumnInfo['role'][]): MenuItem[] => {
    const found = columns.filter(({ role }) => wanted.includes(role));
    if (found.length === 0) return [];
    const rows = found.map((column): MenuItem => {
      const title = column.about === '' ? column.name : `${column.name}: ${column.about}`;
      return { kind: 'item', label: column.name, note: roles[column.role], title, ...item(column) };
    });
    return [{ kind: 'header', label }, ...rows];
  };
  return [
    ...group('Reward', ['total', 'component']),
    ...group('Fields of the log', ['field']),
    ...group('Counted by Saccade', ['derived']),
  ];
}

/** The menu of conditions: quick ones, where the search looks, then every column. */
export async function addFilter(anchor: HTMLElement, store: FilterStore): Promise<void> {
  const columns = await store.knownColumns();
  const { text } = store;
  const where = text?.where ?? 'either';
  const searchIn = (label: string, place: 'either' | 'prompt' | 'response'): MenuItem => ({
    kind: 'item',
    label,
    checked: where === place,
    radio: true,
    run: () => store.search(text?.text ?? '', { matchCase: text?.matchCase ?? false, where: place }),
  });
  const quick = quickFilters
    .filter(({ column }) => columns.some(({ name }) => name === column))
    .map(({ column, label, title }): MenuItem => {
      const run = () => store.toggleQuick(column);
      return { kind: 'item', label, title, checked: store.quick(column) !== null, run };
    });
  const places: MenuItem[] =
    text === null
      ? []
      : [
          { kind: 'header', label: 'Search in' },
          searchIn('Prompts and responses', 'either'),
          searchIn('Prompts', 'prompt'),
          searchIn('Responses', 'response'),
          { kind: 'line' },
        ];
  const all = columnItems(columns, (column) => ({
    run: () => {
      const chip = store.query.value.chips.find(
        (one) => one.kind !== 'text' && 'column' in one && one.column === column.name,
      );
      editChip(anchor, {
        column,
        noun: 'rollouts',
        chip: chip ?? null,
        onDone: (next) => store.put(next, chip ?? null),
      });
    },
  }));
  showMenu(anchor, 'Add a filter', [
    ...quick,
    ...(quick.length > 0 ? [{ kind: 'line' } as const] : []),
    ...places,
    ...all,
  ]);
}

const aggregates: Readonly<Record<TraceSort['of'], string>> = {
  mean: 'Mean of the group',
  std: 'Standard deviation',
  min: 'Lowest of the group',
  max: 'Highest of the group',
  spread: 'Highest minus lowest',
  sum: 'Sum over the group',
};

/** The menu of orders: the file's, direction, what of a group counts, then every column with numbers. */
export async function sortMenu(anchor: HTMLElement, store: FilterStore): Promise<void> {
  const columns = (await store.knownColumns()).filter(({ kind }) => kind === 'number');
  const { sort } = store.query.value;
  const now: TraceSort = sort ?? { column: 'reward', of: 'mean', descending: true };
  const choice = (label: string, checked: boolean, next: TraceSort | null): MenuItem => ({
    kind: 'item',
    label,
    checked,
    radio: true,
    run: () => store.sortBy(next),
  });
  const ways = sort === null ? [] : sortWays(sort, choice);
  showMenu(anchor, 'Sort', [
    choice('File order', sort === null, null),
    { kind: 'line' },
    ...ways,
    ...deserving(sort, columns, choice),
    ...columnItems(columns, ({ name }) => ({
      checked: sort?.column === name,
      radio: true,
      run: () => store.sortBy({ ...now, column: name }),
    })),
  ]);
}

type Choice = (label: string, checked: boolean, next: TraceSort | null) => MenuItem;

/** Orders of what deserves a person's eyes, as far as the trace has their columns. */
function deserving(sort: TraceSort | null, columns: readonly ColumnInfo[], choice: Choice): readonly MenuItem[] {
  const known = reviewSorts.filter((one) => columns.some(({ name }) => name === one.sort.column));
  if (known.length === 0) return [];
  const items = known.map(({ label, title, sort: next }) => {
    return { ...choice(label, JSON.stringify(sort) === JSON.stringify(next), next), title };
  });
  return [{ kind: 'header', label: 'Deserves review' }, ...items];
}

function sortWays(sort: TraceSort, choice: Choice): readonly MenuItem[] {
  return [
    choice('Highest first', sort.descending, { ...sort, descending: true }),
    choice('Lowest first', !sort.descending, { ...sort, descending: false }),
    { kind: 'header', label: 'Order groups by' },
    ...(Object.keys(aggregates) as TraceSort['of'][]).map((of) =>
      choice(aggregates[of], sort.of === of, { ...sort, of }),
    ),
  ];
}
