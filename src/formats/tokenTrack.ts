import type { JsonValue } from '../core/text/jsonValue';
import type { TokenTrack } from '../core/trajectory/rollout';
import { type Columns, kindOf } from './columns';

/** Bytes of a part of a character, decoded by themselves, become this mark. */
const fragment = '\ufffd';
/** UTF-16 units that the character of one mark may take at most. */
const unitsOfFragment = 2;

/**
 * Where each token stands in `response`, by its text and in order: offsets in UTF-16 units, ascending. Tokens were decoded
 * one by one, so those that share a character hold replacement marks; they begin where the character does. Null when the
 * tokens don't spell the response.
 */
export function tokenStarts(tokens: readonly string[], response: string): readonly number[] | null {
  const starts: number[] = [];
  const cursor = { at: 0, marks: 0 };
  for (const token of tokens) {
    const start = advance(response, token, cursor);
    if (start === null) return null;
    starts.push(start);
  }
  const left = response.length - cursor.at;
  return left <= cursor.marks * unitsOfFragment && (left > 0 || cursor.marks === 0) ? starts : null;
}

/** `at`: behind the last text found. `marks`: replacement marks since, whose characters are still to be passed over. */
interface Cursor {
  at: number;
  marks: number;
}

/** Moves behind the token and returns where it begins; null when it does not come next. */
function advance(response: string, token: string, cursor: Cursor): number | null {
  let start: number | null = null;
  for (const [i, text] of token.split(fragment).entries()) {
    if (i > 0) {
      start ??= cursor.at;
      cursor.marks++;
    }
    if (text === '') continue;
    const place = find(response, text, cursor);
    if (place === null) return null;
    start ??= place;
    cursor.at = place + text.length;
    cursor.marks = 0;
  }
  return start ?? cursor.at;
}

/** The nearest place of `text` behind the characters that the pending marks stand for. */
function find(response: string, text: string, { at, marks }: Cursor): number | null {
  const least = marks > 0 ? 1 : 0;
  for (let place = at + least; place <= at + marks * unitsOfFragment; place++)
    if (response.startsWith(text, place)) return place;
  return null;
}

/** Names that a writer gives the per-token lists. */
export interface TokenColumns {
  readonly tokens: string;
  readonly rewards: string;
  readonly logprobs: string;
  readonly values: string;
}

/**
 * The token track of a row; its lists are fields no longer. Undefined, and the lists stay, where the row has no tokens or
 * they cannot be told apart in the response, which is noted.
 */
export function readTokens(columns: Columns, names: TokenColumns, response: string): TokenTrack | undefined {
  const tokens = columns.peek(names.tokens);
  if (tokens === undefined || tokens === null) return undefined;
  if (!Array.isArray(tokens) || !tokens.every((token: JsonValue) => typeof token === 'string')) {
    columns.note(
      'warning',
      names.tokens,
      `is ${kindOf(tokens)} that does not hold texts only; tokens are not coloured.`,
    );
    return undefined;
  }
  const starts = tokenStarts(tokens as readonly string[], response);
  if (starts === null) {
    columns.note('warning', names.tokens, 'does not spell the response; tokens are not coloured.');
    return undefined;
  }
  columns.take(names.tokens);
  const numbers = (name: string) => numbersFor(columns, name, tokens.length);
  return {
    starts,
    rewards: numbers(names.rewards),
    logprobs: numbers(names.logprobs),
    values: numbers(names.values),
  };
}

function numbersFor(columns: Columns, name: string, count: number): readonly number[] | null {
  const list = columns.peek(name);
  if (list === undefined || list === null) return null;
  if (!Array.isArray(list) || !list.every((value: JsonValue) => typeof value === 'number')) {
    columns.note('warning', name, `is ${kindOf(list)} that does not hold numbers only; it is no track.`);
    return null;
  }
  if (list.length !== count) {
    columns.note('warning', name, `holds ${list.length} numbers for ${count} tokens; it is no track.`);
    return null;
  }
  columns.take(name);
  return list as readonly number[];
}
