import { type Box, orderCorners, type Size } from '../core/geometry/box';
import type { JsonValue } from '../core/text/jsonValue';
import { isObject, type JsonObject } from './columns';

/** What a row of a policy trace says of a question that was answered in words, so that it can be asked again. */
export interface AnsweredQuestion {
  readonly question: string;
  /** The right one first. */
  readonly options: readonly string[];
  /** Index into `options` by place, as they were shown. */
  readonly order: readonly number[];
  readonly answer: string;
  /** Index into `options`; null where the answer names none of them. */
  readonly chosen: number | null;
  /** By their number in the response, in stored pixels of the original; null for one outside. */
  readonly regions: readonly (Box | null)[];
  readonly truth: readonly Box[];
  readonly imageSize: Size;
  /** Of the task model, else of the server that chose the regions; null where neither wrote one. */
  readonly thought: string | null;
  readonly seed: number;
}

/** Null for a row that answers no question in words, or that lacks what is needed to ask it again. */
export function answeredQuestion(row: JsonObject): AnsweredQuestion | null {
  const { question, answer, chosen, seed, image_size: size } = row;
  const imageSize = sizeIn(size);
  if (row.task !== 'question' || typeof question !== 'string' || typeof answer !== 'string') return null;
  if (imageSize === null || typeof seed !== 'number' || !Number.isSafeInteger(seed)) return null;
  const options = listOf(row.options).filter((one): one is string => typeof one === 'string');
  const order = listOf(row.options_order).filter((one): one is number => typeof one === 'number');
  // Options in another order than the first time would be another question.
  if ([...order].sort((a, b) => a - b).some((place, i) => place !== i) || order.length !== options.length) return null;
  return {
    question,
    options,
    order,
    answer,
    chosen: typeof chosen === 'number' ? chosen : null,
    regions: listOf(row.regions).map(boxIn),
    truth: listOf(row.truth_boxes).flatMap((one) => (isObject(one) ? (boxIn(one.bbox_2d) ?? []) : [])),
    imageSize,
    thought: thoughtIn(row),
    seed,
  };
}

function thoughtIn(row: JsonObject): string | null {
  const answered = listOf(row.calls).filter(isObject).at(-1)?.output;
  const own = typeof answered === 'string' ? thoughtOf(answered) : null;
  if (own !== null) return own;
  // What a program or a person chose was not thought in words.
  const server = isObject(row.policy) && row.policy.kind === 'server';
  return server && typeof row.output === 'string' ? thoughtOf(row.output) : null;
}

function thoughtOf(text: string): string | null {
  const start = text.indexOf('<think>');
  const end = text.indexOf('</think>', start);
  const thought = start < 0 || end < 0 ? '' : text.slice(start + '<think>'.length, end).trim();
  return thought === '' ? null : thought;
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

function boxIn(value: JsonValue | undefined): Box | null {
  const [x1, y1, x2, y2] = listOf(value);
  if (![x1, y1, x2, y2].every((side) => typeof side === 'number' && Number.isFinite(side))) return null;
  const box = orderCorners({ x1: Number(x1), y1: Number(y1), x2: Number(x2), y2: Number(y2) });
  return box.x2 > box.x1 && box.y2 > box.y1 ? box : null;
}

function sizeIn(value: JsonValue | undefined): Size | null {
  const [, width, height] = typeof value === 'string' ? (/^(\d{1,7})x(\d{1,7})$/.exec(value) ?? []) : [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}
