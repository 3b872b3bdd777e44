import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { isObject } from '../../columns';
import { answerBoxes } from '../answerBoxes';
import { refCocoJson, sftJson } from '../conversationSets';
import { imagefolderMetadata } from '../imagefolderMetadata';
import { type JsonNode, jsonAt, jsonNode, memberOf } from '../json/jsonNode';
import { boxOfShape } from '../plainAnnotation';
import type { RecordNotes } from '../recordNotes';
import { rounded, xywhOf } from './boxNumbers';
import { placeIn, same } from './changes';
import type { Edit } from './edits';
import type { ImageSetWriter } from './imageSetWriter';
import { JsonEdits } from './jsonEdits';
import { editParallel } from './parallelLists';
import { fileEach, type RecordToEdit, recordWriter, unwritable } from './recordWriter';

/** Hugging Face's `metadata.jsonl`; a table with commas has no objects. */
export const imagefolderWriter: ImageSetWriter = recordWriter(
  imagefolderMetadata,
  (record) => {
    if (!record.image.place.file.endsWith('.jsonl'))
      return refuse(record.notes, 'metadata.csv has no place for objects');
    const { bytes, base, notes, added } = record;
    const root = jsonNode(bytes);
    const edits = new JsonEdits(bytes, base);
    const objects = memberOf(root, 'objects')?.value;
    if (objects?.kind === 'object')
      editParallel(objects, bytes, edits, record, {
        labels: ['categories', 'category', 'label', 'labels', 'category_id'],
        numbers: (after, before, node) => xywh(after, before, node, bytes, notes),
      });
    else if (objects !== undefined) return refuse(notes, '"objects" is no object of lists: it stays as it was');
    else if (added.length > 0) {
      const boxes = added.map((one) => xywh(one, null, null, bytes, notes) ?? []);
      edits.setMembers(root, { objects: { bbox: boxes, categories: added.map(({ label }) => label ?? '') } });
    }
    return edits.edits;
  },
  fileEach,
);

/** VLM-R1's rows: boxes in `solution` or in the answers' text. */
export const refCocoWriter: ImageSetWriter = recordWriter(refCocoJson, (record) => conversationEdits(record), fileEach);

/** LLaMA-Factory's and ms-swift's rows: `objects`, or boxes in the answers' text. */
export const sftWriter: ImageSetWriter = recordWriter(sftJson, (record) => conversationEdits(record), fileEach);

function conversationEdits(record: RecordToEdit): readonly Edit[] {
  const { bytes, base, notes } = record;
  const root = jsonNode(bytes);
  const edits = new JsonEdits(bytes, base);
  const objects = memberOf(root, 'objects')?.value;
  if (objects === undefined) editAnswers(root, edits, record);
  else if (isRelative(bytes, objects)) refuse(notes, 'Boxes in parts of the image ("norm1") stay as they were');
  else
    editParallel(objects, bytes, edits, record, {
      labels: ['ref'],
      numbers: (after, before) => (before !== null && same(before.shape, after.shape) ? null : corners(after, notes)),
    });
  return edits.edits;
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
