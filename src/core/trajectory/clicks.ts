import type { JsonValue } from '../text/jsonValue';
import { LiteralSyntaxError, readLiteral } from '../text/literalReader';
import type { JsonObject } from './readBoxes';
import type { Click, TextSpan } from './rollout';
import { insideFence } from './scanObjects';

/** A point found in a response, before it gets its number. */
export type FoundClick = Pick<Click, 'x' | 'y' | 'positive' | 'span'>;

const number = String.raw`\s{0,20}(-?\d{1,12}(?:\.\d{1,20})?|-?\.\d{1,20})\s{0,20}`;
/** More than any response clicks. */
const mostClicks = 10_000;

/** OS-Atlas, in sequence with others: `CLICK <point>[[x, y]]</point>`. */
const pointTag = new RegExp(String.raw`<point>\s{0,20}\[{1,2}${number},${number}\]{1,2}\s{0,20}</point>`, 'g');
/** `pyautogui.click(x=1, y=2)` and its kin, with literal numbers. */
const clickCall = new RegExp(
  String.raw`\b(?:click|doubleClick|double_click|rightClick|right_click|leftClick|left_click|tap|long_press)\((?:x\s{0,5}=)?${number},\s{0,20}(?:y\s{0,5}=)?${number}[,)]`,
  'g',
);
/** UI-TARS: `click(start_box='(1,2)')`. */
const startBox = new RegExp(
  String.raw`\b(?:click|left_double|right_single)\(start_box=['"](?:<\|box_start\|>)?\(${number},${number}\)`,
  'g',
);

/** One of these stands in whatever the patterns match. */
const words = ['<point>', 'lick(', '_double(', '_single(', 'tap(', 'long_press('];

/** Points of GUI actions as text, in order of the text: x first, y second. */
export function scanClicks(text: string, span: TextSpan): readonly FoundClick[] {
  const source = text.slice(span.start, span.end);
  if (!words.some((word) => source.includes(word))) return [];
  const found: FoundClick[] = [];
  for (const pattern of [pointTag, clickCall, startBox]) {
    for (const match of source.matchAll(pattern)) {
      if (found.length === mostClicks) break;
      const start = span.start + match.index;
      found.push({
        x: Number(match[1]),
        y: Number(match[2]),
        positive: null,
        span: { start, end: start + match[0].length },
      });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** `point_2d` of JSON objects (Qwen2.5-VL's pointing), wherever the whole text is JSON or Python. */
export function scanPointObjects(text: string, span: TextSpan): readonly FoundClick[] {
  if (!text.slice(span.start, span.end).includes('point_2d')) return [];
  const inside = insideFence(text, span);
  const found: FoundClick[] = [];
  try {
    readLiteral(text.slice(inside.start, inside.end), 'python', (object, from, to) => {
      const point = Object.hasOwn(object, 'point_2d') ? pointOf(object.point_2d) : null;
      const place = { start: inside.start + from, end: inside.start + to };
      if (point !== null && found.length < mostClicks) found.push({ ...point, positive: null, span: place });
    });
  } catch (error) {
    if (!(error instanceof LiteralSyntaxError)) throw error;
  }
  return found;
}

/** `coordinate` of a GUI tool's arguments (Qwen2.5-VL's computer and mobile use). */
export function clickOfCall(call: JsonObject, span: TextSpan): FoundClick | null {
  const args = call.arguments;
  const holder = isObject(args) ? args : call;
  const point = Object.hasOwn(holder, 'coordinate') ? pointOf(holder.coordinate) : null;
  return point === null ? null : { ...point, positive: null, span };
}

function pointOf(value: JsonValue | undefined): { readonly x: number; readonly y: number } | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [x, y]: readonly JsonValue[] = value;
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x + y) ? { x, y } : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
