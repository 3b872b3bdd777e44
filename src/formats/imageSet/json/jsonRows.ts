import type { ByteSource, DirSource } from '../../../core/ports';
import { UserError } from '../../../core/text/userError';
import type { JsonObject } from '../../columns';
import { headElements } from '../../jsonArrays';
import { headRows } from '../../jsonLines';
import type { ImagePlace } from '../imageSetFormat';
import { JsonArrays } from './jsonArrays';

/** A record of a file of many, as it stands there. */
export interface FileRecord {
  readonly place: ImagePlace;
  /** Valid until the next record is asked for. */
  readonly bytes: Uint8Array;
}

const pieceBytes = 4 * 1024 * 1024;
const longestLine = 256 * 1024 * 1024;
const newLine = 0x0a;

/** Whether a name is one of JSON Lines or of a JSON document. */
export function isRowsName(name: string): boolean {
  return /\.(?:jsonl|json)$/i.test(name);
}

/** Objects at the beginning of JSON Lines, or of a document that is a list. Reads at most 64 KB. */
export async function firstRows(dir: DirSource, file: string): Promise<readonly JsonObject[]> {
  const head = /\.jsonl$/i.test(file) ? await headRows(dir, file) : await headElements(dir, file);
  return head?.rows ?? [];
}

/** Every line of JSON Lines, blank ones aside, or every element of a document that is a list. */
export async function* jsonRows(dir: DirSource, file: string): AsyncGenerator<FileRecord, void> {
  const source = await dir.open(file);
  if (source === null) return;
  if (/\.jsonl$/i.test(file)) {
    yield* lines(source, file);
    return;
  }
  for await (const { key, offset, bytes } of new JsonArrays(source, []).elements())
    if (key === null) yield { place: { file, line: null, stretch: { offset, length: bytes.length } }, bytes };
}

async function* lines(source: ByteSource, file: string): AsyncGenerator<FileRecord, void> {
  const size = await source.size();
  let rest = new Uint8Array();
  let line = 1;
  for (let at = 0; at < size; at += pieceBytes) {
    const piece = await source.read(at, pieceBytes);
    const base = at - rest.length;
    const joined = new Uint8Array(rest.length + piece.length);
    joined.set(rest);
    joined.set(piece, rest.length);
    let start = 0;
    const isLast = at + pieceBytes >= size;
    for (let end = joined.indexOf(newLine); end >= 0; end = joined.indexOf(newLine, start)) {
      yield* whole(joined, start, end, base, line++, file);
      start = end + 1;
    }
    if (isLast) yield* whole(joined, start, joined.length, base, line, file);
    rest = joined.slice(start);
    if (rest.length > longestLine) throw new UserError(`${file}, line ${line} is longer than ${longestLine} bytes.`);
  }
}

function* whole(bytes: Uint8Array, from: number, to: number, base: number, line: number, file: string) {
  let [start, end] = [from, to];
  if (base + start === 0 && bytes[start] === 0xef) start += 3;
  while (start < end && (bytes[start] ?? 0) <= 0x20) start++;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end--;
  if (start === end) return;
  const stretch = { offset: base + start, length: end - start };
  yield { place: { file, line, stretch }, bytes: bytes.subarray(start, end) };
}
