import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { encodingOf, encodingTrouble } from '../../../formats/encoding';
import type { ElementRecord, RecordPlace, RecordStart } from '../../../formats/format';
import { PackedFile } from '../files/packedFile';
import { decodeRow, isBlank } from './decodeRow';
import { readElements } from './elementBatches';
import { type LineBatch, lastLineEnd, maxRowBytes, readLines } from './lines';
import type { ParquetRows } from './parquetRows';
import { fileProblem, rowProblem, tooLong } from './problemLog';
import { type FoundRecord, RecordJoiner } from './records';
import { type FileJob, fileStart, type ScanInput, type ScanPoint, type ScanSink } from './scanJob';
import { WideLines } from './wide/wideLines';

/** Milliseconds of work before other requests get their turn. */
const slice = 8;
/** Milliseconds that a slice waits for requests under way. */
const patience = 250;

/**
 * Reads every row of the files once, in slices between which the process answers requests. What cannot be read becomes a
 * problem; rows before and after it are read all the same. Ends early, quietly, when aborted.
 */
export async function scanTrace(
  input: ScanInput,
  jobs: readonly FileJob[],
  sink: ScanSink,
  signal: AbortSignal,
): Promise<void> {
  const scan = new Scan(input, jobs, sink, signal);
  for (const job of jobs) {
    if (signal.aborted) return;
    try {
      await scan.file(job);
    } catch (error) {
      if (signal.aborted) return;
      if (!UserError.is(error)) throw error;
      scan.refuse(fileProblem(job.file, error.message));
    }
    if (signal.aborted) return;
    scan.fileDone(job.index);
  }
}

class Scan {
  private sliceEnd = performance.now() + slice;
  /** Bytes of the files before the current one, and of this one so far. */
  private before = 0;
  private within = 0;
  /** Of a packed file its own bytes are counted: those that unpacking stands for, and how many of its contents one stands for. */
  private unpacked = 0;
  private ratio = 1;
  private point = fileStart;
  private atEnd: Problem[] = [];
  private readonly wide: WideLines;

  constructor(
    private readonly input: ScanInput,
    jobs: readonly FileJob[],
    private readonly sink: ScanSink,
    private readonly signal: AbortSignal,
  ) {
    this.wide = new WideLines(input, jobs, sink, signal, {
      row: (bytes, place, index, offset) => this.row(bytes, place, index, offset).then(() => this.pause()),
      reached: (point) => {
        this.point = point;
        this.within = point.offset;
        return this.pause();
      },
    });
  }

  /** A problem that may be over when the file grows. */
  refuse(problem: Problem): void {
    this.sink.problem(problem);
    this.atEnd.push(problem);
  }

  fileDone(index: number): void {
    this.sink.fileEnd?.({ index, point: this.point, size: this.within, atEnd: this.atEnd });
    this.atEnd = [];
    this.before += this.passed;
    this.within = this.unpacked = 0;
    this.ratio = 1;
    this.sink.progress(this.before);
  }

  async file(job: FileJob): Promise<void> {
    const { file, index, from } = job;
    this.point = from;
    const source = this.input.dir.source(file);
    if (source instanceof PackedFile) await this.unpack(source);
    const { unit, recordStart, arrayAt } = this.input.format;
    const { parquet } = this.input;
    if (parquet !== null) return this.table(file, index, parquet);
    if (unit === 'line') return this.lines(job);
    if (arrayAt !== undefined) return this.elements(file, index, arrayAt, from.elements);
    return recordStart === undefined ? this.document(file, index) : this.records(file, index, recordStart, from);
  }

  private get passed(): number {
    return this.unpacked + this.within / this.ratio;
  }

  /** Unpacking counts as half the work. */
  private async unpack(source: PackedFile): Promise<void> {
    const half = (await source.packedSize()) / 2;
    const progress = (bytes: number) => this.sink.progress(this.before + bytes / 2);
    const trouble = await source.unpack(progress, this.signal);
    if (trouble !== null) this.sink.problem(fileProblem(source.path, trouble));
    this.unpacked = half;
    this.ratio = Math.max(1, await source.size()) / Math.max(1, half);
  }

