import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject } from '../columns';
import { counted, folderOf, joined } from '../paths';
import { csvHeader, csvRow, csvRows } from './csvRows';
import { pathFrom } from './imageFiles';
import type { ImagePlace } from './imageSetFormat';
import { firstRows } from './json/jsonRows';
import { plainAnnotation } from './plainAnnotation';
import type { RecordNotes } from './recordNotes';
import { idAt, type RowImage, rowFormat } from './rowFormat';

/**
 * Hugging Face's imagefolder: `metadata.jsonl` or `metadata.csv` beside the images with `file_name`, and perhaps `objects` with
 * `bbox` (x, y, width, height in pixels) and `categories`. `datasets` turns images as EXIF says when it reads them.
 */
export const imagefolderMetadata = rowFormat({
  id: 'imagefolder',
  title: 'imagefolder',
  frame: 'oriented',
  detect: async ({ dir, file }) => {
    const files = file === null ? await metadataFiles(dir) : (await isMetadata(dir, file)) ? [file] : [];
    if (files.length === 0) return null;
    return {
      format: 'imagefolder',
      files,
      reason: `${counted(files.length, 'list')} of images of Hugging Face (imagefolder).`,
    };
  },
  read: async (row, place, _dir, notes) => read(row, place, notes),
  table: { rows: csvRows, row: csvRow, isTable: (file) => file.endsWith('.csv') },
});

const names = ['metadata.jsonl', 'metadata.csv'];
const fileKeys = ['file_name', 'image_file_name'];
/** Names that lists of classes have in `objects`, the likeliest first. */
export const labelKeys = ['categories', 'category', 'label', 'labels', 'category_id'];
const questionKeys = ['question', 'problem', 'query'];
const answerKeys = ['answer', 'solution'];

/** In the folder itself, and in those of its splits. */
async function metadataFiles(dir: DirSource): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = (await dir.list('')).filter(({ kind }) => kind === 'directory').map(({ name }) => name);
  const below = folders.includes('data') ? (await dir.list('data')).map(({ name }) => `data/${name}`) : [];
  for (const folder of ['', ...folders, ...below])
    for (const name of names) if (await isMetadata(dir, joined(folder, name))) found.push(joined(folder, name));
  return found;
}

async function isMetadata(dir: DirSource, file: string): Promise<boolean> {
  if (!names.some((name) => file === name || file.endsWith(`/${name}`))) return false;
  if (file.endsWith('.csv')) return (await csvHeader(dir, file)).some((name) => fileKeys.includes(name));
  return (await firstRows(dir, file)).some((row) => fileKeys.some((key) => typeof row[key] === 'string'));
}

function read(row: JsonObject, place: ImagePlace, notes: RecordNotes): RowImage | null {
  const name = fileKeys.map((key) => row[key]).find((value) => typeof value === 'string');
  if (typeof name !== 'string' || name === '') return notes.error('file_name', 'The row names no image');
  const folder = folderOf(place.file);
  const path = pathFrom(folder, name);
  if (path === null) return notes.error('file_name', `"${name}" leads out of the folder`);
  const [question, answer] = [textIn(row, questionKeys), textIn(row, answerKeys)];
  const shown = new Set([...fileKeys, 'objects', ...(question === null ? [] : [...questionKeys, ...answerKeys])]);
  return {
    image: {
      key: path,
      file: path,
      size: null,
      split: /(?:^|\/)(train|validation|val|test)(?:\/|$)/.exec(folder)?.[1] ?? null,
      bytes: { kind: 'file', candidates: [path] },
    },
    annotations: objectsOf(row.objects, place, notes),
    questions: question === null ? [] : [{ text: question, options: [], answer }],
    attributes: Object.fromEntries(Object.entries(row).filter(([key]) => !shown.has(key))),
  };
}

function textIn(row: JsonObject, keys: readonly string[]): string | null {
  const found = keys.map((key) => row[key]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
}

/** Lists in parallel, or a list of objects. */
export function objectsOf(objects: JsonValue | undefined, place: ImagePlace, notes: RecordNotes): DatasetAnnotation[] {
  if (objects === undefined || objects === null) return [];
  const entries = Array.isArray(objects)
    ? (objects as readonly JsonValue[]).map((one) => (isObject(one) ? one : {}))
    : isObject(objects)
      ? inParallel(objects)
      : [];
  return entries.flatMap((entry, at) => {
    const numbers = notes.numbers(entry.bbox, 4, 'objects.bbox', at);
    if (numbers === null) return [];
    const [x = 0, y = 0, width = 0, height = 0] = numbers;
    const box = { x1: x, y1: y, x2: x + width, y2: y + height };
    notes.checkBox(box, null, 'objects.bbox', at);
    const named = labelKeys.map((key) => entry[key]).find((value) => value !== undefined && value !== null);
    const rest = Object.entries(entry).filter(([key]) => key !== 'bbox' && !labelKeys.includes(key) && key !== 'area');
    return [
      plainAnnotation(
        idAt(place, at),
        named === undefined ? null : String(named),
        { kind: 'box', box },
        {
          area: typeof entry.area === 'number' && Number.isFinite(entry.area) ? entry.area : null,
          attributes: Object.fromEntries(rest),
        },
      ),
    ];
  });
}

/** `{bbox: […], categories: […]}` as a list of objects; a shorter list leaves its place empty. */
function inParallel(objects: JsonObject): readonly JsonObject[] {
  const { bbox } = objects;
  if (!Array.isArray(bbox)) return [];
  const lists = Object.entries(objects).filter(([, list]) => Array.isArray(list) && list.length === bbox.length);
  return bbox.map((_, at) =>
    Object.fromEntries(lists.map(([key, list]) => [key, (list as readonly JsonValue[])[at] ?? null])),
  );
}
