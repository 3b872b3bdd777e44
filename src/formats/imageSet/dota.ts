import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { JsonValue } from '../../core/text/jsonValue';
import { readHead } from '../head';
import { counted, fileName, fileStem, folderOf } from '../paths';
import { pythonNumber } from '../pythonNumber';
import { fileFormat, splitOfFolder } from './fileFormat';
import type { FolderNames } from './imageFiles';
import { nearbyImage } from './nearbyImage';
import { plainAnnotation } from './plainAnnotation';
import { RecordNotes } from './recordNotes';

/**
 * DOTA: `labelTxt/<image>.txt` with optional headers (`imagesource:`, `gsd:`) and a line an object, four corners in pixels,
 * class and whether it is difficult (`mmrotate/datasets/dota.py`). mmcv, which reads its images, turns them as EXIF says.
 */
export const dota = fileFormat({
  id: 'dota',
  title: 'DOTA',
  frame: 'oriented',
  ending: 'txt',
  claims: async (dir, file) => {
    const source = await dir.open(file);
    const head = source === null ? null : await readHead(source);
    const line = head?.lines.find((one) => !header.test(one.trim()));
    const words = line?.trim().split(/\s+/) ?? [];
    if (words.length < 9 || words.length > 10) return false;
    return words.slice(0, 8).every((word) => pythonNumber(word) !== null) && pythonNumber(words[8] ?? '') === null;
  },
  // In folders of one name (`train/labelTxt`, `val/labelTxt`): versions of one set's labels lie beside each other, v1.0, v1.5.
  isSibling: (path, first) => fileName(folderOf(path)) === fileName(folderOf(first)),
  reason: (files) => `${counted(files, 'label file')} of DOTA: turned boxes as corners.`,
  read: (bytes, file, names, notes) => readLabels(bytes, file, names, notes),
});

const header = /^(imagesource|gsd|acquisition dates)\s*:(.*)$/i;

async function readLabels(bytes: Uint8Array, file: string, names: FolderNames, notes: RecordNotes) {
  const annotations: DatasetAnnotation[] = [];
  const attributes: Record<string, JsonValue> = {};
  for (const [i, line] of new TextDecoder('utf-8').decode(bytes).split('\n').entries()) {
    const text = line.trim();
    const [, key, value] = header.exec(text) ?? [];
    if (key !== undefined && value !== undefined) attributes[key.toLowerCase()] = value.trim();
    if (text === '' || key !== undefined) continue;
    const lineNotes = new RecordNotes(file, i + 1);
    const annotation = dotaAnnotation(text, `${file}#${i + 1}`, lineNotes);
    if (annotation !== null) annotations.push(annotation);
    notes.problems.push(...lineNotes.problems);
  }
  const stem = fileStem(file);
  const image = await nearbyImage(names, file, stem);
  const name = image ?? `${stem}.png`;
  return {
    image: {
      key: image ?? stem,
      file: name,
      size: null,
      split: splitOfFolder(file),
      bytes: { kind: 'file', candidates: [name] } as const,
      place: { file, line: null },
    },
    annotations,
    questions: [],
    attributes,
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
