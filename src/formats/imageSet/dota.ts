import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { readHead } from '../head';
import { counted, fileStem, folderOf } from '../paths';
import { pythonNumber } from '../pythonNumber';
import { feed, isRead, type Met } from './feed';
import { FolderNames, filesEnding, firstFiles } from './imageFiles';
import type { ImageSetDetection, ImageSetFormat } from './imageSetFormat';
import { recordBytes } from './jsonFile';
import { nearbyImage } from './nearbyImage';
import { plainAnnotation } from './plainAnnotation';
import { RecordNotes } from './recordNotes';

/**
 * DOTA: `labelTxt/<image>.txt` with optional headers (`imagesource:`, `gsd:`) and a line an object, four corners in pixels,
 * class and whether it is difficult (`mmrotate/datasets/dota.py`). mmcv, which reads its images, turns them as EXIF says.
 */
export const dota: ImageSetFormat = {
  id: 'dota',
  title: 'DOTA',
  frame: 'oriented',
  detect: async ({ dir, file }) => {
    const files = file === null ? await labelFiles(dir) : (await isDota(dir, file)) ? [file] : [];
    if (files.length === 0) return null;
    return {
      format: 'dota',
      files,
      reason: `${counted(files.length, 'label file')} of DOTA: turned boxes as corners.`,
    };
  },
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, _detection, { file }) => {
    const { read } = await readFile(dir, file, new FolderNames(dir));
    return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
  },
};

const filesTried = 5;
const header = /^(imagesource|gsd|acquisition dates)\s*:(.*)$/i;

async function labelFiles(dir: DirSource): Promise<readonly string[]> {
  for (const file of await firstFiles(dir, 'txt', filesTried)) {
    if (!(await isDota(dir, file))) continue;
    const folder = folderOf(file);
    // Versions of one set's labels lie beside each other: v1.0, v1.5, with boxes that stand straight.
    const siblings = (await filesEnding(dir, 'txt')).filter((path) => folder === '' || sameKind(path, file));
    return siblings;
  }
  return [];
}

/** In a folder of the same name: `train/labelTxt`, `val/labelTxt`. */
function sameKind(path: string, file: string): boolean {
  const last = (folder: string) => folder.slice(folder.lastIndexOf('/') + 1);
  return last(folderOf(path)) === last(folderOf(file));
}

async function isDota(dir: DirSource, file: string): Promise<boolean> {
  const source = file.toLowerCase().endsWith('.txt') ? await dir.open(file) : null;
  const head = source === null ? null : await readHead(source);
  const line = head?.lines.find((one) => !header.test(one.trim()));
  const words = line?.trim().split(/\s+/) ?? [];
  if (words.length < 9 || words.length > 10) return false;
  return words.slice(0, 8).every((word) => pythonNumber(word) !== null) && pythonNumber(words[8] ?? '') === null;
}

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const file of files) yield readFile(dir, file, names);
}

async function readFile(dir: DirSource, file: string, names: FolderNames): Promise<Met> {
  const notes = new RecordNotes(file);
  const bytes = await recordBytes(dir, { file, line: null }, notes);
  if (bytes === null) return { read: notes.problems, bytes: 0 };
  const annotations: DatasetAnnotation[] = [];
  const attributes: Record<string, JsonValue> = {};
  const problems = notes.problems;
  for (const [i, line] of new TextDecoder('utf-8').decode(bytes).split('\n').entries()) {
    const text = line.trim();
    const [, key, value] = header.exec(text) ?? [];
    if (key !== undefined && value !== undefined) attributes[key.toLowerCase()] = value.trim();
    if (text === '' || key !== undefined) continue;
    const lineNotes = new RecordNotes(file, i + 1);
    const annotation = dotaAnnotation(text, `${file}#${i + 1}`, lineNotes);
    if (annotation !== null) annotations.push(annotation);
    problems.push(...lineNotes.problems);
  }
  const stem = fileStem(file);
  const image = await nearbyImage(names, file, stem);
  if (image === null) notes.warn(null, `The image ${stem} was not found`);
  return {
    read: {
      image: {
        key: image ?? stem,
        file: image ?? `${stem}.png`,
        size: null,
        split: /(?:^|\/)(train|val|test)[^/]*\//.exec(file)?.[1] ?? null,
        bytes: { kind: 'file', candidates: [image ?? `${stem}.png`] },
        place: { file, line: null },
      },
      annotations,
      questions: [],
      attributes,
      problems,
    },
    bytes: bytes.length,
  };
}

/** `x1 y1 x2 y2 x3 y3 x4 y4 class difficult`, of which older files lack the last. */
function dotaAnnotation(line: string, id: string, notes: RecordNotes): DatasetAnnotation | null {
  const words = line.split(/\s+/);
  const [label, difficult] = words.slice(8);
  if (label === undefined || words.length > 10) return notes.error(null, `The line has ${words.length} words, not 10`);
  const values = words.slice(0, 8).map(pythonNumber);
  const wrong = values.indexOf(null);
  if (wrong >= 0) return notes.error(null, `"${(words[wrong] ?? '').slice(0, 40)}" is no number`);
  const numbers = notes.finite(values, 'corners', null);
  if (numbers === null) return null;
  const points = [0, 2, 4, 6].map((at) => ({ x: numbers[at] ?? 0, y: numbers[at + 1] ?? 0 }));
  notes.checkRing(points, null, 'corners', null);
  const known = difficult === undefined || difficult === '0' || difficult === '1' || difficult === '2';
  if (!known) notes.warn('difficult', `"${difficult.slice(0, 40)}" does not say whether the object is difficult`);
  return plainAnnotation(
    id,
    label,
    { kind: 'quad', points },
    {
      ignore: difficult === '1' || difficult === '2',
      attributes: difficult === undefined ? {} : { difficult: pythonNumber(difficult) ?? difficult },
    },
  );
}
