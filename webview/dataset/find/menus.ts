import { type DatasetPreset, datasetPresets } from '../../../src/core/dataset/presets';
import type { ImageSetQuery } from '../../../src/protocol/imageSet';
import type { ColumnInfo } from '../../../src/protocol/query';
import { editChip } from '../../filter/chipEditor';
import { type MenuItem, showMenu } from '../../ui/menu';
import { duplicatesAbout, findDuplicates } from './duplicates';
import type { ColumnChip, FindStore } from './findStore';

/** Columns of names that have too many different ones to choose from: they are searched. */
const searched = (column: ColumnInfo): boolean => column.kind === 'category' && column.values.length === 0;

type Item = MenuItem & { readonly kind: 'item' };

function columnItem(column: ColumnInfo, rest: Pick<Item, 'run' | 'checked' | 'radio'>): MenuItem {
  const title = column.about === '' ? column.name : `${column.name}: ${column.about}`;
  return { kind: 'item', label: column.name, note: column.role === 'derived' ? '' : column.role, title, ...rest };
}

/** The menu of conditions: what the field has names for, then every column. */
export async function addFilter(anchor: HTMLElement, store: FindStore): Promise<void> {
  const columns = await store.knownColumns();
  const presets = [
    ...presetItems('Small objects', 'small-object', columns, store),
    ...presetItems('Dense images', 'dense', columns, store),
  ];
  const all = columns
    .filter((column) => !searched(column))
    .map((column) =>
      columnItem(column, {
        run: () => {
          const chip = store.on(column.name);
          editChip(anchor, { column, chip, noun: 'values', onDone: (next) => store.put(next, chip) });
        },
      }),
    );
  const duplicates: readonly MenuItem[] = [
    { kind: 'header', label: 'Alike' },
    { kind: 'item', label: 'Near-duplicates', title: duplicatesAbout, run: () => void findDuplicates(store) },
  ];
  showMenu(anchor, 'Add a filter', [...presets, ...duplicates, { kind: 'header', label: 'Columns' }, ...all]);
}

/** The chip that stands for a named definition. */
export const conditionOf = ({ column, from, to }: DatasetPreset): ColumnChip => ({ kind: 'range', column, from, to });

/** Named definitions whose column the set has; the bar says whose the chosen one is, and what it measures. */
function presetItems(
  header: string,
  kind: DatasetPreset['kind'],
  columns: readonly ColumnInfo[],
  store: FindStore,
): readonly MenuItem[] {
  const known = datasetPresets.filter((one) => one.kind === kind && columns.some(({ name }) => name === one.column));
  if (known.length === 0) return [];
  const items = known.map((preset): MenuItem => {
    const condition = conditionOf(preset);
    return {
      kind: 'item',
      label: preset.title,
      title: preset.about,
      checked: store.has(condition),
      run: () => store.toggle(condition),
    };
  });
  return [{ kind: 'header', label: header }, ...items];
}

/** The menu of orders: the file's, direction, then every column with numbers. */
export async function sortMenu(anchor: HTMLElement, store: FindStore): Promise<void> {
  const columns = await store.knownColumns();
  const { sort } = store.query.value;
  const choice = (label: string, checked: boolean, next: ImageSetQuery['sort']): MenuItem => ({
    kind: 'item',
    label,
    checked,
    radio: true,
    run: () => store.sortBy(next),
  });
  const ways =
    sort === null
      ? []
      : [
          choice('Smallest first', !sort.descending, { ...sort, descending: false }),
          choice('Largest first', sort.descending, { ...sort, descending: true }),
          { kind: 'line' } as const,
        ];
  showMenu(anchor, 'Sort', [
    choice('File order', sort === null, null),
    { kind: 'line' },
    ...ways,
    ...columns
      .filter(({ kind }) => kind === 'number')
      .map((column) =>
        columnItem(column, {
          checked: sort?.column === column.name,
          radio: true,
          run: () => store.sortBy({ column: column.name, descending: sort?.descending ?? false }),
        }),
      ),
  ]);
}

/** What most people group by, first. */
const usual = ['label', 'split', 'size', 'source'];

/** The menu of sections. */
export async function groupMenu(anchor: HTMLElement, store: FindStore): Promise<void> {
  const columns = (await store.knownColumns()).filter((column) => !searched(column));
  const { groupBy } = store.query.value;
  const item = (column: ColumnInfo): MenuItem =>
    columnItem(column, {
      checked: groupBy === column.name,
      radio: true,
      run: () => store.groupBy(column.name),
    });
  const first = usual.flatMap((name) => columns.filter((column) => column.name === name));
  const others = columns.filter((column) => !first.includes(column));
  showMenu(anchor, 'Group', [
    { kind: 'item', label: 'No groups', checked: groupBy === null, radio: true, run: () => store.groupBy(null) },
    { kind: 'line' },
    ...first.map(item),
    ...(first.length > 0 && others.length > 0 ? [{ kind: 'line' } as const] : []),
    ...others.map(item),
  ]);
}
