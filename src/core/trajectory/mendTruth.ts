import type { Box } from '../geometry/box';
import { orderCorners } from '../geometry/box';
import type { JsonValue } from '../text/jsonValue';
import { readTruthBoxes, truthCorners, truthLiteral } from './truthBoxes';

/**
 * A ground truth with boxes put elsewhere, written as its dataset writes it: boxes keep their form (corners, `bbox_2d`,
 * COCO's `bbox`), whole numbers stay whole, and a text keeps every letter but the numbers that change.
 * @param boxes by the order in which `readTruthBoxes` finds them, in the units of the ground truth.
 * @returns null where the boxes cannot be written so that they are read again as they were meant.
 */
export function mendTruthBoxes(value: JsonValue, boxes: ReadonlyMap<number, Box>): JsonValue {
  const before = readTruthBoxes(value);
  const mended = new Mender(boxes).value(value, true);
  const after = readTruthBoxes(mended);
  const right = after.every(({ box }, i) => {
    const meant = boxes.get(i);
    const was = before[i]?.box;
    return (
      was !== undefined &&
      (meant === undefined ? same(box, was, 0) : same(box, orderCorners(meant), isWhole(box) ? 0.5 : 1e-6))
    );
  });
  return right && after.length === before.length && [...boxes.keys()].every((i) => i < before.length) ? mended : null;
}

/** Walks a ground truth as `readTruthBoxes` does. */
class Mender {
  private found = 0;

  constructor(private readonly boxes: ReadonlyMap<number, Box>) {}

  value(value: JsonValue, mayBeText: boolean): JsonValue {
    if (typeof value === 'string') return mayBeText ? this.text(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (!isList(value)) return this.object(value);
    if (truthCorners(value) !== null) return this.numbers(value, false);
    return value.map((element) => {
      if (isList(element)) return truthCorners(element) === null ? element : this.numbers(element, false);
      return this.value(element, mayBeText);
    });
  }

  private object(object: { readonly [key: string]: JsonValue }): JsonValue {
    const replace = (key: string, value: JsonValue) =>
      Object.fromEntries(Object.entries(object).map(([name, old]) => [name, name === key ? value : old]));
    if (object.bbox_2d !== undefined) return replace('bbox_2d', this.value(object.bbox_2d, false));
    if (!isList(object.bbox) || truthCorners(object.bbox, false) === null) return object;
    return replace('bbox', this.numbers(object.bbox, true));
  }

  private numbers(list: readonly JsonValue[], isCoco: boolean): readonly JsonValue[] {
    const box = this.boxes.get(this.found++);
    if (box === undefined) return list;
    const whole = list.every((number) => Number.isInteger(number));
    const ordered = orderCorners(box);
    const [x1, y1, x2, y2] = [ordered.x1, ordered.y1, ordered.x2, ordered.y2].map((number) =>
      whole ? Math.round(number) : Math.round(number * 1e6) / 1e6,
    ) as [number, number, number, number];
    return isCoco ? [x1, y1, x2 - x1, y2 - y1] : [x1, y1, x2, y2];
  }

  private text(text: string): string {
    const literal = truthLiteral(text);
    if (literal === null) return text;
    const before = numbersIn(literal);
    const after = numbersIn(this.value(literal, false));
    const tokens = numberTokens(text);
    if (tokens.length !== before.length || after.length !== before.length) return text;
    let written = '';
    let end = 0;
    for (const [i, { start, length }] of tokens.entries()) {
      const number = after[i];
      if (number === undefined || number === before[i]) continue;
      written += `${text.slice(end, start)}${number}`;
      end = start + length;
    }
    return written + text.slice(end);
  }
}

/** All numbers of a value, in the order in which a text writes them. */
function numbersIn(value: JsonValue): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return (isList(value) ? value : Object.values(value)).flatMap(numbersIn);
}

/** Numbers of a JSON or Python literal outside its strings. */
function numberTokens(text: string): readonly { readonly start: number; readonly length: number }[] {
  const tokens = [];
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/gs;
  for (const { 0: found, index } of text.matchAll(token))
    if (!/^["']/.test(found)) tokens.push({ start: index, length: found.length });
  return tokens;
}

const sides = ['x1', 'y1', 'x2', 'y2'] as const;
const isWhole = (box: Box) => sides.every((side) => Number.isInteger(box[side]));

/** `slack`: what rounding may have changed. */
function same(a: Box, b: Box, slack: number): boolean {
  return sides.every((side) => Math.abs(a[side] - b[side]) <= slack);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
