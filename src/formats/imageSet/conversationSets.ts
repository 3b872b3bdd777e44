import type { DatasetAnnotation, DatasetQuestion } from '../../core/dataset/datasetImage';
import type { Box, Size } from '../../core/geometry/box';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject } from '../columns';
import { loggedImage } from '../embedded';
import type { OpenTarget } from '../format';
import { counted, folderOf } from '../paths';
import { answerBoxes } from './answerBoxes';
import { answerExtent } from './answerFrame';
import { firstFiles, pathFrom } from './imageFiles';
import { readImageHeader } from './imageHeader';
import type { ImagePlace, ImageSetDetection, ImageSetFormatId } from './imageSetFormat';
import { firstRows, isRowsName } from './json/jsonRows';
import { plainAnnotation } from './plainAnnotation';
import type { RecordNotes } from './recordNotes';
import { idAt, type RowImage, rowFormat } from './rowFormat';

/**
 * Referring expressions as VLM-R1 has them: `image`, and `conversations` whose answer is a box, or `problem` and `solution`.
 * Boxes are x1, y1, x2, y2 in pixels of the stored image, which its loader does not turn.
 */
export const refCocoJson = rowFormat({
  id: 'refcoco-json',
  title: 'referring expressions',
  frame: 'stored',
  detect: (target) => detect(target, 'refcoco-json', isReferring, 'referring expressions: a question and a box each'),
  read,
});

/**
 * Training data of LLaMA-Factory and ms-swift: `messages` or `conversations` with `images`, and ms-swift's `objects` with boxes
 * of the stored image. Numbers in a text are taken for pixels of it too, unless the row's `box_frame` says otherwise. Neither loader
 * turns images.
 */
export const sftJson = rowFormat({
  id: 'sft-json',
  title: 'training data with images',
  frame: 'stored',
  detect: (target) =>
    detect(
      target,
      'sft-json',
      isTraining,
      'conversations about images; boxes are taken for pixels of the stored image',
    ),
  read,
});

const filesTried = 5;
const listKeys = ['conversations', 'messages'] as const;
const imageKeys = ['image', 'images', 'image_path'] as const;
const readKeys: readonly string[] = [...listKeys, ...imageKeys, 'problem', 'solution', 'objects'];

async function detect(
  { dir, file }: OpenTarget,
  format: ImageSetFormatId,
  isRow: (row: JsonObject) => boolean,
  what: string,
): Promise<ImageSetDetection | null> {
  const names =
    file !== null
      ? [file]
      : [...(await firstFiles(dir, 'jsonl', filesTried)), ...(await firstFiles(dir, 'json', filesTried))];
  const files: string[] = [];
  for (const name of names.filter(isRowsName)) if ((await firstRows(dir, name)).some(isRow)) files.push(name);
  return files.length === 0 ? null : { format, files, reason: `${counted(files.length, 'file')} of ${what}.` };
}

function isReferring(row: JsonObject): boolean {
  if (typeof row.image !== 'string') return false;
  if (typeof row.problem === 'string' && row.solution !== undefined) return boxesOf(row).length > 0;
  return Array.isArray(row.conversations) && boxesOf(row).length > 0;
}

function isTraining(row: JsonObject): boolean {
  return imagesOf(row).length > 0 && listKeys.some((key) => Array.isArray(row[key]));
}

async function read(row: JsonObject, place: ImagePlace, dir: DirSource, notes: RecordNotes): Promise<RowImage | null> {
  const [first, ...others] = imagesOf(row);
  const image = first === undefined ? null : loggedImage(first);
  if (image === null || image.kind === 'blank') return notes.error('images', 'The row names no image');
  if (image.kind === 'embedded')
    return notes.error('images', 'The image stands in the row as base64, which is not read here');
  if (others.length > 0) notes.warn('images', `Of ${others.length + 1} images the first is shown`);
  const inside = pathFrom(folderOf(place.file), image.path);
  const extent = answerExtent(row);
  const size = swiftIsRelative(row) || extent !== null ? await storedSize(dir, inside) : null;
  const rest = Object.entries(row).filter(([key]) => !readKeys.includes(key));
  return {
    image: {
      key: image.path,
      file: image.path,
      size: null,
      split: null,
      bytes: { kind: 'file', candidates: [...new Set([inside ?? image.path, image.path])] },
    },
    annotations: [...objectsOf(row, place, size, notes), ...stated(row, place, extent, size, notes)],
    questions: conversationQuestions(row),
    attributes: Object.fromEntries([...rest, ...(others.length > 0 ? [['images', imagesOf(row)]] : [])]),
  };
}

function imagesOf(row: JsonObject): readonly JsonValue[] {
  for (const key of imageKeys) {
    const value = row[key];
    if (Array.isArray(value)) return value as readonly JsonValue[];
    if (typeof value === 'string' || isObject(value)) return [value];
  }
  return [];
}

