import type { DatasetAnnotation, DatasetQuestion } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import type { JsonObject } from '../columns';
import { fileName, fileStem, folderOf, joined } from '../paths';
import { vstar } from '../vstar';
import { feed, isRead, type Met } from './feed';
import { FolderNames, pathFrom } from './imageFiles';
import type { ImageSetDetection, ImageSetFormat, ReadImage } from './imageSetFormat';
import { type FileRecord, firstRows, jsonRows } from './json/jsonRows';
import { jsonHead, objectOf, recordBytes } from './jsonFile';
import { plainAnnotation } from './plainAnnotation';
import { RecordNotes } from './recordNotes';

/**
 * V* bench: a JSON file beside each image with `target_object`, `bbox` (x, y, width, height in pixels), `question` and
 * `options`, of which the first is right. ACTIVE-O3's examples are the same. No loader of it turns images.
 */
export const vstarBench: ImageSetFormat = {
  id: 'vstar',
  title: 'V* bench',
  frame: 'stored',
  detect: async (target) => {
    const found = await vstar.detect(target);
    if (found !== null) {
      const lonely = target.file === null ? await lonelySamples(target.dir, found.files) : [];
      return { format: 'vstar', files: [...found.files, ...lonely], reason: found.reason };
    }
    const file = target.file ?? questionsFile;
    const rows = fileName(file) === questionsFile ? await firstRows(target.dir, file) : [];
    if (!rows.some(({ image, text, label }) => [image, text, label].every((one) => typeof one === 'string')))
      return null;
    return { format: 'vstar', files: [file], reason: 'The questions of V* bench, without its boxes.' };
  },
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink, true),
  readImage: async ({ dir }, _detection, place) => {
    if (place.stretch !== undefined) {
      const bytes = await recordBytes(dir, place, new RecordNotes(place.file));
      const question = bytes === null ? [] : readQuestion({ place, bytes });
      return isRead(question) ? question : { annotations: [], questions: [], attributes: {} };
    }
    const { read } = await readSample(dir, place.file, new FolderNames(dir));
    return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
  },
};

/** Beside the bench's folders: what it asks, without boxes. */
const questionsFile = 'test_questions.jsonl';
const readKeys: readonly string[] = ['target_object', 'bbox', 'question', 'options'];

/** Samples beside others whose image is not there. */
async function lonelySamples(dir: DirSource, files: readonly string[]): Promise<readonly string[]> {
  const known = new Set(files);
  const found: string[] = [];
  for (const folder of new Set(files.map(folderOf)))
    for (const { kind, name } of await dir.list(folder)) {
      const file = joined(folder, name);
      if (kind !== 'file' || !name.endsWith('.json') || known.has(file)) continue;
      const text = (await jsonHead(dir, file))?.text ?? '';
      if (['"target_object"', '"bbox"', '"question"'].every((key) => text.includes(key))) found.push(file);
    }
  return found;
}

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const file of files) {
    if (fileName(file) !== questionsFile) yield readSample(dir, file, names);
    else for await (const row of jsonRows(dir, file)) yield { read: readQuestion(row), bytes: row.bytes.length };
  }
}

/** A line of `test_questions.jsonl`: image, the question with its options as it is asked, the letter of the right one. */
function readQuestion({ place, bytes }: FileRecord): ReadImage | readonly Problem[] {
  const notes = new RecordNotes(place.file, place.line);
  const row = objectOf(bytes, notes);
  if (row === null) return notes.problems;
  const { image, text, label, ...attributes } = row;
  if (typeof image !== 'string' || typeof text !== 'string') {
    notes.error('image', 'The line has no image and text');
    return notes.problems;
  }
  const file = pathFrom(folderOf(place.file), image) ?? image;
  return {
    image: { key: file, file, size: null, split: null, bytes: { kind: 'file', candidates: [file] }, place },
    annotations: [],
    questions: [{ text, options: [], answer: typeof label === 'string' ? label : null }],
    attributes,
    problems: notes.problems,
  };
}

async function readSample(dir: DirSource, file: string, names: FolderNames): Promise<Met> {
  const notes = new RecordNotes(file);
  const bytes = await recordBytes(dir, { file, line: null }, notes);
  const sample = bytes === null ? null : objectOf(bytes, notes);
  if (sample === null) return { read: notes.problems, bytes: bytes?.length ?? 0 };
  const image = await names.imageCalled(folderOf(file), fileStem(file));
  const name = image ?? `${file.slice(0, -'.json'.length)}.jpg`;
  const folder = folderOf(file);
  return {
    read: {
      image: {
        key: name,
        file: name,
        size: null,
        // The bench's kinds of question: direct_attributes, relative_position.
        split: folder === '' ? null : folder.slice(folder.lastIndexOf('/') + 1),
        bytes: { kind: 'file', candidates: [name] },
        place: { file, line: null },
      },
      annotations: targetsOf(sample, file, notes),
      questions: questionsOf(sample, notes),
      attributes: Object.fromEntries(Object.entries(sample).filter(([key]) => !readKeys.includes(key))),
      problems: notes.problems,
    },
    bytes: bytes?.length ?? 0,
  };
}

/** `target_object` and `bbox` are parallel; one name may stand for several boxes. */
function targetsOf(sample: JsonObject, file: string, notes: RecordNotes): DatasetAnnotation[] {
  const names = Array.isArray(sample.target_object) ? (sample.target_object as readonly JsonValue[]) : [];
  if (!Array.isArray(sample.bbox)) {
    notes.error('bbox', 'The sample has no list of boxes');
    return [];
  }
  const list = sample.bbox as readonly JsonValue[];
  if (names.length !== list.length && names.length !== 1)
    notes.warn('target_object', `${names.length} names stand beside ${list.length} boxes`);
  return list.flatMap((entry, at) => {
    const numbers = notes.numbers(entry, 4, 'bbox', at);
    if (numbers === null) return [];
    const [x = 0, y = 0, width = 0, height = 0] = numbers;
    const box = { x1: x, y1: y, x2: x + width, y2: y + height };
    notes.checkBox(box, null, 'bbox', at);
    const name = names[at] ?? (names.length === 1 ? names[0] : null);
    return [plainAnnotation(`${file}#${at}`, typeof name === 'string' ? name : null, { kind: 'box', box })];
  });
}

function questionsOf({ question, options }: JsonObject, notes: RecordNotes): DatasetQuestion[] {
  if (typeof question !== 'string') {
    notes.error('question', 'The sample has no question');
    return [];
  }
  const listed = (Array.isArray(options) ? (options as readonly JsonValue[]) : []).filter(
    (option): option is string => typeof option === 'string',
  );
  return [{ text: question, options: listed, answer: listed[0] ?? null }];
}
