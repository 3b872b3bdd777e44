import type { DatasetQuestion, PixelFrame } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject } from '../columns';
import type { OpenTarget } from '../format';
import { parquetColumns } from '../parquetColumns';
import { counted, fileName, folderOf, joined } from '../paths';
import { pictureColumns } from '../spokenRow';
import { conversationQuestions } from './conversationSets';
import { hasEntry, pathFrom } from './imageFiles';
import { objectsOf } from './imagefolderMetadata';
import type { ImageBytes, ImagePlace, ImageSetDetection, ReadImage } from './imageSetFormat';
import { plainAnnotation } from './plainAnnotation';
import { RecordNotes } from './recordNotes';

/**
 * Parquet files with an image a row, as Hugging Face's `datasets` writes them (`features/image.py`: bytes and path), and as verl
 * and EasyR1 read them. `datasets` turns images as EXIF says; verl and EasyR1 do not.
 */
export const hfParquet = { id: 'hf-parquet', title: 'Parquet with images', detect } as const;

export interface ParquetDetection extends ImageSetDetection {
  readonly frame: PixelFrame;
  /** The column that holds the images. */
  readonly column: string;
}

const filesTried = 3;
const foldersTried = 20;
/** An imagefolder whose list is a table: its images are files beside it. */
const listName = 'metadata.parquet';
const fileKeys = ['file_name', 'image_file_name'];
/** Columns that only data for a trainer has. */
const trainersColumns = ['reward_model', 'data_source'];
const textKeys = {
  question: ['question', 'problem', 'query'],
  answer: ['answer', 'solution', 'ground_truth'],
} as const;
/** Columns that may hold the label of a whole image, the likeliest first. */
export const parquetLabelKeys = ['label', 'labels', 'category'];

async function detect({ dir, file }: OpenTarget): Promise<ParquetDetection | null> {
  const files = file === null ? await tablesIn(dir) : /\.parquet$/i.test(file) ? [file] : [];
  for (const name of files.slice(0, filesTried)) {
    const has = await parquetColumns(dir, name);
    const keys = fileName(name) === listName ? [...fileKeys, ...pictureColumns] : pictureColumns;
    const column = has === null ? undefined : keys.find((one) => has(one));
    if (has === null || column === undefined) continue;
    const isTrainers = trainersColumns.every((one) => has(one));
    const reason = `${counted(files.length, 'parquet file')} with images in the column "${column}".`;
    return { format: 'hf-parquet', files, reason, column, frame: isTrainers ? 'stored' : 'oriented' };
  }
  return null;
}

/** In the folder, or in `data` below it, where `datasets` puts them; a list of images may stand in the folder of each split. */
async function tablesIn(dir: DirSource): Promise<readonly string[]> {
  for (const folder of ['', 'data']) {
    const entries = await dir.list(folder);
    const names = entries.filter(({ kind, name }) => kind === 'file' && /\.parquet$/i.test(name));
    if (names.length > 0) return names.map(({ name }) => joined(folder, name));
  }
  const folders = (await dir.list('')).filter(({ kind }) => kind === 'directory').slice(0, foldersTried);
  const lists = await Promise.all(folders.map(({ name }) => hasEntry(dir, name, listName)));
  return folders.filter((_, at) => lists[at]).map(({ name }) => joined(name, listName));
}

/** One row as JSON, without the columns that hold bytes. `place.line` is its 1-based row. */
export function readParquetRow(row: JsonObject, place: ImagePlace & { line: number }, column: string): ReadImage {
  const notes = new RecordNotes(place.file, place.line);
  const { objects } = row;
  const tag = parquetLabelKeys
    .map((key) => row[key])
    .find((value) => typeof value === 'string' || typeof value === 'number');
  const tags =
    tag === undefined ? [] : [plainAnnotation(`${place.file}:${place.line}#label`, String(tag), { kind: 'tag' })];
  const rowPlace = { ...place, stretch: { offset: place.line, length: 0 } };
  return {
    image: {
      key: `${place.file}#${place.line}`,
      file: pathIn(row[column]) ?? `${place.file}#${place.line}`,
      size: null,
      split: /(?:^|\/)(train|validation|val|test)[-/]/.exec(place.file)?.[1] ?? null,
      bytes: bytesOf(row[column], place, column, notes),
      place,
    },
    annotations: [...objectsOf(objects, rowPlace, notes), ...tags],
    questions: questionsOf(row),
    attributes: Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'objects' && key !== column)),
    problems: notes.problems,
  };
}

function bytesOf(
  value: JsonValue | undefined,
  { file, line }: { file: string; line: number },
  column: string,
  notes: RecordNotes,
): ImageBytes {
  if (!fileKeys.includes(column)) return { kind: 'cell', file, row: line - 1, column, index: 0 };
  const name = typeof value === 'string' ? value : '';
  const path = name === '' ? null : pathFrom(folderOf(file), name);
  if (name === '') notes.error(column, 'The row names no image');
  else if (path === null) notes.error(column, `"${name}" leads out of the folder`);
  return { kind: 'file', candidates: path === null ? [] : [path] };
}

/** Where the column holds paths, not bytes. */
function pathIn(value: JsonValue | undefined): string | null {
  const first = Array.isArray(value) ? (value as readonly JsonValue[])[0] : value;
  if (typeof first === 'string') return first;
  // verl's loader takes a path under `image`.
  const path = isObject(first) ? (first.path ?? first.image) : null;
  return typeof path === 'string' && path !== '' ? path : null;
}

function questionsOf(row: JsonObject): readonly DatasetQuestion[] {
  const text = (keys: readonly string[]) => {
    const found = keys.map((key) => row[key]).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : null;
  };
  const [question, answer] = [text(textKeys.question), text(textKeys.answer)];
  if (question !== null) {
    const { options } = row;
    const all = Array.isArray(options) ? (options as readonly JsonValue[]) : [];
    const texts = all.filter((one) => typeof one === 'string');
    return [{ text: question.replaceAll('<image>', '').trim(), options: texts, answer }];
  }
  const { prompt, reward_model: model } = row;
  const truth = isObject(model) && typeof model.ground_truth === 'string' ? model.ground_truth : answer;
  const said = conversationQuestions(Array.isArray(prompt) ? { messages: prompt as readonly JsonValue[] } : row);
  return said.map((one) => ({ ...one, answer: one.answer ?? truth }));
}
