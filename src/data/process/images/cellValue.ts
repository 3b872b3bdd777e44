import { blobValue, type DuckDBValue, listValue, structValue } from '@duckdb/node-api';
import type { Cell } from '../../../formats/imageSet/train/tableColumn';

/** A cell as DuckDB's appender takes it. */
export function cellValue(cell: Cell): DuckDBValue {
  if (cell === null || typeof cell !== 'object') return cell;
  if (cell instanceof Uint8Array) return blobValue(cell);
  if (isList(cell)) return listValue(cell.map(cellValue));
  return structValue(Object.fromEntries(Object.entries(cell).map(([field, value]) => [field, cellValue(value)])));
}

function isList(cell: readonly Cell[] | { readonly [field: string]: Cell }): cell is readonly Cell[] {
  return Array.isArray(cell);
}