/** Of the stored pixels, by the image's header; null where it cannot be read. */
export async function storedSize(dir: DirSource, path: string | null): Promise<Size | null> {
  const source = path === null ? null : await dir.open(path);
  return source === null ? null : ((await readImageHeader(source))?.stored ?? null);
}

function resized({ x1, y1, x2, y2 }: Box, from: Size, to: Size): Box {
  const [x, y] = [to.width / from.width, to.height / from.height];
  return { x1: x1 * x, y1: y1 * y, x2: x2 * x, y2: y2 * y };
}

/** What was said, in order: who and what, without the marks of images. */
function turnsOf(row: JsonObject): readonly { readonly who: string; readonly text: string }[] {
  const key = listKeys.find((one) => Array.isArray(row[one]));
  const list = key === undefined ? [] : (row[key] as readonly JsonValue[]);
  return list.filter(isObject).map((turn) => {
    const who = String(turn.from ?? turn.role ?? '');
    return { who, text: textOf(turn.value ?? turn.content ?? '') };
  });
}

function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return (value as readonly JsonValue[])
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

const isAnswer = (who: string): boolean => who === 'gpt' || who === 'assistant';
const isQuestion = (who: string): boolean => who === 'human' || who === 'user';

/** What a row asks, each with the answer that follows. */
export function conversationQuestions(row: JsonObject): DatasetQuestion[] {
  const clean = (text: string) => text.replaceAll('<image>', '').trim();
  if (typeof row.problem === 'string')
    return [{ text: clean(row.problem), options: [], answer: answerText(row.solution) }];
  const turns = turnsOf(row);
  return turns.flatMap(({ who, text }, i) => {
    if (!isQuestion(who)) return [];
    const reply = turns[i + 1];
    return [{ text: clean(text), options: [], answer: reply !== undefined && isAnswer(reply.who) ? reply.text : null }];
  });
}

function answerText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Text in which a row states boxes: the answers, or the solution. */
export function answersOf(row: JsonObject): readonly string[] {
  if (typeof row.problem === 'string') return [answerText(row.solution) ?? ''];
  return turnsOf(row).flatMap(({ who, text }) => (isAnswer(who) ? [text] : []));
}

function boxesOf(row: JsonObject) {
  return answersOf(row).flatMap(answerBoxes);
}

function stated(
  row: JsonObject,
  place: ImagePlace,
  extent: Size | null,
  size: Size | null,
  notes: RecordNotes,
): DatasetAnnotation[] {
  // ms-swift puts the boxes of `objects` into the text: there they would be the same again.
  if (isObject(row.objects)) return [];
  if (extent !== null && size === null) {
    notes.error(
      'box_frame',
      'Boxes count in other units than pixels of the image, whose size cannot be read: none is shown',
    );
    return [];
  }
  return boxesOf(row).flatMap(({ box: written, label }, at) => {
    const box = extent === null || size === null ? written : resized(written, extent, size);
    if (extent === null && Math.max(box.x1, box.y1, box.x2, box.y2) <= 1) {
      notes.warn('solution', 'The box counts in parts of the image and is not drawn: nothing states its size', at);
      return [];
    }
    notes.checkBox(box, null, 'solution', at);
    return [plainAnnotation(idAt(place, at), label, { kind: 'box', box })];
  });
}

function swiftIsRelative({ objects }: JsonObject): boolean {
  return isObject(objects) && objects.bbox_type === 'norm1';
}

/** ms-swift's `objects`: `ref` and `bbox` in parallel, of which a point has two numbers. */
function objectsOf(row: JsonObject, place: ImagePlace, size: Size | null, notes: RecordNotes): DatasetAnnotation[] {
  const { objects } = row;
  if (!isObject(objects) || !Array.isArray(objects.bbox)) return [];
  const list = (value: JsonValue | undefined) => (Array.isArray(value) ? (value as readonly JsonValue[]) : []);
  const [names, images] = [list(objects.ref), list(objects.image_id)];
  const scale = swiftIsRelative(row) ? size : { width: 1, height: 1 };
  if (scale === null) {
    notes.error('objects', 'Boxes count in parts of the image, whose size cannot be read: none is shown');
    return [];
  }
  return list(objects.bbox).flatMap((entry, at) => {
    if (typeof images[at] === 'number' && images[at] !== 0) return [];
    const numbers = notes.numbers(entry, Array.isArray(entry) && entry.length === 2 ? 2 : 4, 'objects.bbox', at);
    if (numbers === null) return [];
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers.map((n, i) => n * (i % 2 === 0 ? scale.width : scale.height));
    const name = names[at];
    const label = typeof name === 'string' ? name : null;
    if (numbers.length === 2)
      return [plainAnnotation(idAt(place, at), label, { kind: 'points', points: [{ x: x1, y: y1 }] })];
    const box: Box = { x1, y1, x2, y2 };
    notes.checkBox(box, null, 'objects.bbox', at);
    return [plainAnnotation(idAt(place, at), label, { kind: 'box', box })];
  });
}
