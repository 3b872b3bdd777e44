import type { JsonValue } from './jsonValue';
import { LiteralSyntaxError, MAX_DEPTH, readLiteral } from './literalReader';

/**
 * Reads JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers. Otherwise exactly `JSON.parse`, with
 * a leading byte order mark skipped and nesting limited to `MAX_DEPTH` levels.
 * @throws LiteralSyntaxError (a `SyntaxError`) that names the place.
 */
export function parseTolerantJson(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return readLiteral(text, 'json');
  }
  // A level takes two characters at least.
  if (text.length > 2 * MAX_DEPTH && isTooDeep(value))
    throw new LiteralSyntaxError(`nested deeper than ${MAX_DEPTH} levels`, text, 0);
  return value;
}

/** As `parseTolerantJson`, undefined in place of the error: for texts of which many are none, and nobody asks why. */
export function tolerantJsonOrNone(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return text.length > 2 * MAX_DEPTH && isTooDeep(value) ? undefined : value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // What JSON.parse refuses is JSON as Python writes it only with one of these in it.
  if (!/NaN|Infinity|\uFEFF/.test(text)) return undefined;
  try {
    return readLiteral(text, 'json');
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return undefined;
    throw error;
  }
}

/**
 * Reads a Python literal as `repr` writes it: lists, tuples, dicts, single quotes, True, False, None, nan, inf.
 * JSON is read as well.
 * @throws LiteralSyntaxError (a `SyntaxError`) that names the place.
 */
export function parsePythonLiteral(text: string): JsonValue {
  return readLiteral(text, 'python');
}

type Collection = readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Level by level, so that a deep value cannot overflow the stack. */
function isTooDeep(value: JsonValue): boolean {
  let level: Collection[] = [];
  addCollection(level, value);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    const next: Collection[] = [];
    for (const collection of level) {
      if (isList(collection)) for (const child of collection) addCollection(next, child);
      else for (const key in collection) addCollection(next, collection[key] ?? null);
    }
    level = next;
  }
  return false;
}

function addCollection(level: Collection[], value: JsonValue): void {
  if (typeof value === 'object' && value !== null) level.push(value);
}

function isList(collection: Collection): collection is readonly JsonValue[] {
  return Array.isArray(collection);
}
