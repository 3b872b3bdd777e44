import type { ByteSource, DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { isObject, type JsonObject, kindOf, refused } from './columns';
import type { ReadRecord, RecordPlace } from './format';
import { readHead } from './head';

/** Rows of a file's beginning that a signature looks at. */
const rowsTried = 20;

/** The beginning of a JSON Lines file for a signature. */
export interface HeadRows {
  /** The first whole lines that hold objects; torn and foreign ones are left out. */
  readonly rows: readonly JsonObject[];
  /** Beginning of the first line where it is longer than the head; '' otherwise. */
  readonly cut: string;
}

/** Null for a file that is not named `.jsonl`, is not there, is empty or no UTF-8. Reads at most 64 KB. */
export async function headRows(dir: DirSource, file: string): Promise<HeadRows | null> {
  const source: ByteSource | null = file.endsWith('.jsonl') ? await dir.open(file) : null;
  const head = source === null ? null : await readHead(source);
  if (head === null) return null;
  const rows = head.lines.slice(0, rowsTried).map(parsed).filter(isObject);
  return { rows, cut: head.lines.length === 0 ? (head.cut ?? '') : '' };
}

/** The object a line holds, or the refusal to show instead. */
export function objectIn(
  text: string,
  place: RecordPlace,
): { readonly row: JsonObject } | { readonly row: null; readonly refusal: ReadRecord } {
  const no = (message: string) => ({ row: null, refusal: refused(place, message) });
  try {
    const row = parseTolerantJson(text);
    return isObject(row) ? { row } : no(`The line holds ${kindOf(row)} where an object is expected.`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return no(`The line is not JSON: ${error.message}`);
  }
}

/** Undefined where the text is no JSON. */
export function parsed(line: string): JsonValue | undefined {
  try {
    return parseTolerantJson(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