  private async lines(job: FileJob): Promise<void> {
    const { file, index } = job;
    const { wide } = this;
    if (wide.takes(job)) {
      // The first rows are shown while the threads start.
      if (wide.leavesFirst && !(await this.someLines(file, index, this.point, true))) return;
      this.point = await wide.read(job, this.point);
      if (this.signal.aborted) return;
    }
    await this.someLines(file, index, this.point, false);
  }

  /** To the end of the file, or only as many as are read at once: then true when there are more. */
  private async someLines(file: string, fileIndex: number, from: ScanPoint, once: boolean): Promise<boolean> {
    return this.input.dir.source(file).use(async (handle) => {
      for await (const batch of readLines(handle, from)) {
        if (batch.base === 0 && !this.isText(file, batch.buffer.subarray(0, batch.position))) return false;
        await this.batch(file, fileIndex, batch);
        this.within = batch.position;
        if (this.signal.aborted) return false;
        if (!once) continue;
        // The line that the batch ends in is read again.
        if (!batch.last) this.point = { ...from, ...lastLineEnd(batch) };
        return !batch.last;
      }
      return false;
    });
  }

  private async records(file: string, fileIndex: number, start: RecordStart, from: ScanPoint): Promise<void> {
    const joiner = new RecordJoiner(start);
    await this.input.dir.source(file).use(async (handle) => {
      for await (const batch of readLines(handle, from)) {
        if (batch.base === 0 && !this.isText(file, batch.buffer.subarray(0, batch.position))) return;
        for (const record of joiner.take(batch)) {
          await this.record(record, file, fileIndex, false);
          if (this.signal.aborted) return;
        }
        this.within = batch.position;
        this.point = { ...from, offset: batch.position, line: batch.firstLine + batch.count };
      }
      const last = joiner.end();
      if (last === null) return;
      const { offset, line } = last;
      if ((await this.input.growing?.(file)) === true) this.point = { ...from, offset, line };
      else await this.record(last, file, fileIndex, true);
    });
  }

  private async record(record: FoundRecord, file: string, fileIndex: number, last: boolean): Promise<void> {
    const { bytes, line, offset, length, headless } = record;
    if (headless) {
      const message =
        line === 1
          ? 'Text before the first record was passed over: the beginning of its own record is not in the file.'
          : 'The record before this line was read before it was whole. Open the log again to read the rest.';
      this.sink.problem(rowProblem(file, line, message, 'warning'));
    } else if (bytes === null) this.sink.problem(tooLong(file, line, length));
    else await this.row(bytes, { file, line }, fileIndex, offset, last);
    this.within = offset + length;
    await this.pause();
  }

  private async table(file: string, fileIndex: number, parquet: ParquetRows): Promise<void> {
    const size = await this.input.dir.source(file).size();
    const count = await parquet.count(file);
    let row = 0;
    const take = async (texts: readonly string[]): Promise<void> => {
      for (const text of texts) {
        if (this.signal.aborted) return;
        const bytes = Buffer.from(text);
        const place = { file, line: row + 1 };
        if (bytes.length > maxRowBytes) this.sink.problem(tooLong(file, place.line, bytes.length));
        else await this.row(bytes, place, fileIndex, row);
        row++;
        this.within = (size * row) / count;
        await this.pause();
      }
    };
    try {
      await parquet.stream(file, take, this.signal);
    } catch (error) {
      if (!this.signal.aborted) throw error;
    }
    this.within = size;
  }

