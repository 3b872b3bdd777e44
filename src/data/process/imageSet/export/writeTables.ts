import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetAnnotation } from '../../../../core/dataset/datasetImage';
import type { AnnotationChange } from '../../../../core/dataset/edit/annotationChanges';
import { parquetLabelKeys } from '../../../../formats/imageSet/hfParquet';
import { boxOfShape } from '../../../../formats/imageSet/plainAnnotation';
import { RecordNotes } from '../../../../formats/imageSet/recordNotes';
import { type SortedChanges, sortChanges } from '../../../../formats/imageSet/write/changes';
import { changedObjects, states } from '../../../../formats/imageSet/write/parquetObjects';
import { copyTable, type TableToCopy } from '../../dataset/copyTable';
import { unwritableTypes } from '../../dataset/truthCells';
import { structFields } from '../../images/structType';
import { defaultTableLimits, quoteName, quoteText } from '../../images/tableDatabase';
import { safeName } from './chosenImages';
import type { SetExport } from './exportSet';

/** A row whose annotations change. */
interface EditedRow {
  /** 0-based. */
  readonly row: number;
  readonly before: readonly DatasetAnnotation[];
  readonly changes: SortedChanges;
  readonly notes: RecordNotes;
}

/** Cells of one column that change, as SQL by their row. */
type NewCells = ReadonlyMap<number, string>;

/**
 * The parquet files of a set: `objects` and the label of edited rows are written anew, rows that are not chosen left out. Every
 * other value, the types, the metadata and the codec stay, or the export is refused; a file without changes is copied.
 */
export async function writeTables(
  job: SetExport,
  changes: ReadonlyMap<string, readonly AnnotationChange[]>,
): Promise<readonly string[]> {
  const { set, folder, problems, signal } = job;
  const files: string[] = [];
  for (const file of set.source.detection.files) {
    signal.throwIfAborted();
    const { kept, rows, edited } = await rowsOf(job, file, changes);
    if (kept.size === 0) continue;
    const name = safeName(file, files.length);
    const to = join(folder, name);
    await mkdir(dirname(to), { recursive: true });
    const path = join(set.opened().root, file);
    if (edited.length === 0 && kept.size === rows) await copyFile(path, to);
    else
      await copyTable(path, defaultTableLimits, `${folder}.spill`, async (table) => {
        const replace = [
          ...replacement('objects', await newObjects(table, edited, file)),
          ...labelReplacement(table, edited),
        ];
        const dropped = Array.from({ length: table.shape.rows }, (_, row) => row).filter((row) => !kept.has(row));
        await table.write(to, replace, dropped);
      });
    for (const { notes } of edited) for (const problem of notes.problems) problems.add(problem);
    files.push(name);
  }
  return files;
}

/** Rows of a file that are exported, how many the file has, and those of them that are edited. */
async function rowsOf(
  { set, chosen }: SetExport,
  file: string,
  changes: ReadonlyMap<string, readonly AnnotationChange[]>,
) {
  const { images } = set.tables;
  let rows = 0;
  for (let index = 0; index < images.length; index++) if (images.place(index).file === file) rows++;
  const kept = new Set<number>();
  const edited: EditedRow[] = [];
  for (const { row } of chosen) {
    const place = images.place(row.index);
    if (place.file !== file) continue;
    kept.add((place.line ?? 1) - 1);
    const wanted = changes.get(row.key);
    if (wanted === undefined) continue;
    const notes = new RecordNotes(file, place.line);
    const { annotations: before } = await set.image(row.index);
    edited.push({ row: (place.line ?? 1) - 1, before, changes: sortChanges(before, wanted, notes), notes });
  }
  return { kept, rows, edited };
}

