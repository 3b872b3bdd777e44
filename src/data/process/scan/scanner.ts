import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { encodingOf, encodingTrouble } from '../../../formats/encoding';
import type { ElementRecord, ReadRecord, RecordPlace, RecordStart, TraceFormat } from '../../../formats/format';
import { PackedFile } from '../files/packedFile';
import type { TraceFolder } from '../files/traceFolder';
import { decodeRow, isBlank } from './decodeRow';
import { readElements } from './elementBatches';
import type { Foreground } from './foreground';
import { type LineBatch, maxRowBytes, readLines } from './lines';
import type { ParquetRows } from './parquetRows';
import { fileProblem, rowProblem } from './problemLog';
import { type FoundRecord, RecordJoiner } from './records';

/** Milliseconds of work before other requests get their turn. */
const slice = 8;
/** Milliseconds that a slice waits for requests under way. */
const patience = 250;

/** A row that opened, with its place in its file. */
export interface ScannedRow {
  readonly fileIndex: number;
  readonly place: RecordPlace;
  readonly offset: number;
  readonly length: number;
  readonly read: ReadRecord;
}

export interface ScanSink {
  row(row: ScannedRow): void;
  problem(problem: Problem): void;
  /** Bytes of the trace passed so far; called after each slice and at the end of each file. */
  progress(bytes: number): void;
}

export interface ScanInput {
  readonly dir: TraceFolder;
  readonly files: readonly string[];
  readonly format: TraceFormat;
  readonly foreground: Foreground;
  /** Only for formats of tables. */
  readonly parquet: ParquetRows | null;
}

/**
 * Reads every row of a trace once, in slices between which the process answers requests. What cannot be read becomes a
 * problem; rows before and after it are read all the same. Ends early, quietly, when aborted.
 */
export async function scanTrace(input: ScanInput, sink: ScanSink, signal: AbortSignal): Promise<void> {
  const scan = new Scan(input, sink, signal);
  for (const [index, file] of input.files.entries()) {
    if (signal.aborted) return;
    try {
      await scan.file(file, index);
    } catch (error) {
      if (signal.aborted) return;
      if (!UserError.is(error)) throw error;
      sink.problem(fileProblem(file, error.message));
    }
    scan.fileDone();
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

  constructor(
    private readonly input: ScanInput,
    private readonly sink: ScanSink,
    private readonly signal: AbortSignal,
  ) {}

  fileDone(): void {
    this.before += this.passed;
    this.within = this.unpacked = 0;
    this.ratio = 1;
    this.sink.progress(this.before);
  }

  async file(file: string, index: number): Promise<void> {
    const source = this.input.dir.source(file);
    if (source instanceof PackedFile) await this.unpack(source);
    const { unit, recordStart, arrayAt } = this.input.format;
    const { parquet } = this.input;
    if (parquet !== null) return this.table(file, index, parquet);
    if (unit === 'line') return this.lines(file, index);
    if (arrayAt !== undefined) return this.elements(file, index, arrayAt);
    return recordStart === undefined ? this.document(file, index) : this.records(file, index, recordStart);
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

  private async lines(file: string, fileIndex: number): Promise<void> {
    await this.input.dir.source(file).use(async (handle) => {
      for await (const batch of readLines(handle)) {
        if (batch.base === 0 && !this.isText(file, batch.buffer.subarray(0, batch.position))) return;
        await this.batch(file, fileIndex, batch);
        this.within = batch.position;
        if (this.signal.aborted) return;
      }
    });
  }

  private async records(file: string, fileIndex: number, start: RecordStart): Promise<void> {
    const joiner = new RecordJoiner(start);
    await this.input.dir.source(file).use(async (handle) => {
      for await (const batch of readLines(handle)) {
        if (batch.base === 0 && !this.isText(file, batch.buffer.subarray(0, batch.position))) return;
        for (const record of joiner.take(batch)) {
          await this.record(record, file, fileIndex, false);
          if (this.signal.aborted) return;
        }
        this.within = batch.position;
      }
      const last = joiner.end();
      if (last !== null) await this.record(last, file, fileIndex, true);
    });
  }

  private async record(record: FoundRecord, file: string, fileIndex: number, last: boolean): Promise<void> {
    const { bytes, line, offset, length, headless } = record;
    if (headless) {
      const message =
        'Text before the first record was passed over: the beginning of its own record is not in the file.';
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

  private async elements(file: string, fileIndex: number, arrayAt: readonly string[]): Promise<void> {
    let element = 0;
    await this.input.dir.source(file).use(async (handle) => {
      for await (const { elements, troubles, head, position } of readElements(handle, arrayAt)) {
        if (head !== null && !this.isText(file, head)) return;
        for (const { offset, length, line, bytes } of elements) {
          const place = { file, line, element: element++ };
          if (bytes === null) this.sink.problem(tooLong(file, line, length, place.element));
          else await this.row(bytes, place, fileIndex, offset);
          this.within = offset + length;
          await this.pause();
          if (this.signal.aborted) return;
        }
        for (const { line, field, message } of troubles)
          this.sink.problem({ severity: 'error', file, line, element: null, field, message });
        this.within = position;
        await this.pause();
        if (this.signal.aborted) return;
      }
    });
  }

  private async document(file: string, fileIndex: number): Promise<void> {
    const source = this.input.dir.source(file);
    const length = await source.size();
    this.within = length;
    if (length > maxRowBytes) return this.sink.problem(tooLong(file, null, length));
    const read = await source.read(0, length);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    const trouble = length === 0 ? 'The file is empty.' : encodingTrouble(encodingOf(bytes));
    if (trouble !== null) return this.sink.problem(fileProblem(file, trouble));
    await this.row(bytes, { file, line: 1 }, fileIndex, 0);
    await this.pause();
  }

  /** Notes a file that is empty or in another encoding. */
  private isText(file: string, head: Uint8Array): boolean {
    const trouble = head.length === 0 ? 'The file is empty.' : encodingTrouble(encodingOf(head));
    if (trouble !== null) this.sink.problem(fileProblem(file, trouble));
    return trouble === null;
  }

  private async batch(file: string, fileIndex: number, batch: LineBatch): Promise<void> {
    const { buffer, base, starts, ends, count, firstLine, tooLong: long } = batch;
    if (long !== null) this.sink.problem(tooLong(file, long.line, long.length));
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      const bytes = buffer.subarray(start, end);
      const place = { file, line: firstLine + i };
      const torn = batch.unterminated && i === count - 1;
      if (!isBlank(bytes)) await this.row(bytes, place, fileIndex, base + start, torn);
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
      return this.sink.problem(rowProblem(place.file, place.line, message));
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

function tooLong(file: string, line: number | null, length: number, element: number | null = null): Problem {
  const what = line === null ? 'The file' : 'The row';
  const message = `${what} is ${Math.round(length / 1e6)} MB long; rows up to ${maxRowBytes / 2 ** 20} MiB are read.`;
  return { severity: 'error', file, line, element, field: null, message };
}
