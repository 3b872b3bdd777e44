import { stat } from 'node:fs/promises';
import type { TraceFormat } from '../../../../formats/format';
import { FileSource } from '../../files/fileSource';
import type { TraceFolder } from '../../files/traceFolder';
import type { FileJob, ScanPoint, WideReading } from '../scanJob';
import type { SegmentRows, SegmentTask } from './segment';

/** Segments read ahead, for each thread. */
const ahead = 3;

interface Planned {
  readonly task: SegmentTask;
  /** Index of its file. */
  readonly index: number;
}

/** Segments of many files, read by several threads and handed out in the order of the files. */
export class WideScan {
  private readonly plan: AsyncGenerator<Planned, void>;
  private readonly begun: { readonly index: number; readonly rows: Promise<SegmentRows | null> }[] = [];
  private ended = false;
  /** Files that are no longer read this way. */
  private readonly left = new Set<number>();

  constructor(
    private readonly of: { readonly format: TraceFormat; readonly dir: TraceFolder },
    jobs: readonly FileJob[],
    private readonly reading: WideReading,
  ) {
    this.plan = this.segments(jobs);
  }

  /** Whether a file's rows come in segments; a packed file is read as it is unpacked, a member of an archive alone. */
  static takes(dir: TraceFolder, { file }: Pick<FileJob, 'file'>): boolean {
    return dir.source(file) instanceof FileSource;
  }

  /**
   * The file's next segment; null when there are no more, or when the threads gave one up. Rejects when a thread ended
   * over it. Files are to be asked for in the order of their jobs.
   */
  async next(index: number): Promise<SegmentRows | null> {
    await this.readAhead();
    while (this.begun[0] !== undefined && this.begun[0].index !== index && this.left.has(this.begun[0].index))
      this.begun.shift();
    const [first] = this.begun;
    if (first?.index !== index) return null;
    this.begun.shift();
    return first.rows;
  }

  /** The rest of a file is read by somebody else. */
  leave(index: number): void {
    this.left.add(index);
  }

  private async readAhead(): Promise<void> {
    while (!this.ended && this.begun.length < ahead * this.reading.workers.count) {
      const { value } = await this.plan.next();
      if (value === undefined) {
        this.ended = true;
        return;
      }
      if (this.left.has(value.index)) continue;
      const rows = this.reading.workers.run(value.task);
      // It may be given up before anybody waits for it.
      rows.catch(() => undefined);
      this.begun.push({ index: value.index, rows });
    }
  }

  private async *segments(jobs: readonly FileJob[]): AsyncGenerator<Planned, void> {
    const { segmentBytes } = this.reading;
    for (const job of jobs) {
      const { format, dir } = this.of;
      if (!WideScan.takes(dir, job)) continue;
      const { file, index, from } = job;
      const location = dir.locate(file);
      const size = await stat(location).then(
        (found) => found.size,
        // Who reads the file line by line says what is wrong with it.
        () => 0,
      );
      for (let at = from.offset; at < size; at += segmentBytes) {
        const to = Math.min(size, at + segmentBytes);
        const atLine = at === from.offset;
        yield { index, task: { kind: 'segment', format: format.id, location, file, from: at, to, atLine } };
      }
    }
  }
}

/** Where a scan goes on behind a segment that was read from `point` on; null when the segment belongs elsewhere. */
export function behind(point: ScanPoint, { start, end, lines }: SegmentRows): ScanPoint | null {
  if (start === null) return point;
  return start === point.offset ? { ...point, offset: end, line: point.line + lines } : null;
}
