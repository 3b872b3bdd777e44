import type { DatasetAnnotation, DatasetQuestion } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import type { JsonObject } from '../columns';
import { fileStem, folderOf } from '../paths';
import { vstar } from '../vstar';
import { feed, isRead, type Met } from './feed';
import { FolderNames } from './imageFiles';
import type { ImageSetDetection, ImageSetFormat } from './imageSetFormat';
import { objectOf, recordBytes } from './jsonFile';
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
    return found === null ? null : { format: 'vstar', files: found.files, reason: found.reason };
  },
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, _detection, { file }) => {
    const { read } = await readSample(dir, file, new FolderNames(dir));
    return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
  },
};

const readKeys: readonly string[] = ['target_object', 'bbox', 'question', 'options'];

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const file of files) yield readSample(dir, file, names);
}

async function readSample(dir: DirSource, file: string, names: FolderNames): Promise<Met> {
  const notes = new RecordNotes(file);
  const bytes = await recordBytes(dir, { file, line: null }, notes);
  const sample = bytes === null ? null : objectOf(bytes, notes);
  if (sample === null) return { read: notes.problems, bytes: bytes?.length ?? 0 };
  const image = await names.imageCalled(folderOf(file), fileStem(file));
  if (image === null) notes.warn(null, 'There is no image of this name beside the file');
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
