import { stat } from 'node:fs/promises';
import { UserError } from '../../../core/text/userError';
import type { TraceFormat } from '../../../formats/format';
import type { TraceProgress } from '../../../protocol/data';
import { PackedFile } from '../files/packedFile';
import { TraceFiles } from '../files/traceFiles';
import type { TraceFolder } from '../files/traceFolder';
import { Watch } from '../files/watch';
import type { Foreground } from '../scan/foreground';
import type { ParquetRows } from '../scan/parquetRows';
import { fileProblem } from '../scan/problemLog';
import type { FileEnd, FileJob, ScanInput, ScannedRow } from '../scan/scanJob';
import { scanTrace } from '../scan/scanner';
import { ReportPace } from './reportPace';
import type { TraceTables } from './tables';

export interface TraceScanDeps {
  readonly traceId: number;
  readonly dir: TraceFolder;
  readonly format: TraceFormat;
  /** Files that were recognised, with their bytes. */
  readonly names: readonly string[];
  readonly bytes: number;
  readonly tables: TraceTables;
  readonly parquet: ParquetRows | null;
  readonly foreground: Foreground;
  readonly signal: AbortSignal;
  /** Names of the trace's files as they are now. */
  readonly detect: () => Promise<readonly string[]>;
  readonly problemCount: () => number;
  readonly progress: (progress: TraceProgress) => void;
  /** Groups that were told before are of a superseded attempt now. */
  readonly stale: () => void;
  readonly log: (error: unknown) => void;
}

/** A log that was written to this many milliseconds ago may end in the middle of a record. */
const writing = 5000;

/** Fills a trace's tables from its files, and goes on with what is added to them. */
export class TraceScan {
  readonly files: TraceFiles;
  private readonly input: ScanInput;
  private readonly watching = new Watch(() => this.look());
  private readonly pace = new ReportPace();
  private complete = false;

  constructor(private readonly deps: TraceScanDeps) {
    const { dir, format, foreground, parquet } = deps;
    const { unit } = format;
    this.files = new TraceFiles(dir, unit === 'line' || unit === 'record' || unit === 'element');
    this.input = { dir, format, foreground, parquet, growing: (file) => this.isWriting(file) };
  }

  /** Every row that was there has been seen. */
  get done(): boolean {
    return this.complete;
  }

  /** The first scan, of everything. False when the trace was closed meanwhile. */
  async first(): Promise<boolean> {
    await this.scan(this.files.add(this.deps.names));
    if (this.deps.signal.aborted) return false;
    this.complete = true;
    this.report();
    return true;
  }

  /** Looks for growth from now on, more often while somebody sees the trace. */
  watch(visible: boolean): void {
    if (!this.deps.signal.aborted) this.watching.start(visible);
  }

  stop(): void {
    this.watching.stop();
  }

  private async look(): Promise<void> {
    const { dir, tables, signal, stale, log } = this.deps;
    if (!this.complete || signal.aborted) return;
    try {
      dir.forget?.();
      const names = await this.deps.detect();
      const { jobs, withdrawn, replaced } = await this.files.changes();
      for (const [before, now] of replaced) tables.attempts.replace(before, now);
      const all = [...jobs, ...this.files.add(names)];
      if (all.length === 0 || signal.aborted) return;
      tables.problems.withdraw(withdrawn);
      const { changes } = tables.attempts;
      await this.scan(all);
      if (signal.aborted) return;
      this.report();
      if (replaced.length > 0 || tables.attempts.changes !== changes) stale();
    } catch (error) {
      // What is wrong with the folder now is told when the trace is opened the next time.
      if (!UserError.is(error)) log(error);
    }
  }

  private async scan(jobs: readonly FileJob[]): Promise<void> {
    const { tables, signal, log } = this.deps;
    const ends: FileEnd[] = [];
    const sink = {
      row: (row: ScannedRow) => {
        this.files.row(row.fileIndex);
        tables.add(row);
      },
      problem: tables.problems.add.bind(tables.problems),
      fileEnd: (end: FileEnd) => ends.push(end),
      progress: (bytes: number) => this.progressed(bytes),
    };
    try {
      await scanTrace(this.input, jobs, sink, signal);
    } catch (error) {
      log(error);
      tables.problems.add(fileProblem('', 'Reading stopped because of an internal error; see the log.'));
    }
    if (!signal.aborted) await this.files.ended(ends);
  }

  private async isWriting(file: string): Promise<boolean> {
    const { dir } = this.deps;
    if (!this.watching.active || dir.source(file) instanceof PackedFile) return false;
    const facts = await stat(dir.locate(file)).catch(() => null);
    return facts !== null && Date.now() - facts.mtimeMs < writing;
  }

  private progressed(bytes: number): void {
    if (this.pace.isDue(bytes, this.deps.tables.rows.length === 0)) this.report();
  }

  private report(): void {
    const { traceId, tables, bytes, problemCount, progress } = this.deps;
    const { from, sizes } = tables.groups.takeChanges();
    // What was added is told when it is read: then all bytes are.
    const total = Math.max(bytes, this.files.bytes);
    progress({
      traceId,
      done: this.complete,
      bytesRead: this.complete ? total : this.pace.bytesRead,
      bytesTotal: total,
      rollouts: tables.rows.length,
      samples: tables.samples,
      groups: tables.groups.length,
      problems: problemCount(),
      sizesFrom: from,
      sizes,
    });
  }
}
