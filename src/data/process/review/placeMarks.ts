import { UserError } from '../../../core/text/userError';
import { NOTES_MEMBERS } from '../../../protocol/notes';
import type { MarkedRecord, RankedGroup } from '../../../protocol/review';
import type { RecordKeys } from '../notes/recordKeys';
import type { Foreground } from '../scan/foreground';
import type { TraceTables } from '../trace/tables';
import type { RowMarks } from './rowMarks';

export interface MarkPlacing {
  readonly tables: TraceTables;
  readonly names: () => readonly string[];
  readonly keys: RecordKeys;
  readonly foreground: Foreground;
  /** Every row has been seen. */
  readonly scanned: (signal: AbortSignal) => Promise<unknown>;
}

/** Rows read side by side, and milliseconds that they wait at most for requests of a person. */
const rowsAtOnce = 16;
const pace = 100;

/**
 * Gives records to the rows they speak of. Rows that were asked for their keys before, which those of an edit were, are known at
 * once; others are looked for where their hints say, and read for their keys.
 */
export async function placeMarks(
  records: readonly MarkedRecord[],
  marks: RowMarks,
  { tables, names, keys, foreground, scanned }: MarkPlacing,
  signal: AbortSignal,
): Promise<void> {
  const files = new Map(names().map((name, index) => [name, index]));
  const left = records.filter(({ file, key, mark }) => {
    const row = keys.rowOf(files.get(file) ?? -1, key);
    if (row !== null) marks.put(row, mark);
    return row === null;
  });
  if (left.length === 0) return;
  await scanned(signal);
  const wanted = new Map<number, Map<number, number[]>>();
  for (const { file, hints } of left) {
    const index = files.get(file) ?? -1;
    const lines = wanted.get(index) ?? new Map<number, number[]>();
    wanted.set(index, lines.set(hints.line, []));
  }
  const { rows } = tables;
  for (let row = 0; row < rows.length; row++) wanted.get(rows.fileOf(row))?.get(rows.lineOf(row))?.push(row);
  const place = async ({ file, hints, key, mark }: MarkedRecord): Promise<void> => {
    for (const row of wanted.get(files.get(file) ?? -1)?.get(hints.line) ?? [])
      if ((await keyOf(keys, row)) === key) marks.put(row, mark);
  };
  for (let from = 0; from < left.length; from += rowsAtOnce) {
    await foreground.idle(pace);
    signal.throwIfAborted();
    await Promise.all(left.slice(from, from + rowsAtOnce).map(place));
  }
}

/** Gives rankings to the rows of their groups, whose keys are read; a key of none of them is passed over. */
export async function placeRankings(
  rankings: readonly RankedGroup[],
  marks: RowMarks,
  { tables, keys, foreground, scanned }: MarkPlacing,
  signal: AbortSignal,
): Promise<void> {
  if (rankings.some(({ key }) => tables.groups.find(key) === null)) await scanned(signal);
  for (const { key, levels } of rankings) {
    await foreground.idle(pace);
    signal.throwIfAborted();
    const group = tables.groups.find(key);
    if (group === null) continue;
    const rows = levels.length === 0 ? [] : tables.members(group, NOTES_MEMBERS);
    const named = await Promise.all(rows.map(async (row) => [await keyOf(keys, row), row] as const));
    const byKey = new Map(named);
    marks.rank(
      group,
      levels.map((level) => level.flatMap((own) => byKey.get(own) ?? [])),
    );
  }
}

/** Null for a row whose file is gone or was changed. */
async function keyOf(keys: RecordKeys, row: number): Promise<string | null> {
  try {
    return await keys.of(row);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
