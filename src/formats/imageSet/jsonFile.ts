import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { parseTolerantJson } from '../../core/text/tolerantJson';
import { isObject, type JsonObject, kindOf } from '../columns';
import { encodingOf } from '../encoding';
import { headBytes } from '../head';
import type { ImagePlace } from './imageSetFormat';
import type { RecordNotes } from './recordNotes';

/** A record beyond this is not read: labelme's with a large image inside have some tens of megabytes. */
const mostBytes = 256 * 1024 * 1024;

/** A record's bytes as they stand in its file; null with a problem when it is not there or too large. */
export async function recordBytes(dir: DirSource, place: ImagePlace, notes: RecordNotes): Promise<Uint8Array | null> {
  const source = await dir.open(place.file);
  if (source === null) return notes.error(null, 'The file is not there');
  const { offset, length } = place.stretch ?? { offset: 0, length: await source.size() };
  if (length > mostBytes) return notes.error(null, `The record has ${length} bytes; at most ${mostBytes} are read`);
  return source.read(offset, length);
}

/** The object that a record holds; null with a problem for anything else. */
export function objectOf(bytes: Uint8Array, notes: RecordNotes): JsonObject | null {
  let value: JsonValue;
  try {
    value = parseTolerantJson(new TextDecoder('utf-8').decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return notes.error(null, `This is not JSON: ${error.message}`);
  }
  return isObject(value) ? value : notes.error(null, `There is ${kindOf(value)} where an object is expected`);
}

/**
 * The beginning of a JSON file for a signature, with long strings cut out so that embedded images don't hide what follows
 * them; null when it is not there, empty or no UTF-8. Reads at most 64 KB.
 */
export async function jsonHead(dir: DirSource, file: string): Promise<{ text: string; whole: boolean } | null> {
  const source = await dir.open(file);
  const head = source === null ? new Uint8Array() : await source.read(0, headBytes + 1);
  if (head.length === 0 || encodingOf(head) !== 'utf-8') return null;
  const text = new TextDecoder('utf-8').decode(head.subarray(0, headBytes));
  return { text, whole: head.length <= headBytes };
}
