import type { JsonValue } from '../text/jsonValue';
import { tolerantJsonOrNone } from '../text/tolerantJson';
import { forEachDemoObject, insideFence, isObject } from '../trajectory/scanObjects';

const ws = String.raw`[ \t\n\r]*`;
const number = String.raw`-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?`;
const box = `\\[${ws}${number}(?:${ws},${ws}${number}){3}${ws}\\]`;
const label = String.raw`"[^"\\\x00-\x1f]*"`;
const object = `\\{${ws}"bbox_2d"${ws}:${ws}${box}${ws},${ws}"label"${ws}:${ws}${label}${ws}\\}`;
/**
 * A list as the prompt asks for it, in JSON's own white space, finite numbers and texts without escapes. Nearly every response holds one,
 * and is known to be right without being read. Whatever this does not match is read. No two parts take the same text: its time is linear.
 */
const usualList = new RegExp(`^\\[${ws}${object}(?:${ws},${ws}${object})*${ws}\\]$`);

/**
 * R_format of the ACTIVE-O3 paper (App. B): 1 when the answer is valid JSON, a list of objects with `bbox_2d`, and the
 * response has both a `<think>` and an `<answer>` pair; else 0. Our reading of what the paper leaves open: the list
 * stands in the first `<answer>`, a ```json fence around it is allowed, and an empty list holds no `bbox_2d`.
 */
export function formatReward(response: string): 0 | 1 {
  const answer = between(response, '<answer>', '</answer>');
  if (answer === null || between(response, '<think>', '</think>') === null) return 0;
  const { start, end } = insideFence(answer, { start: 0, end: answer.length });
  const source = answer.slice(start, end);
  if (usualList.test(source)) return 1;
  const list = tolerantJsonOrNone(source);
  if (!Array.isArray(list) || list.length === 0) return 0;
  return list.every((v: JsonValue) => isObject(v) && isBox(v.bbox_2d)) ? 1 : 0;
}

/**
 * The soft JSON format of Omni-R1's `sod_reward`: 1 when every object that its regex finds and JSON reads has a
 * `bbox_2d` of four elements and a `label` that is a string. No object at all scores 1 too.
 */
export function softJsonFormatReward(response: string): 0 | 1 {
  let allGood = true;
  forEachDemoObject(response, ({ start, end }) => {
    const object = jsonOf(response.slice(start, end));
    if (object === undefined || !isObject(object)) return true;
    allGood = isListOfFour(object.bbox_2d) && typeof object.label === 'string';
    return allGood;
  });
  return allGood ? 1 : 0;
}

/**
 * Omni-R1's `format_reward`: 1 when the whole response is `<think>…</think>`, white space, `<answer>…</answer>`.
 */
export function tagFormatReward(response: string): 0 | 1 {
  const open = '<think>';
  const close = '</answer>';
  if (!response.startsWith(open) || !response.endsWith(close)) return 0;
  const middle = /<\/think>\s*<answer>/g;
  middle.lastIndex = open.length;
  const found = middle.exec(response);
  return found !== null && found.index + found[0].length <= response.length - close.length ? 1 : 0;
}

function between(text: string, open: string, close: string): string | null {
  const start = text.indexOf(open);
  const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
  return end === -1 ? null : text.slice(start + open.length, end);
}

/** Undefined where the text is no JSON. */
function jsonOf(text: string): JsonValue | undefined {
  const { start, end } = insideFence(text, { start: 0, end: text.length });
  return tolerantJsonOrNone(text.slice(start, end));
}

function isBox(value: JsonValue | undefined): boolean {
  return isListOfFour(value) && value.every((n) => typeof n === 'number' && Number.isFinite(n));
}

function isListOfFour(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value) && value.length === 4;
}
