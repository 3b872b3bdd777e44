import type { Box } from '../geometry/box';
import { orderCorners } from '../geometry/box';
import type { JsonValue } from '../text/jsonValue';
import { LiteralSyntaxError, readLiteral } from '../text/literalReader';
import type { TruthBox } from './rollout';

/** Longer strings are prose or a hostile file, not a ground truth of boxes. */
const MAX_TEXT = 1_000_000;
/** More boxes than any image of the named datasets has. */
const MAX_BOXES = 10_000;

/**
 * Boxes in a logged ground truth, in the units they are written in, corners ordered. Read are `[x1, y1, x2, y2]`, lists
 * of it, `{bbox_2d: [x1, y1, x2, y2], label}`, COCO's `{bbox: [x, y, width, height], label or category}`, and any of
 * these as a string of JSON or Python. Everything else, also a box with a number that is not finite, is no box.
 */
export function readTruthBoxes(value: JsonValue): readonly TruthBox[] {
  const boxes: TruthBox[] = [];
  collect(value, boxes, true);
  return boxes;
}

function collect(value: JsonValue, boxes: TruthBox[], mayBeText: boolean): void {
  if (boxes.length >= MAX_BOXES) return;
  if (typeof value === 'string') {
    const literal = mayBeText ? truthLiteral(value) : null;
    if (literal !== null) collect(literal, boxes, false);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (!isList(value)) {
    collectObject(value, boxes);
    return;
  }
  const box = truthCorners(value);
  if (box !== null) {
    boxes.push({ box, label: null });
    return;
  }
  for (const element of value) {
    const inner = typeof element === 'object' && element !== null && isList(element) ? truthCorners(element) : null;
    if (inner !== null && boxes.length < MAX_BOXES) boxes.push({ box: inner, label: null });
    else if (typeof element === 'string' || !isList(element)) collect(element, boxes, mayBeText);
  }
}

function collectObject(object: { readonly [key: string]: JsonValue }, boxes: TruthBox[]): void {
  const label = [object.label, object.category].find((l) => typeof l === 'string') ?? null;
  const named: TruthBox[] = [];
  if (object.bbox_2d !== undefined) collect(object.bbox_2d, named, false);
  else if (isList(object.bbox)) named.push(...fromCoco(object.bbox));
  for (const { box } of named) if (boxes.length < MAX_BOXES) boxes.push({ box, label });
}

function fromCoco(value: readonly JsonValue[]): readonly TruthBox[] {
  const numbers = truthCorners(value, false);
  if (numbers === null) return [];
  const { x1: x, y1: y, x2: width, y2: height } = numbers;
  return [{ box: orderCorners({ x1: x, y1: y, x2: x + width, y2: y + height }), label: null }];
}

/** Four finite numbers and nothing else; null otherwise. */
export function truthCorners(list: readonly JsonValue[], ordered = true): Box | null {
  const [x1, y1, x2, y2] = list;
  if (list.length !== 4) return null;
  if (!isFiniteNumber(x1) || !isFiniteNumber(y1) || !isFiniteNumber(x2) || !isFiniteNumber(y2)) return null;
  const box = { x1, y1, x2, y2 };
  return ordered ? orderCorners(box) : box;
}

/** The list or object that a text writes as JSON or Python; null for any other text. */
export function truthLiteral(text: string): JsonValue {
  const trimmed = text.length > MAX_TEXT ? '' : text.trim();
  if (!/^[[{(]/.test(trimmed)) return null;
  try {
    return readLiteral(trimmed, 'python');
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return null;
    throw error;
  }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
