import { sampleRows } from '../../../core/metric/sampling';
import { UserError } from '../../../core/text/userError';
import { SCATTER_POINTS, type ScatterPoints } from '../../../protocol/overview';
import type { ColumnStore } from '../columns/columnStore';
import type { NumberColumn } from '../columns/numberColumn';

/** Rows by two of their numbers; a fixed sample of them beyond `SCATTER_POINTS`. Throws `UserError` for an unknown column. */
export function scatterOf(columns: ColumnStore, rows: number, xName: string, yName: string): ScatterPoints {
  const x = numbersOf(columns, xName);
  const y = numbersOf(columns, yName);
  const found = new Uint32Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++)
    if (Number.isFinite(x.at(row) ?? Number.NaN) && Number.isFinite(y.at(row) ?? Number.NaN)) found[total++] = row;
  const shown = sampleRows(total, SCATTER_POINTS).map((at) => found[at] ?? 0);
  const valuesOf = (column: NumberColumn) => Float64Array.from(shown, (row) => column.at(row) ?? Number.NaN);
  return { rows: shown, x: valuesOf(x), y: valuesOf(y), total };
}

function numbersOf(columns: ColumnStore, name: string): NumberColumn {
  const column = columns.find(name);
  if (column?.kind !== 'number') throw new UserError(`The trace has no numeric column “${name}”.`);
  return column.data;
}
