import type { FoundRecord, RecordPlace } from '../../../protocol/notes';
import type { TraceTables } from '../trace/tables';

/** Rows of a file whose keys are made where the line that was given does not hold the record: each is read for it. */
const mostTried = 20_000;

/**
 * The rollout that a record's key names, among the rows scanned by now: in the line that is given, else anywhere in its
 * file. Null where it is not.
 */
export async function findRecord(
  tables: TraceTables,
  file: number,
  { key, line }: RecordPlace,
  keyOf: (row: number) => Promise<string>,
): Promise<FoundRecord | null> {
  const { rows } = tables;
  const own: number[] = [];
  for (let row = 0; row < rows.length; row++) if (rows.get(row).file === file) own.push(row);
  const there = own.filter((row) => rows.get(row).line === line);
  for (const row of [...there, ...own.filter((row) => rows.get(row).line !== line).slice(0, mostTried)])
    if ((await keyOf(row)) === key) return placeOf(tables, row);
  return null;
}

function placeOf(tables: TraceTables, row: number): FoundRecord {
  const { group } = tables.rows.get(row);
  let member = 0;
  for (const other of tables.rowsOf(group)) {
    if (other === row) break;
    member++;
  }
  return { row, group, member };
}
