import type { ByteSource } from '../../../core/ports';
import { UserError } from '../../../core/text/userError';

/** Bytes read at once. */
const pieceBytes = 4 * 1024 * 1024;
/** A longer element is none that anybody writes. */
const mostElementBytes = 256 * 1024 * 1024;

/** An element of an array as it stands in its file. */
export interface JsonElement {
  /** Key of the document that the array belongs to; null where the array is the document. */
  readonly key: string | null;
  /** 0-based in its array. */
  readonly index: number;
  readonly offset: number;
  /** Valid until the next element is asked for. */
  readonly bytes: Uint8Array;
}

/** Where an array stands in its file. */
export interface ArrayBounds {
  /** Offset of `[`. */
  readonly open: number;
  /** Offset of `]`; null where the file ends before it. */
  readonly close: number | null;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * Elements of the arrays directly under a JSON document, or of the document where it is an array, found by streaming: a
 * document of any size is never one string. Tells strings and nesting apart, no more.
 */
export class JsonArrays {
  /** Arrays met so far, by key. */
  readonly bounds = new Map<string | null, ArrayBounds>();
  private buffer = new Uint8Array();
  /** Offset of the buffer's first byte in the file. */
  private base = 0;
  private at = 0;
  private depth = 0;
  private inString = false;
  private stringStart = 0;
  private key: string | null = null;
  private rootIsArray = false;
  /** Depth of the elements of the array that is read; 0 outside. */
  private within = 0;
  private index = 0;
  private elementStart = -1;

  constructor(
    private readonly source: ByteSource,
    /** Keys whose arrays are wanted. */
    private readonly wanted: readonly string[],
    private readonly piece = pieceBytes,
  ) {}

  async *elements(): AsyncGenerator<JsonElement, void> {
    const size = await this.source.size();
    for (let read = 0; read < size; read += this.piece) {
      this.append(await this.source.read(read, this.piece));
      yield* this.scan();
      this.forget();
    }
  }

  /** Bytes from the one that is still needed on stay. */
  private append(piece: Uint8Array): void {
    const joined = new Uint8Array(this.buffer.length + piece.length);
    joined.set(this.buffer);
    joined.set(piece, this.buffer.length);
    this.buffer = joined;
  }

  private forget(): void {
    const needed = this.elementStart >= 0 ? this.elementStart : this.inString ? this.stringStart : this.at;
    const from = Math.min(needed, this.buffer.length);
    if (this.buffer.length - from > mostElementBytes)
      throw new UserError(`${this.source.path} holds an element of more than ${mostElementBytes} bytes.`);
    this.buffer = this.buffer.slice(from);
    this.base += from;
    this.at -= from;
    this.stringStart -= from;
    if (this.elementStart >= 0) this.elementStart = 0;
  }

  private *scan(): Generator<JsonElement, void> {
    const { buffer } = this;
    for (; this.at < buffer.length; this.at++) {
      const byte = buffer[this.at] ?? 0;
      if (this.inString) {
        if (byte === backslash) this.at++;
        else if (byte === quote) this.endString();
        continue;
      }
      if (byte <= 0x20) continue;
      const ends = this.within > 0 && this.depth === this.within && (byte === comma || byte === 0x5d);
      if (ends && this.elementStart >= 0) yield this.endElement();
      else if (!ends && this.depth === this.within && this.within > 0 && this.elementStart < 0)
        this.elementStart = this.at;
      this.mark(byte);
    }
  }

  private mark(byte: number): void {
    if (byte === quote) {
      this.inString = true;
      this.stringStart = this.at;
    } else if (byte === 0x5b || byte === 0x7b) {
      this.depth++;
      if (byte === 0x5b) this.openArray();
    } else if (byte === 0x5d || byte === 0x7d) {
      if (this.within > 0 && this.depth === this.within) this.closeArray();
      this.depth--;
    }
  }

  private openArray(): void {
    if (this.depth === 1) this.rootIsArray = true;
    const key = this.rootIsArray ? null : this.key;
    const isWanted = this.rootIsArray
      ? this.depth === 1
      : this.depth === 2 && key !== null && this.wanted.includes(key);
    if (!isWanted || this.within > 0) return;
    this.within = this.depth;
    this.index = 0;
    this.elementStart = -1;
    this.bounds.set(key, { open: this.base + this.at, close: null });
  }

  private closeArray(): void {
    const key = this.rootIsArray ? null : this.key;
    const open = this.bounds.get(key)?.open ?? 0;
    this.bounds.set(key, { open, close: this.base + this.at });
    this.within = 0;
  }

  private endString(): void {
    this.inString = false;
    // Of the strings at the document's own level the last before an array is its key.
    if (this.depth === 1 && this.within === 0)
      this.key = new TextDecoder().decode(this.buffer.subarray(this.stringStart + 1, this.at));
  }

  private endElement(): JsonElement {
    let end = this.at;
    while ((this.buffer[end - 1] ?? 0) <= 0x20) end--;
    const start = this.elementStart;
    this.elementStart = -1;
    const bytes = this.buffer.subarray(start, end);
    return { key: this.rootIsArray ? null : this.key, index: this.index++, offset: this.base + start, bytes };
  }
}