  private async elements(file: string, fileIndex: number, arrayAt: readonly string[], known: number): Promise<void> {
    let element = 0;
    await this.input.dir.source(file).use(async (handle) => {
      for await (const { elements, troubles, head, position } of readElements(handle, arrayAt)) {
        if (head !== null && !this.isText(file, head)) return;
        for (const { offset, length, line, bytes } of elements) {
          const place = { file, line, element: element++ };
          if (element <= known) continue;
          if (bytes === null) this.sink.problem(tooLong(file, line, length, place.element));
          else await this.row(bytes, place, fileIndex, offset);
          this.within = offset + length;
          await this.pause();
          if (this.signal.aborted) return;
        }
        for (const { line, field, message } of troubles)
          this.refuse({ severity: 'error', file, line, element: null, field, message });
        this.within = position;
        this.point = { ...fileStart, elements: element };
        await this.pause();
        if (this.signal.aborted) return;
      }
    });
  }

  private async document(file: string, fileIndex: number): Promise<void> {
    const source = this.input.dir.source(file);
    const length = await source.size();
    this.within = length;
    if (length > maxRowBytes) return this.refuse(tooLong(file, null, length));
    const read = await source.read(0, length);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    const trouble = length === 0 ? 'The file is empty.' : encodingTrouble(encodingOf(bytes));
    if (trouble !== null) return this.refuse(fileProblem(file, trouble));
    await this.row(bytes, { file, line: 1 }, fileIndex, 0);
    await this.pause();
  }

  /** Notes a file that is empty or in another encoding. */
  private isText(file: string, head: Uint8Array): boolean {
    const trouble = head.length === 0 ? 'The file is empty.' : encodingTrouble(encodingOf(head));
    if (trouble !== null) this.refuse(fileProblem(file, trouble));
    return trouble === null;
  }

  private async batch(file: string, fileIndex: number, batch: LineBatch): Promise<void> {
    const { buffer, base, starts, ends, count, firstLine, tooLong: long } = batch;
    if (long !== null) this.sink.problem(tooLong(file, long.line, long.length));
    // A last line without its newline still has its number when the newline comes.
    this.point = { ...fileStart, offset: batch.position, line: firstLine + count - (batch.unterminated ? 1 : 0) };
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      const bytes = buffer.subarray(start, end);
      const place = { file, line: firstLine + i };
      const torn = batch.unterminated && i === count - 1;
      if (!isBlank(bytes)) await this.row(bytes, place, fileIndex, base + start, torn);
      else if (torn) this.point = { ...fileStart, offset: base + start, line: place.line };
      if (performance.now() < this.sliceEnd) continue;
      this.within = base + end;
      await this.pause();
      if (this.signal.aborted) return;
    }
  }

  private async row(bytes: Buffer, place: RecordPlace, fileIndex: number, offset: number, torn = false): Promise<void> {
    const { text, trouble } = decodeRow(bytes);
    const rows = await this.read(text, place);
    if (torn && rows.every(({ record }) => record === null)) {
      const what = this.input.format.unit === 'line' ? 'line' : 'record';
      const message = `The last ${what} is cut off: its writer stopped in the middle of it, or is still writing.`;
      this.point = { ...fileStart, offset, line: place.line };
      return this.refuse(rowProblem(place.file, place.line, message));
    }
    if (trouble !== null) this.sink.problem(rowProblem(place.file, place.line, trouble, 'warning'));
    for (const read of rows) {
      for (const problem of read.problems) this.sink.problem(problem);
      const at = read.element === null ? place : { ...place, element: read.element };
      if (read.record !== null) this.sink.row({ fileIndex, place: at, offset, length: bytes.length, read });
    }
  }

  private async read(text: string, place: RecordPlace): Promise<readonly ElementRecord[]> {
    const { format, dir } = this.input;
    if (format.readAll !== undefined) return format.readAll(text, place, dir);
    const { record, problems } = await format.read(text, place, dir);
    return [{ record, problems, element: null }];
  }

  /** Lets other requests be served. */
  private async pause(): Promise<void> {
    if (performance.now() < this.sliceEnd) return;
    this.sink.progress(this.before + this.passed);
    await nextTurn();
    await this.input.foreground.idle(patience);
    this.sliceEnd = performance.now() + slice;
  }
}
