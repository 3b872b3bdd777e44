import type { RecordPlace } from '../../../../formats/format';
import { fileProblem } from '../problemLog';
import type { FileJob, ScanInput, ScanPoint, ScanSink, WideReading } from '../scanJob';
import { rowFlag, type SegmentRows } from './segment';
import { behind, WideScan } from './wideScan';

/** What the scan does for rows that threads leave to it. */
export interface WideHost {
  row(bytes: Buffer, place: RecordPlace, fileIndex: number, offset: number): Promise<void>;
  /** So far is the file scanned; other requests may be served. */
  reached(point: ScanPoint): Promise<void>;
}

/** Files of lines that several threads read: hands their rows to the scan, in order. */
export class WideLines {
  private wide: WideScan | null = null;
  private reading: WideReading | null;

  constructor(
    private readonly input: ScanInput,
    /** All that are scanned: files are read ahead. */
    private readonly jobs: readonly FileJob[],
    private readonly sink: ScanSink,
    private readonly signal: AbortSignal,
    private readonly host: WideHost,
  ) {
    this.reading = input.wide;
  }

  /** Somebody else reads the first rows of the first file. */
  get leavesFirst(): boolean {
    return this.wide === null && this.reading?.firstRows === true;
  }

  takes(job: FileJob): boolean {
    return this.reading !== null && WideScan.takes(this.input.dir, job);
  }

  /** Reads a file up to its last newline, or to what has to be read line by line; answers where that begins. */
  async read(job: FileJob, from: ScanPoint): Promise<ScanPoint> {
    const { reading } = this;
    if (reading === null) return from;
    const later = this.jobs.slice(this.jobs.indexOf(job) + 1);
    this.wide ??= new WideScan(this.input, [{ ...job, from }, ...later], reading);
    const { wide } = this;
    let point = from;
    for (;;) {
      const rows = await this.next(wide, job.index);
      const next = rows === null ? null : behind(point, rows);
      if (rows === null || next === null || this.signal.aborted) {
        wide.leave(job.index);
        return point;
      }
      await this.hand(rows, job, point);
      point = next;
      await this.host.reached(point);
      if (this.signal.aborted) return point;
    }
  }

  private async next(wide: WideScan, index: number): Promise<SegmentRows | null> {
    try {
      return await wide.next(index);
    } catch (error) {
      if (this.signal.aborted) return null;
      // One thread that ends may be followed by the others: the rest is read without them.
      this.reading = null;
      this.input.log(error);
      const message = 'A thread that read the log ended unexpectedly; the rest is read without it, which takes longer.';
      this.sink.problem({ ...fileProblem('', message), severity: 'warning' });
      return null;
    }
  }

  /** Rows that the thread left alone are read here, in their places. */
  private async hand(rows: SegmentRows, { file, index }: FileJob, { offset: start, line }: ScanPoint): Promise<void> {
    const { count, flags, offsets, lengths, lineOf } = rows;
    const some = (from: number, to: number) => {
      if (to > from) this.sink.segment({ rows, from, to, fileIndex: index, file, line, start });
    };
    let bytes: Uint8Array | null = null;
    let from = 0;
    for (let row = 0; row < count; row++) {
      if (((flags[row] ?? 0) & rowFlag.unread) === 0) continue;
      some(from, row);
      from = row + 1;
      bytes ??= await this.input.dir.source(file).read(start, rows.end - start);
      const at = Math.min(offsets[row] ?? 0, bytes.length);
      const own = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(lengths[row] ?? 0, bytes.length - at));
      await this.host.row(own, { file, line: line + (lineOf[row] ?? 0) }, index, start + at);
      if (this.signal.aborted) return;
    }
    some(from, count);
  }
}
