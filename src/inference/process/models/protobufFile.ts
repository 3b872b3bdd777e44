import { readSync } from 'node:fs';

/** A field of a protobuf message in a file: a number, or where its bytes stand. */
export interface Field {
  readonly number: number;
  /** Of a varint; 0 otherwise. */
  readonly value: number;
  /** First byte and the byte behind the last of a length-delimited field; null otherwise. */
  readonly range: Range | null;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const windowBytes = 1 << 16;
/** A varint has at most ten bytes. */
const longestVarint = 10;

/**
 * Walks protobuf messages in a file without reading what is skipped: a model's weights may be gigabytes. Throws a `RangeError`
 * where the bytes are no protobuf.
 */
export class ProtobufFile {
  private readonly window = new Uint8Array(windowBytes);
  private start = 0;
  private length = 0;

  /** @param file an open descriptor. */
  constructor(
    private readonly file: number,
    readonly size: number,
  ) {}

  /** Fields of the message in `range`, in order. */
  *fields({ from, to }: Range): Generator<Field> {
    let at = from;
    while (at < to) {
      const tag = this.varint(at, to);
      const number = Math.floor(tag.value / 8);
      const wire = tag.value % 8;
      if (number === 0) throw new RangeError(`no field at byte ${at}`);
      at = tag.next;
      if (wire === 0) {
        const { value, next } = this.varint(at, to);
        yield { number, value, range: null };
        at = next;
      } else if (wire === 2) {
        const { value, next } = this.varint(at, to);
        if (value > to - next) throw new RangeError(`a field at byte ${at} goes beyond its message`);
        yield { number, value: 0, range: { from: next, to: next + value } };
        at = next + value;
      } else if (wire === 1 || wire === 5) {
        at += wire === 1 ? 8 : 4;
        if (at > to) throw new RangeError(`a field at byte ${at} goes beyond its message`);
        yield { number, value: 0, range: null };
      } else throw new RangeError(`no field at byte ${at}`);
    }
  }

  /** Text of a field, cut at `most` bytes. */
  text({ from, to }: Range, most = 1024): string {
    const bytes = new Uint8Array(Math.min(to - from, most));
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.byte(from + at);
    return new TextDecoder().decode(bytes);
  }

  private varint(at: number, to: number): { readonly value: number; readonly next: number } {
    let value = 0;
    for (let i = 0; i < longestVarint && at + i < to; i++) {
      const byte = this.byte(at + i);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: at + i + 1 };
    }
    throw new RangeError(`no number at byte ${at}`);
  }

  private byte(at: number): number {
    if (at < this.start || at >= this.start + this.length) {
      this.start = at;
      this.length = readSync(this.file, this.window, 0, windowBytes, at);
      if (this.length === 0) throw new RangeError(`the file ends at byte ${at}`);
    }
    return this.window[at - this.start] ?? 0;
  }
}
