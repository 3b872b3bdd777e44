import type { RowMask } from '../columns/groupStatistics';
import { rowsOfColumns, type SqlColumn } from '../columns/whereSql';
import type { ColumnShelf } from './columnShelf';
import type { EffectiveTables } from './effectiveTables';
import type { ChipMatch } from './setChips';
import type { ColumnValues, SetColumn } from './setColumns';

/** Tags of one image in one text. */
const between = ', ';

interface SetSqlColumn extends SqlColumn {
  readonly column: SetColumn;
}

/**
 * Rows for which a condition holds: images where it names nothing but columns of images; else annotations, which have their
 * images' columns too.
 */
export async function matchingSql(
  condition: string,
  shelf: ColumnShelf,
  tables: EffectiveTables,
  among: Readonly<Record<SetColumn['of'], RowMask>>,
  signal: AbortSignal,
): Promise<ChipMatch> {
  const { images, annotations } = tables;
  let of: SetColumn['of'] = 'image';
  const imageOf = (row: number) => (of === 'image' ? row : (annotations.images[row] ?? -1));
  const columns = shelf.all().map((column): SetSqlColumn => {
    let read: ((row: number) => number | string | null) | null = null;
    const at = (row: number) => {
      read ??= reader(shelf.valuesOf(column));
      return read(column.of === 'image' ? imageOf(row) : row);
    };
    return { column, name: column.name, kind: column.kind, data: { at } };
  });
  const source = { all: () => columns, unknown: (name: string) => shelf.unknown(name), known: () => shelf.known() };
  const rowsOf = (named: readonly SetSqlColumn[]) => {
    if (named.some(({ column }) => column.of === 'annotation')) of = 'annotation';
    return { rows: of === 'image' ? images.length : annotations.length, among: among[of] };
  };
  const mask = await rowsOfColumns(condition, source, rowsOf, signal);
  return { of, mask };
}

/** A column's value by its own row, as SQL has it. */
function reader(values: ColumnValues): (row: number) => number | string | null {
  switch (values.kind) {
    case 'number':
      return (row) => {
        const value = values.values[row] ?? Number.NaN;
        return Number.isNaN(value) ? null : value;
      };
    case 'category':
      return (row) => values.names[values.codes[row] ?? -1] ?? null;
    case 'text':
      return (row) => values.texts[row] ?? null;
    case 'tags': {
      const texts = new Map<number, string>();
      values.rows.forEach((row, i) => {
        const name = values.names[values.codes[i] ?? -1] ?? '';
        const before = texts.get(row);
        texts.set(row, before === undefined ? name : before + between + name);
      });
      return (row) => texts.get(row) ?? null;
    }
  }
}
