import { readFully } from '../files/fileSource';
import type { OpenFile } from '../files/traceFolder';

/** A line longer than this is passed over and reported: it would not fit the message that carries it either. */
export const maxRowBytes = 64 * 1024 * 1024;

const firstCapacity = 1024 * 1024;
const newline = 10;

/** A line that exceeds `maxRowBytes`. */
export interface LongLine {
  /** 1-based. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
}

/** Lines found in one stretch of a file. Valid until the next batch is asked for: the buffer is used again. */
export interface LineBatch {
  readonly buffer: Buffer;
  /** File offset of `buffer[0]`. */
  readonly base: number;
  /** Line `i` is `buffer[starts[i], ends[i])`, without its newline; entries from `count` on are stale. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
  /** 1-based number of the first line of the batch. */
  readonly firstLine: number;
  readonly tooLong: LongLine | null;
  /** Bytes of the file passed so far. */
  readonly position: number;
  /** The last line has no newline at its end: the writer stopped in the middle, or is still writing. */
  readonly unterminated: boolean;
  /** The file ends with this batch. */
  readonly last: boolean;
}

/**
 * The index pass: cuts a file into lines by searching bytes, one batch per read. A line that does not fit the buffer makes
 * it grow up to `maxRowBytes`; the buffer shrinks again afterwards.
 * @param from where to begin, and the 1-based number of the line there.
 */
export async function* readLines(handle: OpenFile, from = { offset: 0, line: 1 }): AsyncGenerator<LineBatch, void> {
  const splitter = new Splitter(from.offset, from.line);
  for (;;) {
    const space = splitter.space();
    const got = await readFully(handle, space, splitter.position);
    yield splitter.advance(got, got < space.length);
    if (got < space.length) return;
  }
}

/** Behind the newline of a batch's last whole line; empty for a batch without one. */
export function lastLineEnd({ base, ends, count, firstLine }: LineBatch): { offset?: number; line?: number } {
  return count === 0 ? {} : { offset: base + (ends[count - 1] ?? 0) + 1, line: firstLine + count };
}

class Splitter {
  private buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(firstCapacity);
  private starts = new Uint32Array(4096);
  private ends = new Uint32Array(4096);
  private count = 0;
  /** Bytes of an unfinished line at the front of the buffer. */
  private carried = 0;
  /** Where in the buffer that line begins until `space` brings it to the front. */
  private lineStart = 0;
  /** Where in the file an overlong line began, while it is being passed over. */
  private skipping: number | null = null;

  constructor(
    public position: number,
    private line: number,
  ) {}

  /** Room behind the unfinished line, which is brought to the front. */
  space(): Buffer {
    this.buffer = this.withLineInFront();
    this.lineStart = 0;
    return this.buffer.subarray(this.carried);
  }

  /** A larger buffer when the line fills it, a small one again when it no longer needs a large one. */
  private withLineInFront(): Buffer<ArrayBuffer> {
    const { buffer, carried, lineStart: from } = this;
    if (carried >= buffer.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.min(buffer.length * 2, maxRowBytes + 1));
      buffer.copy(bigger, 0, from, from + carried);
      return bigger;
    }
    if (buffer.length > firstCapacity && carried < firstCapacity) {
      const smaller = Buffer.allocUnsafeSlow(firstCapacity);
      buffer.copy(smaller, 0, from, from + carried);
      return smaller;
    }
    if (from > 0) buffer.copyWithin(0, from, from + carried);
    return buffer;
  }

  /** Cuts the `got` bytes that were read into the space. */
  advance(got: number, last: boolean): LineBatch {
    const { buffer, carried, line: firstLine } = this;
    const base = this.position - carried;
    const end = carried + got;
    this.position += got;
    this.count = 0;
    let tooLong: LongLine | null = null;
    let start = 0;
    let search = carried;
    if (this.skipping !== null) {
      const stop = buffer.subarray(0, end).indexOf(newline);
      if (stop < 0 && !last) return this.batch(base, firstLine, null, false, end, end, last);
      const until = stop < 0 ? end : stop;
      tooLong = { line: this.line, offset: this.skipping, length: base + until - this.skipping };
      this.skipping = null;
      start = search = Math.min(end, until + 1);
    }
    const found = buffer.subarray(0, end);
    for (let stop = found.indexOf(newline, search); stop >= 0; stop = found.indexOf(newline, start)) {
      this.add(start, stop);
      start = stop + 1;
    }
    const unterminated = last && start < end;
    if (unterminated) {
      this.add(start, end);
      start = end;
    }
    const numberOfFirst = tooLong === null ? firstLine : firstLine + 1;
    this.line = numberOfFirst + this.count;
    if (end - start > maxRowBytes) {
      this.skipping = base + start;
      start = end;
    }
    return this.batch(base, numberOfFirst, tooLong, unterminated, start, end, last);
  }

  private batch(
    base: number,
    firstLine: number,
    tooLong: LongLine | null,
    unterminated: boolean,
    lineStart: number,
    end: number,
    last: boolean,
  ): LineBatch {
    this.lineStart = lineStart;
    this.carried = end - lineStart;
    const { buffer, starts, ends, count, position } = this;
    return { buffer, base, starts, ends, count, firstLine, tooLong, position, unterminated, last };
  }

  private add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}
