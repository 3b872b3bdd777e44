import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { isObject } from '../../columns';
import { folderOf } from '../../paths';
import { answerBoxes } from '../answerBoxes';
import { answerExtent } from '../answerFrame';
import { refCocoJson, sftJson, storedSize } from '../conversationSets';
import { pathFrom } from '../imageFiles';
import { imagefolderMetadata, labelKeys } from '../imagefolderMetadata';
import { type JsonNode, jsonAt, jsonNode, memberOf } from '../json/jsonNode';
import { boxOfShape } from '../plainAnnotation';
import type { RecordNotes } from '../recordNotes';
import { rounded, xywhOf } from './boxNumbers';
import { placeIn, type SortedChanges, same } from './changes';
import type { Edit } from './edits';
import type { ImageSetWriter } from './imageSetWriter';
import { JsonEdits } from './jsonEdits';
import { editObjectList, editParallel } from './parallelLists';
import { fileEach, type RecordToEdit, recordWriter, unwritable } from './recordWriter';

/** Hugging Face's `metadata.jsonl`; a table with commas has no objects. */
export const imagefolderWriter: ImageSetWriter = recordWriter(
  imagefolderMetadata,
  (record) => {
    if (!record.image.place.file.endsWith('.jsonl'))
      return refuse(record.notes, 'metadata.csv has no place for objects');
    const edits = new JsonEdits(record.bytes, record.base);
    editObjects(jsonNode(record.bytes), record.bytes, edits, record, record.notes);
    return edits.edits;
  },
  fileEach,
);

/** `objects` of a row as Hugging Face's data sets state them: an object of lists, which is made where there is none, or a list of objects. */
export function editObjects(
  root: JsonNode,
  bytes: Uint8Array,
  edits: JsonEdits,
  changes: SortedChanges,
  notes: RecordNotes,
): void {
  const objects = memberOf(root, 'objects')?.value;
  if (objects?.kind === 'object') {
    const hasBoxes = editParallel(objects, bytes, edits, changes, {
      labels: labelKeys,
      numbers: (after, before, node) => xywh(after, before, node, bytes, notes),
    });
    if (!hasBoxes) refuseAdded(notes, changes);
  } else if (objects?.kind === 'array')
    editObjectList(objects, bytes, edits, changes, {
      labels: labelKeys,
      numbers: (after, before, node) => xywh(after, before, node, bytes, notes),
    });
  else if (objects !== undefined && jsonAt(bytes, objects) !== null)
    refuse(notes, '"objects" is neither lists nor a list: it stays as it was');
  else if (changes.added.length > 0) {
    const stated = changes.added.flatMap((one) => {
      const bbox = xywh(one, null, null, bytes, notes);
      return bbox === null ? [] : [{ bbox, label: one.label ?? '' }];
    });
    const categories = stated.map(({ label }) => label);
    edits.setMembers(root, { objects: { bbox: stated.map(({ bbox }) => bbox), categories } });
  }
}

/** VLM-R1's rows: boxes in `solution` or in the answers' text. */
export const refCocoWriter: ImageSetWriter = recordWriter(refCocoJson, (record) => conversationEdits(record), fileEach);

/** LLaMA-Factory's and ms-swift's rows: `objects`, or boxes in the answers' text. */
export const sftWriter: ImageSetWriter = recordWriter(sftJson, (record) => conversationEdits(record), fileEach);

async function conversationEdits(record: RecordToEdit): Promise<readonly Edit[]> {
  const { bytes, base, notes, dir, image } = record;
  const root = jsonNode(bytes);
  const edits = new JsonEdits(bytes, base);
  const objects = memberOf(root, 'objects')?.value;
  if (objects === undefined) {
    const row = jsonAt(bytes, root);
    if (isObject(row) && answerExtent(row) !== null)
      return refuse(notes, 'Boxes in answers stay as they were: they count in other units than pixels of the image');
    editAnswers(root, edits, record);
    return edits.edits;
  }
  const path = pathFrom(folderOf(image.place.file), image.file);
  const sides = isRelative(bytes, objects) ? await storedSize(dir, path) : { width: 1, height: 1 };
  if (sides === null) return refuse(notes, 'Boxes in parts of the image stay as they were: its size cannot be read');
  const hasBoxes = editParallel(objects, bytes, edits, record, {
    labels: ['ref'],
    numbers: (after, before, node) => {
      if (before !== null && same(before.shape, after.shape)) return null;
      const [fresh, old] = [corners(after, notes), before === null ? null : corners(before, notes)];
      if (fresh === null) return null;
      return fresh.map((number, at) => {
        const stated = node?.elements[at];
        // A side that did not move keeps the part that stands there, which arithmetic would not bring back.
        if (stated !== undefined && old?.length === fresh.length && old[at] === number) return jsonAt(bytes, stated);
        return rounded(number / (at % 2 === 0 ? sides.width : sides.height));
      });
    },
  });
  if (!hasBoxes) refuseAdded(notes, record);
  return edits.edits;
}

