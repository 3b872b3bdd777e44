import { hasUtf8Mark, utf8MarkLength } from '../../../formats/encoding';
import type { RecordStart } from '../../../formats/format';
import { isBlank } from './decodeRow';
import { type LineBatch, maxRowBytes } from './lines';

/** Bytes of a line that a start is looked for in. */
const startBytes = 1024;

/** A row of several lines. `bytes` is valid until the next batch of lines is asked for. */
export interface FoundRecord {
  /** Null for a record that is longer than `maxRowBytes`, or holds a line that is. */
  readonly bytes: Buffer | null;
  /** 1-based first line. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  /** Text in front of the first start of the file: the rest of a record whose beginning is lost. */
  readonly headless: boolean;
}

interface OpenRecord {
  readonly line: number;
  readonly offset: number;
  readonly headless: boolean;
  /** Copies of what stood in earlier batches; null once it is too long. */
  parts: Buffer[] | null;
  length: number;
}

/** Joins lines to records, batch by batch; what lies within one batch is not copied. */
export class RecordJoiner {
  private readonly prefix: Buffer;
  private open: OpenRecord | null = null;

  constructor(private readonly start: RecordStart) {
    this.prefix = Buffer.from(start.prefix, 'latin1');
  }

  /** Records that end in this batch, in order. */
  *take(batch: LineBatch): Generator<FoundRecord, void> {
    const { buffer, starts, ends, count, base, firstLine } = batch;
    if (batch.tooLong !== null) this.spoil(batch.tooLong.line, batch.tooLong.offset, batch.tooLong.length);
    let from = starts[0] ?? 0;
    for (let i = 0; i < count; i++) {
      const at = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (!this.startsAt(buffer, at, end, base)) {
        if (this.open === null && !isBlank(buffer.subarray(at, end))) {
          this.open = opened(firstLine + i, base + at, true);
          from = at;
        }
        continue;
      }
      const found = this.close(buffer.subarray(from, at));
      this.open = opened(firstLine + i, base + at, false);
      from = at;
      if (found !== null) yield found;
    }
    if (count > 0 && this.open !== null) this.keep(buffer.subarray(from, behindLast(batch)));
  }

  /** The record that the file ends with; null when there is none. */
  end(): FoundRecord | null {
    return this.close(Buffer.alloc(0));
  }

  private startsAt(buffer: Buffer, at: number, end: number, base: number): boolean {
    const marked = base + at === 0 && hasUtf8Mark(buffer.subarray(at, end));
    const from = marked ? at + utf8MarkLength : at;
    const { prefix } = this;
    if (buffer[from] !== prefix[0] || end - from < prefix.length) return false;
    if (prefix.compare(buffer, from, from + prefix.length) !== 0) return false;
    const line = buffer.toString('utf8', from, Math.min(end, from + startBytes));
    return this.start.pattern.test(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  /** A line too long to be read belongs to the open record, or is one of its own. */
  private spoil(line: number, offset: number, length: number): void {
    this.open ??= opened(line, offset, false);
    this.open.parts = null;
    this.open.length = offset + length + 1 - this.open.offset;
  }

  private keep(bytes: Buffer): void {
    const { open } = this;
    if (open === null) return;
    open.length += bytes.length;
    if (open.length > maxRowBytes) open.parts = null;
    else open.parts?.push(Buffer.from(bytes));
  }

  private close(rest: Buffer): FoundRecord | null {
    const { open } = this;
    this.open = null;
    if (open === null) return null;
    const { line, offset, headless, parts } = open;
    const length = open.length + rest.length;
    if (parts === null || length > maxRowBytes) return { bytes: null, line, offset, length, headless };
    const bytes = parts.length === 0 ? rest : Buffer.concat([...parts, rest], length);
    return { bytes, line, offset, length, headless };
  }
}

function opened(line: number, offset: number, headless: boolean): OpenRecord {
  return { line, offset, headless, parts: [], length: 0 };
}

/** Behind the newline of the batch's last line. */
function behindLast({ ends, count, unterminated }: LineBatch): number {
  return (ends[count - 1] ?? 0) + (unterminated ? 0 : 1);
}
