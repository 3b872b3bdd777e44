import type { DatasetQuestion, PixelFrame } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject } from '../columns';
import type { OpenTarget } from '../format';
import { parquetColumns } from '../parquetColumns';
import { counted, joined } from '../paths';
import { pictureColumns } from '../spokenRow';
import { conversationQuestions } from './conversationSets';
import { objectsOf } from './imagefolderMetadata';
import type { ImagePlace, ImageSetDetection, ReadImage } from './imageSetFormat';
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
/** Columns that only data for a trainer has. */
const trainersColumns = ['reward_model', 'data_source'];
const textKeys = {
  question: ['question', 'problem', 'query'],
  answer: ['answer', 'solution', 'ground_truth'],
} as const;
const labelKeys = ['label', 'labels', 'category'];

async function detect({ dir, file }: OpenTarget): Promise<ParquetDetection | null> {
  const files = file === null ? await tablesIn(dir) : /\.parquet$/i.test(file) ? [file] : [];
  for (const name of files.slice(0, filesTried)) {
    const has = await parquetColumns(dir, name);
    const column = has === null ? undefined : pictureColumns.find((one) => has(one));
    if (has === null || column === undefined) continue;
    const isTrainers = trainersColumns.every((one) => has(one));
    const reason = `${counted(files.length, 'parquet file')} with images in the column "${column}".`;
    return { format: 'hf-parquet', files, reason, column, frame: isTrainers ? 'stored' : 'oriented' };
  }
  return null;
}

/** In the folder, or in `data` below it, where `datasets` puts them. */
async function tablesIn(dir: DirSource): Promise<readonly string[]> {
  for (const folder of ['', 'data']) {
    const entries = await dir.list(folder);
    const names = entries.filter(({ kind, name }) => kind === 'file' && /\.parquet$/i.test(name));
    if (names.length > 0) return names.map(({ name }) => joined(folder, name));
  }
  return [];
}

/** One row as JSON, without the columns that hold bytes. `place.line` is its 1-based row. */
export function readParquetRow(row: JsonObject, place: ImagePlace & { line: number }, column: string): ReadImage {
  const notes = new RecordNotes(place.file, place.line);
  const { objects } = row;
  const tag = labelKeys.map((key) => row[key]).find((value) => typeof value === 'string' || typeof value === 'number');
  const tags =
    tag === undefined ? [] : [plainAnnotation(`${place.file}:${place.line}#label`, String(tag), { kind: 'tag' })];
  const rowPlace = { ...place, stretch: { offset: place.line, length: 0 } };
  return {
    image: {
      key: `${place.file}#${place.line}`,
      file: pathIn(row[column]) ?? `${place.file}#${place.line}`,
      size: null,
      split: /(?:^|\/)(train|validation|val|test)-/.exec(place.file)?.[1] ?? null,
      bytes: { kind: 'cell', file: place.file, row: place.line - 1, column, index: 0 },
      place,
    },
    annotations: [...objectsOf(objects, rowPlace, notes), ...tags],
    questions: questionsOf(row),
    attributes: Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'objects' && key !== column)),
    problems: notes.problems,
  };
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
