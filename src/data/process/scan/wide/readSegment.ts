import { isUtf8 } from 'node:buffer';
import { closeSync, openSync } from 'node:fs';
import { traceFormat } from '../../../../formats/detect';
import { encodingOf, hasUtf8Mark } from '../../../../formats/encoding';
import type { ObjectLines, TraceFormat } from '../../../../formats/format';
import { isBlank } from '../decodeRow';
import { GroupKeys } from '../groupKey';
import { readFullySync } from './readRange';
import { RowScanner } from './rowScanner';
import type { SegmentRows, SegmentTask } from './segment';
import { KnownGroups, SegmentBuilder } from './segmentBuilder';

const newline = 10;
/** Read behind a segment at first, for its last line. */
const overhang = 16 * 1024;
/** A segment with a longer line is left to the scan that reads line by line. */
const longestLine = 16 * 1024 * 1024;

/** Reads segments one after another; what it has learnt from one (keys, prompts) helps with the next. */
export class SegmentReader {
  private buffer = Buffer.alloc(0);
  private scanner: RowScanner | null = null;
  private keys: GroupKeys | null = null;
  private format: TraceFormat | null = null;
  private location = '';
  private readonly groups = new KnownGroups();

  /** Null when the segment is left to others. */
  read(task: SegmentTask): SegmentRows | null {
    const format = this.use(task);
    const { objectLines } = format;
    if (objectLines === undefined) return null;
    const handle = openSync(task.location, 'r');
    try {
      // The byte before tells whether a line begins at the first one.
      const base = task.atLine ? task.from : task.from - 1;
      const length = this.fill(handle, base, task.to);
      if (length === null) return null;
      const bytes = this.buffer.subarray(0, length);
      if (base === 0 && (encodingOf(bytes) !== 'utf-8' || hasUtf8Mark(bytes))) return null;
      return this.rows(task, base, bytes, objectLines);
    } finally {
      closeSync(handle);
    }
  }

  /** Reads from `base` to the end of the line that `to` lies in, or of the file; null where that line is too long. */
  private fill(handle: number, base: number, to: number): number | null {
    let wanted = to - base + overhang;
    let got = 0;
    for (;;) {
      this.reserve(wanted, got);
      got += readFullySync(handle, this.buffer.subarray(got, wanted), base + got);
      // A line that begins at `to` belongs to the next segment.
      if (got < wanted || this.buffer.subarray(0, got).indexOf(newline, to - base - 1) >= 0) return got;
      if (wanted > to - base + longestLine) return null;
      wanted *= 2;
    }
  }

  /** Makes room for `length` bytes, the first `kept` of which stay; a buffer for long lines goes when they are over. */
  private reserve(length: number, kept: number): void {
    const { buffer } = this;
    if (length <= buffer.length && (kept > 0 || buffer.length <= 4 * length)) return;
    this.buffer = Buffer.allocUnsafeSlow(Math.ceil(length / 4) * 4);
    buffer.copy(this.buffer, 0, 0, kept);
    this.scanner = null;
  }

  private use({ format: id, location }: SegmentTask): TraceFormat {
    const format = traceFormat(id);
    if (format !== this.format) {
      this.format = format;
      this.keys = null;
      this.scanner = null;
    }
    // A key of one trace may be another prompt's in the next, which has files of the same names.
    if (location !== this.location) this.groups.clear();
    this.location = location;
    return format;
  }

  private rows(task: SegmentTask, base: number, bytes: Buffer, { response, read }: ObjectLines): SegmentRows {
    this.scanner ??= new RowScanner(this.buffer, response);
    this.keys ??= new GroupKeys(traceFormat(task.format));
    const { scanner, keys } = this;
    const builder = new SegmentBuilder(task.file, this.groups);
    const first = task.atLine ? 0 : bytes.indexOf(newline) + 1;
    const stop = task.to - base;
    if ((first === 0 && !task.atLine) || first >= stop) return builder.build(null, task.to, 0);
    const last = bytes.lastIndexOf(newline) + 1;
    const whole = isUtf8(bytes.subarray(first, last));
    let line = 0;
    let start = first;
    for (; start < stop && start < last; line++) {
      const row = whole ? scanner.read(start) : null;
      const end = row === null ? bytes.indexOf(newline, start) : scanner.end;
      const place = { offset: start - first, length: end - start, line };
      const from = start;
      start = end + 1;
      if (row === null) {
        if (!isBlank(bytes.subarray(from, end))) builder.unread(place);
        continue;
      }
      const { record, problems } = read(row, { file: task.file, line });
      // An image inside the row may have its name from the line's number.
      if (record === null || record.imageView !== undefined) builder.unread(place);
      else {
        builder.add(place, record, keys.shared(record, task.file), record.response.length + scanner.skippedLength);
        for (const problem of problems) builder.problem(problem);
      }
    }
    return builder.build(base + first, base + start, line);
  }
}
