import type { ByteSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { parseTolerantJson } from '../../core/text/tolerantJson';
import { UserError } from '../../core/text/userError';

/** An element of a list of the document, `NaN` where it cannot be read. */
export interface DocumentElement {
  /** Key of the list in the document; '' where the document is the list. */
  readonly list: string;
  readonly index: number;
  /** Undefined for an element that is no JSON. */
  readonly value: JsonValue | undefined;
}

const pieceBytes = 4 * 1024 * 1024;
/** Elements are parsed together up to this many bytes: one by one would take several times as long. */
const batchBytes = 256 * 1024;
/** No annotation is as long; a list that never ends an element is no list of objects. */
const longestElement = 64 * 1024 * 1024;

/** Whole numbers that a double does not hold, where they name something: read as text. */
const longIds = /"(id|image_id|category_id)"(\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;

/**
 * Elements of the lists at the top of a JSON document, or of the document where it is a list: read piece by piece, so that a file
 * of any size is never one text. Ids of 16 digits and more come as strings. Throws `UserError` for what is no such document.
 */
export async function* documentElements(source: ByteSource): AsyncGenerator<readonly DocumentElement[], void> {
  const size = await source.size();
  const splitter = new Splitter();
  let kept = new Uint8Array(0);
  for (let at = 0; at < size && !splitter.ended; ) {
    const piece = await source.read(at, pieceBytes);
    if (piece.length === 0) break;
    at += piece.length;
    const bytes = new Uint8Array(kept.length + piece.length);
    bytes.set(kept);
    bytes.set(piece, kept.length);
    const batches = splitter.take(bytes);
    for (const batch of batches) yield parsed(batch, bytes);
    kept = bytes.slice(splitter.keepFrom);
    if (kept.length > longestElement) throw new UserError(`${source.path}: an element is too large to be read`);
    splitter.moved();
  }
  if (!splitter.ended) throw new UserError(`${source.path}: the file ends inside of its JSON document`);
}

interface Batch {
  readonly list: string;
  readonly index: number;
  /** Start and end of every element in the bytes. */
  readonly spans: readonly (readonly [number, number])[];
}

function parsed({ list, index, spans }: Batch, bytes: Uint8Array): readonly DocumentElement[] {
  const decoder = new TextDecoder();
  const [from, to] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0];
  const text = withTextIds(decoder.decode(bytes.subarray(from, to)));
  try {
    const values = JSON.parse(`[${text}]`) as readonly JsonValue[];
    if (values.length === spans.length) return values.map((value, i) => ({ list, index: index + i, value }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return spans.map(([start, end], i) => ({
    list,
    index: index + i,
    value: tolerant(withTextIds(decoder.decode(bytes.subarray(start, end)))),
  }));
}

// Inside a string its quotes would be escaped: only keys match.
const withTextIds = (text: string): string => text.replace(longIds, '"$1"$2"$3"');

function tolerant(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const isOpen = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClose = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Finds elements in bytes that come in pieces; tells strings and nesting apart, no more. */
class Splitter {
  ended = false;
  /** Bytes from here on are wanted again, in front of the next piece. */
  keepFrom = 0;
  private at = 0;
  private depth = 0;
  private inString = false;
  /** Depth of a list's elements: 1 where the document is the list, else 2; 0 before it is known. */
  private elementDepth = 0;
  private list = '';
  private inList = false;
  private index = 0;
  private start = -1;
  private stringStart = -1;
  private key = '';

  take(bytes: Uint8Array): readonly Batch[] {
    const batches: Batch[] = [];
    let spans: (readonly [number, number])[] = [];
    const flush = (): void => {
      if (spans.length > 0) batches.push({ list: this.list, index: this.index, spans });
      this.index += spans.length;
      spans = [];
    };
    let at = this.at;
    const end = (): void => {
      if (this.inList && this.start >= 0) spans.push([this.start, at]);
      this.start = -1;
      if ((spans.at(-1)?.[1] ?? 0) - (spans[0]?.[0] ?? 0) > batchBytes) flush();
    };
    for (; at < bytes.length && !this.ended; at++) {
      const byte = bytes[at] ?? 0;
      if (this.inString) {
        if (byte === backslash) at++;
        else if (byte === quote) {
          this.inString = false;
          if (this.depth === 1 && !this.inList)
            this.key = new TextDecoder().decode(bytes.subarray(this.stringStart, at));
        }
        continue;
      }
      if (isSpace(byte) || (byte === 0xef && at === 0)) continue;
      if (this.inList && this.start < 0 && byte !== comma && !isClose(byte)) this.start = at;
      if (byte === quote) {
        this.inString = true;
        this.stringStart = at + 1;
      } else if (isOpen(byte)) this.open(byte);
      else if (isClose(byte)) {
        if (this.inList && this.depth === this.elementDepth) {
          end();
          flush();
          this.inList = false;
        }
        this.depth--;
        this.ended = this.depth <= 0;
      } else if (byte === comma && this.inList && this.depth === this.elementDepth) end();
      else if (byte === colon && this.depth === 1 && !this.inList) this.list = this.key;
    }
    flush();
    this.at = at;
    this.keepFrom = Math.min(bytes.length, this.start >= 0 ? this.start : this.inString ? this.stringStart : at);
    return batches;
  }

  /** The bytes up to `keepFrom` are gone. */
  moved(): void {
    this.at -= this.keepFrom;
    if (this.start >= 0) this.start -= this.keepFrom;
    this.stringStart -= this.keepFrom;
    this.keepFrom = 0;
  }

  private open(byte: number): void {
    const isList = byte === 0x5b;
    if (this.elementDepth === 0) this.elementDepth = isList ? 1 : 2;
    this.depth++;
    if (isList && !this.inList && this.depth === this.elementDepth) {
      this.inList = true;
      this.index = 0;
      this.start = -1;
    }
  }
}
