import type { Box } from '../geometry/box';
import { orderCorners } from '../geometry/box';
import type { JsonValue } from '../text/jsonValue';
import type { Repair, TextSpan } from './rollout';

/** A box found in a response, before it gets its number. */
export interface FoundBox {
  readonly box: Box;
  /** As in `Region`. */
  readonly written?: Box;
  readonly confidence?: number;
  readonly label: string | null;
  readonly span: TextSpan;
  readonly repairs: readonly Repair[];
}

/** What an object turned out to hold: boxes, or why the box it promised cannot be read, or neither. */
export interface ObjectReading {
  readonly boxes: readonly FoundBox[];
  readonly failure: string | null;
}

export type JsonObject = { readonly [key: string]: JsonValue };

const NOTHING: ObjectReading = { boxes: [], failure: null };
/** The malformed output that ACTIVE-O3's parser knows: the numbers stand inside the key. */
const BOX_IN_KEY = /^bbox_2d\s*\[(.*?)\]$/;
/** Texts kept in a repair are cut at this length. */
const EXCERPT = 2000;

/**
 * Reads `bbox_2d` (and what else `keys` names) of one object as x1, y1, x2, y2, with its `label`.
 * @param span where the object stands in `text`.
 * @param lists whether one key may hold a list of boxes.
 */
export function readBoxObject(
  object: JsonObject,
  text: string,
  span: TextSpan,
  keys: readonly string[],
  lists: boolean,
): ObjectReading {
  const key = keys.find((k) => Object.hasOwn(object, k));
  if (key === undefined) return readBoxInKey(object, text, span);
  const value = object[key];
  const label = typeof object.label === 'string' ? object.label : null;
  const { Confidence: confidence } = object;
  if (key === 'Position' && isFiniteNumber(confidence)) {
    const { boxes, failure } = readNumbers(value ?? null, key, label, text, span, () => listPlace(text, span, key));
    return { boxes: boxes.map((box) => ({ ...box, confidence })), failure };
  }
  const place = (): TextSpan => listPlace(text, span, key);
  if (lists && Array.isArray(value) && value.length > 0 && value.every((v) => Array.isArray(v))) {
    const readings = value.map((v: JsonValue) => readNumbers(v, key, label, text, span, () => span));
    return { boxes: readings.flatMap((r) => r.boxes), failure: readings.find((r) => r.failure)?.failure ?? null };
  }
  return readNumbers(value ?? null, key, label, text, span, place);
}

/** Reads a bare `[x1, y1, x2, y2]` that stands at `span`. */
export function readBareBox(numbers: readonly number[], text: string, span: TextSpan): ObjectReading {
  return readNumbers(numbers, 'the list', null, text, span, () => span);
}

/** Text as a repair shows it: long ones are cut. */
export function excerpt(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}

function readBoxInKey(object: JsonObject, text: string, span: TextSpan): ObjectReading {
  for (const key of Object.keys(object)) {
    const inside = BOX_IN_KEY.exec(key)?.[1];
    if (inside === undefined) continue;
    const numbers = inside.split(',').map((n) => (n.trim() === '' ? Number.NaN : Number(n)));
    const value = object[key];
    const label = typeof value === 'string' ? value : typeof object.label === 'string' ? object.label : null;
    const { boxes, failure } = readNumbers(numbers, 'bbox_2d', label, text, span, () => span);
    const mended = JSON.stringify({ bbox_2d: numbers.slice(0, 4), ...(label === null ? {} : { label }) });
    const repair: Repair = { kind: 'boxInKey', span, before: written(text, span), after: excerpt(mended) };
    return { boxes: boxes.map((b) => ({ ...b, repairs: [repair, ...b.repairs] })), failure };
  }
  return NOTHING;
}

function readNumbers(
  value: JsonValue,
  name: string,
  label: string | null,
  text: string,
  span: TextSpan,
  placeOf: () => TextSpan,
): ObjectReading {
  if (!Array.isArray(value)) return { boxes: [], failure: `${name} is no list of four numbers` };
  if (value.length < 4) return { boxes: [], failure: `${name} holds ${value.length} numbers where four belong` };
  const [x1, y1, x2, y2] = value;
  if (!isFiniteNumber(x1) || !isFiniteNumber(y1) || !isFiniteNumber(x2) || !isFiniteNumber(y2)) {
    return { boxes: [], failure: `${name} holds something that is not a finite number` };
  }
  const box = orderCorners({ x1, y1, x2, y2 });
  const tooMany = value.length > 4;
  const swapped = box.x1 !== x1 || box.y1 !== y1;
  const repairs: Repair[] = [];
  if (tooMany || swapped) {
    const place = placeOf();
    const before = written(text, place);
    if (tooMany) repairs.push({ kind: 'tooManyNumbers', span: place, before, after: `[${x1}, ${y1}, ${x2}, ${y2}]` });
    const after = `[${box.x1}, ${box.y1}, ${box.x2}, ${box.y2}]`;
    if (swapped) repairs.push({ kind: 'swappedCorners', span: place, before, after });
  }
  const found = { box, label, span, repairs };
  return { boxes: [swapped ? { ...found, written: { x1, y1, x2, y2 } } : found], failure: null };
}

/** Where the list behind a key stands; the whole object when it cannot be found. */
function listPlace(text: string, span: TextSpan, key: string): TextSpan {
  const source = text.slice(span.start, span.end);
  const open = source.indexOf('[', source.indexOf(key) + key.length);
  const close = open === -1 ? -1 : source.indexOf(']', open);
  return close === -1 ? span : { start: span.start + open, end: span.start + close + 1 };
}

function written(text: string, span: TextSpan): string {
  return excerpt(text.slice(span.start, span.end));
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