/** What has no box to be read has none to be changed. */
function refuseAdded(notes: RecordNotes, { added }: SortedChanges): void {
  if (added.length > 0) refuse(notes, '"objects" has no list "bbox" for the boxes that were added: it stays as it was');
}

function refuse(notes: RecordNotes, message: string): readonly Edit[] {
  notes.warn('objects', message);
  return [];
}

function isRelative(bytes: Uint8Array, objects: JsonNode): boolean {
  const value = jsonAt(bytes, objects);
  return isObject(value) && value.bbox_type === 'norm1';
}

function xywh(
  after: DatasetAnnotation,
  before: DatasetAnnotation | null,
  node: JsonNode | null,
  bytes: Uint8Array,
  notes: RecordNotes,
) {
  const box = boxOfShape(after.shape) ?? after.box;
  if (box === null) return unwritable(notes, after.shape.kind, 'a box');
  if (node !== null) return xywhOf(box, before?.box ?? null, node, bytes);
  return [box.x1, box.y1, rounded(box.x2 - box.x1), rounded(box.y2 - box.y1)];
}

function corners(after: DatasetAnnotation, notes: RecordNotes): number[] | null {
  const { shape } = after;
  const [point, more] = shape.kind === 'points' ? shape.points : [];
  if (point !== undefined && more === undefined) return [point.x, point.y];
  const box = boxOfShape(shape) ?? after.box;
  return box === null ? unwritable(notes, shape.kind, 'a box') : [box.x1, box.y1, box.x2, box.y2];
}

/** Boxes in the text of answers, or in a `solution` that is the box: one that changed is written where it stood. */
function editAnswers(root: JsonNode, edits: JsonEdits, { bytes, changed, removed, added, notes }: RecordToEdit): void {
  if (removed.length + added.length > 0)
    notes.warn(
      'solution',
      'Boxes in an answer can be moved, but neither added nor removed: the text would no longer be true',
    );
  const moved = new Map(changed.map(({ before, after }) => [placeIn(before), after]));
  let at = 0;
  for (const node of answerNodes(root, bytes)) {
    const value = jsonAt(bytes, node);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    let fresh = '';
    let from = 0;
    for (const { start, end } of answerBoxes(text)) {
      const after = moved.get(at++);
      const numbers = after === undefined ? null : corners(after, notes);
      if (numbers === null || numbers.length !== 4) continue;
      fresh += text.slice(from, start) + withNumbers(text.slice(start, end), numbers);
      from = end;
    }
    if (from === 0) continue;
    const whole = fresh + text.slice(from);
    edits.set(node, typeof value === 'string' ? whole : JSON.parse(whole));
  }
}

/** The same brackets and spaces around other numbers; those that are equal stay as they are written. */
function withNumbers(list: string, numbers: readonly number[]): string {
  let at = 0;
  return list.replace(/-?\d+(?:\.\d+)?/g, (word) => {
    const number = numbers[at++] ?? 0;
    return Number(word) === number ? word : String(rounded(number));
  });
}

/** Values in which `answersOf` finds its texts, in its order. */
function answerNodes(root: JsonNode, bytes: Uint8Array): readonly JsonNode[] {
  const solution = memberOf(root, 'solution')?.value;
  if (memberOf(root, 'problem') !== undefined) return solution === undefined ? [] : [solution];
  const list = (memberOf(root, 'conversations') ?? memberOf(root, 'messages'))?.value;
  return (list?.elements ?? []).flatMap((turn) => {
    const who = memberOf(turn, 'from') ?? memberOf(turn, 'role');
    const name = who === undefined ? null : jsonAt(bytes, who.value);
    const said = (memberOf(turn, 'value') ?? memberOf(turn, 'content'))?.value;
    return said !== undefined && said.kind === 'plain' && (name === 'gpt' || name === 'assistant') ? [said] : [];
  });
}