/** `objects` of edited rows; a row whose new ones the column's type cannot hold is told, and stays as it was. */
async function newObjects(
  { database, shape, from }: TableToCopy,
  edited: readonly EditedRow[],
  file: string,
): Promise<NewCells> {
  const rows = edited.filter(({ changes }) => Object.values(without(changes, isTag)).some((list) => list.length > 0));
  const cells = new Map<number, string>();
  if (rows.length === 0) return cells;
  const type = shape.columns.get('objects');
  if (type === undefined || unwritableTypes.test(type)) {
    for (const { notes } of rows)
      notes.warn(
        'objects',
        'The table has no column "objects" that boxes can be written into: the row stays as it was',
      );
    return cells;
  }
  const back = `TRY_CAST(to_json(objects)::JSON AS ${type}) IS NOT DISTINCT FROM objects`;
  const wanted = rows.map(({ row }) => row).join(', ');
  const stated = await database.rows(
    `SELECT file_row_number, to_json(objects)::VARCHAR, ${back} FROM ${from} WHERE file_row_number IN (${wanted})`,
  );
  const byRow = new Map(stated.map(([row, text, isSafe]) => [Number(row), { text, isSafe }]));
  for (const { row, before, changes, notes } of rows) {
    const { text, isSafe } = byRow.get(row) ?? {};
    const boxes = without(changes, isTag);
    const own = typeof text === 'string' && text !== 'null' ? text : null;
    const fresh = changedObjects(own, [...structFields(type).keys()], boxes, notes);
    const literal = `${quoteText(fresh)}::JSON`;
    const [[held] = []] = await database.rows(`SELECT to_json(TRY_CAST(${literal} AS ${type}))::VARCHAR`);
    const place = { file, line: row + 1, stretch: { offset: row + 1, length: 0 } };
    if (isSafe === true && states(String(held), annotationsAfter(before, boxes), place))
      cells.set(row, `${literal}::${type}`);
    else notes.error('objects', `The column's type (${type}) cannot hold what was changed: the row stays as it was`);
  }
  return cells;
}

const isTag = ({ shape }: DatasetAnnotation): boolean => shape.kind === 'tag';

function without(
  { changed, removed, added }: SortedChanges,
  isOut: (one: DatasetAnnotation) => boolean,
): SortedChanges {
  const stays = (one: DatasetAnnotation) => !isOut(one);
  return {
    changed: changed.filter(({ before }) => stays(before)),
    removed: removed.filter(stays),
    added: added.filter(stays),
  };
}

/** Boxes that a row should state, in its order. */
function annotationsAfter(
  before: readonly DatasetAnnotation[],
  { changed, removed, added }: SortedChanges,
): readonly DatasetAnnotation[] {
  const news = new Map(changed.map(({ before: old, after }) => [old.id, after]));
  const gone = new Set(removed.map(({ id }) => id));
  const left = before.filter((one) => !isTag(one) && !gone.has(one.id)).map((one) => news.get(one.id) ?? one);
  const all = [...left, ...added].map((one) => ({ ...one, box: boxOfShape(one.shape) ?? one.box }));
  return all.filter(({ box }) => box !== null);
}

/** The label of a whole image, in a column of its own. */
function labelReplacement({ shape }: TableToCopy, edited: readonly EditedRow[]): readonly string[] {
  const column = parquetLabelKeys.find((key) => shape.columns.has(key));
  const type = column === undefined ? '' : (shape.columns.get(column) ?? '');
  const cells = new Map<number, string>();
  for (const { row, changes, notes } of edited) {
    if (changes.added.some(isTag)) notes.warn('label', 'A row has one label at most: another one is not added');
    const change = changes.changed.find(({ before }) => isTag(before));
    const label = change?.after.label ?? null;
    if (changes.removed.some(isTag)) cells.set(row, `NULL::${type}`);
    else if (label === null) continue;
    else if (type === 'VARCHAR' || (/INT/.test(type) && /^-?\d{1,9}$/.test(label)))
      cells.set(row, `${quoteText(label)}::${type}`);
    else notes.error(column ?? 'label', `"${label}" is no value of a column of ${type}: the row stays as it was`);
  }
  return column === undefined ? [] : replacement(column, cells);
}

function replacement(column: string, cells: NewCells): readonly string[] {
  if (cells.size === 0) return [];
  const name = quoteName(column);
  const when = [...cells].map(([row, sql]) => `WHEN ${row} THEN ${sql}`).join(' ');
  return [`CASE file_row_number ${when} ELSE ${name} END AS ${name}`];
}
