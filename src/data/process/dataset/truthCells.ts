import type { Box } from '../../../core/geometry/box';
import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { mendTruthBoxes } from '../../../core/trajectory/mendTruth';
import { readTruthBoxes } from '../../../core/trajectory/truthBoxes';
import type { MendedRow, TruthMend } from '../../../protocol/dataset';
import { truthColumns } from '../images/datasetRow';
import { structFields } from '../images/structType';
import { quoteName, quoteText, type TableDatabase } from '../images/tableDatabase';

/** Where a dataset may keep the expected answer. */
interface TruthCell {
  readonly column: string;
  /** Field of a struct; null for a column of its own. */
  readonly field: string | null;
  readonly type: string;
}

/** A new value for one cell, as SQL. */
interface NewValue {
  readonly row: number;
  readonly cell: TruthCell;
  readonly sql: string;
}

export interface MendedTruth {
  readonly mended: readonly MendedRow[];
  /** The columns that change, as DuckDB's `REPLACE` takes them. */
  readonly replace: readonly string[];
  /** For people: `reward_model.ground_truth`. */
  readonly truth: string | null;
}

/** Types whose values are not the same after a way through JSON. */
export const unwritableTypes = /BLOB|DECIMAL|DATE|TIME|INTERVAL|UUID|HUGEINT|UBIGINT|MAP|UNION|ENUM|BIT\b/;

/** Reads the ground truth of the rows that are to be mended, and mends it. `from`: the table with `file_row_number`. */
export async function mendedTruth(
  database: TableDatabase,
  from: string,
  columns: ReadonlyMap<string, string>,
  mends: readonly TruthMend[],
): Promise<MendedTruth> {
  const cells = truthCells(columns);
  if (mends.length === 0 || cells.length === 0)
    return {
      mended: mends.map(({ row }) => ({ row, reason: 'its dataset holds no ground truth' })),
      replace: [],
      truth: null,
    };
  const rows = mends.map(({ row }) => row).join(', ');
  const wanted = cells.map((cell) => (cell.type === 'VARCHAR' ? sqlOf(cell) : `to_json(${sqlOf(cell)})::VARCHAR`));
  const safe = cells.map((cell) =>
    cell.type === 'VARCHAR'
      ? 'true'
      : `(TRY_CAST(to_json(${sqlOf(cell)})::JSON AS ${cell.type}) IS NOT DISTINCT FROM ${sqlOf(cell)})`,
  );
  const read = await database.rows(
    `SELECT file_row_number, ${[...wanted, ...safe].join(', ')} FROM ${from} WHERE file_row_number IN (${rows})`,
  );
  const byRow = new Map(read.map(([row, ...values]) => [Number(row), values]));
  const mended: MendedRow[] = [];
  const values: NewValue[] = [];
  for (const mend of mends) {
    const found = mendOne(mend, cells, byRow.get(mend.row) ?? []);
    mended.push(found.said);
    if (found.value !== null) values.push(found.value);
  }
  const used = cells.filter((cell) => values.some((value) => value.cell === cell));
  return {
    mended,
    replace: used.map((cell) => replacement(cell, columns, values)),
    truth: used.map(nameOf).join(', ') || null,
  };
}

function truthCells(columns: ReadonlyMap<string, string>): readonly TruthCell[] {
  const inner = (column: string, field: string): readonly TruthCell[] => {
    const type = structFields(columns.get(column) ?? '').get(field);
    return type === undefined ? [] : [{ column, field, type }];
  };
  const own = truthColumns.flatMap((column) => {
    const type = columns.get(column);
    return type === undefined ? [] : [{ column, field: null, type }];
  });
  return [...inner('reward_model', 'ground_truth'), ...own, ...inner('extra_info', 'answer')].filter(
    ({ type }) => !unwritableTypes.test(type),
  );
}

/** The first cell that holds the boxes which the log has. */
function mendOne(
  { row, logged, moved }: TruthMend,
  cells: readonly TruthCell[],
  read: readonly unknown[],
): { readonly said: MendedRow; readonly value: NewValue | null } {
  for (const [i, cell] of cells.entries()) {
    const text = read[i];
    if (typeof text !== 'string') continue;
    const before: JsonValue = cell.type === 'VARCHAR' ? text : parseTolerantJson(text);
    const boxes = readTruthBoxes(before).map(({ box }) => box);
    if (boxes.length === 0 || !alike(boxes, logged)) continue;
    if (read[cells.length + i] !== true) return none(row, 'its ground truth has a type that cannot be written');
    const after = mendTruthBoxes(before, new Map(moved));
    if (after === null) return none(row, 'its ground truth cannot be written as its dataset writes it');
    const literal = quoteText(typeof after === 'string' ? after : JSON.stringify(after));
    const sql = cell.type === 'VARCHAR' ? literal : `${literal}::JSON::${cell.type}`;
    return { said: { row, before, after }, value: { row, cell, sql } };
  }
  return none(row, 'its row in the dataset has other boxes than the log');
}

const none = (row: number, reason: string) => ({ said: { row, reason }, value: null });

/** A dataset's and a log's numbers went through different writers. */
function alike(a: readonly Box[], b: readonly Box[]): boolean {
  const close = (x: number, y: number) => Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x));
  return (
    a.length === b.length &&
    a.every((box, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        close(box.x1, other.x1) &&
        close(box.y1, other.y1) &&
        close(box.x2, other.x2) &&
        close(box.y2, other.y2)
      );
    })
  );
}

/** The column with its new values; a struct keeps its other fields and their order. */
function replacement(cell: TruthCell, columns: ReadonlyMap<string, string>, values: readonly NewValue[]): string {
  const own = values.filter((value) => value.cell === cell);
  const chosen = `CASE file_row_number ${own.map(({ row, sql }) => `WHEN ${row} THEN ${sql}`).join(' ')} END`;
  const rows = own.map(({ row }) => row).join(', ');
  const column = quoteName(cell.column);
  const fields = [...structFields(columns.get(cell.column) ?? '').keys()].map(
    (name) => `${quoteName(name)} := ${name === cell.field ? chosen : `${column}.${quoteName(name)}`}`,
  );
  const value = cell.field === null ? chosen : `struct_pack(${fields.join(', ')})`;
  return `CASE WHEN file_row_number IN (${rows}) THEN ${value} ELSE ${column} END AS ${column}`;
}

const sqlOf = ({ column, field }: TruthCell) =>
  field === null ? quoteName(column) : `${quoteName(column)}.${quoteName(field)}`;
const nameOf = ({ column, field }: TruthCell) => (field === null ? column : `${column}.${field}`);
