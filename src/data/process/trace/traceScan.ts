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
import type { FileEnd, FileJob, ScanInput, ScanSink } from '../scan/scanJob';
import { scanTrace } from '../scan/scanner';
import { WideScan } from '../scan/wide/wideScan';
import type { Workers } from '../scan/wide/workers';
import { ReportPace } from './reportPace';
import { readResponses } from './responsePass';
import type { TraceTables } from './tables';
import { takeSegment } from './takeSegment';
import type { TraceIndex } from './traceIndex';

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
  /** Null for a trace whose rows depend on other files than its own. */
  readonly index: TraceIndex | null;
  readonly signal: AbortSignal;
  /** Files in which no turns are inferred. */
  readonly unsplit: ReadonlySet<string>;
  /** Threads for a large scan; null where there are none. */
  readonly workers: (() => Workers) | null;
  /** Names of the trace's files as they are now. */
  readonly detect: () => Promise<readonly string[]>;
  readonly problemCount: () => number;
  readonly progress: (progress: TraceProgress) => void;
  /** Groups that were told before are of a superseded attempt now. */
  readonly stale: () => void;
  readonly log: (error: unknown) => void;
}

/** Smaller traces are scanned faster than anyone notices. */
const worthKeeping = 8 * 1024 * 1024;
/** Bytes from which on a scan is worth threads, which take time to start and memory. */
const worthThreads = 16 * 1024 * 1024;
/** Of what a thread reads at a time: many to a large log, so that all threads end at once, and few milliseconds each. */
const segmentBytes = 1024 * 1024;
/** A log that was written to this many milliseconds ago may end in the middle of a record. */
const writing = 5000;

/** Fills a trace's tables from its files, and goes on with what is added to them. */
export class TraceScan {
  readonly files: TraceFiles;
  private readonly input: ScanInput;
  private readonly watching = new Watch(() => this.look());
  private readonly pace = new ReportPace();
  private complete = false;
  /** Responses of rows that were scanned by threads are being read. */
  private measuring: Promise<void> | null = null;
  private storing: Promise<void> = Promise.resolve();

  constructor(private readonly deps: TraceScanDeps) {
    const { dir, format, foreground, parquet } = deps;
    const { unit } = format;
    this.files = new TraceFiles(dir, unit === 'line' || unit === 'record' || unit === 'element');
    const growing = (file: string) => this.isWriting(file);
    this.input = { dir, format, foreground, parquet, growing, wide: null, log: deps.log };
  }

  /** Every row that was there has been seen. */
  get done(): boolean {
    return this.complete;
  }

  /** Every row has been seen, and what its response holds. */
  get whole(): boolean {
    return this.complete && this.measuring === null;
  }

  /** The first scan, of everything. False when the trace was closed meanwhile. */
  async first(): Promise<boolean> {
    const { names, signal } = this.deps;
    const jobs = [...(await this.fromIndex()), ...this.files.add(names)];
    await this.scan(jobs, () => {
      this.complete = true;
      this.report();
    });
    if (jobs.length > 0 && !signal.aborted) this.storing = this.measured().then(() => this.store());
    return !signal.aborted;
  }

  /** Resolves when all rows that are scanned by now have their responses read, or the trace is closed. */
  async measured(): Promise<void> {
    await this.measuring;
  }

  /** Takes what is known of files that are as they were, or longer; answers what was added to them. */
  private async fromIndex(): Promise<readonly FileJob[]> {
    const { index, tables, names, log } = this.deps;
    try {
      const found = (await index?.find()) ?? null;
      const there = new Set(names);
      if (found?.files.every(({ name }) => there.has(name)) !== true) return [];
      this.files.restore(found.files);
      const { jobs, replaced } = await this.files.changes();
      if (replaced.length > 0) {
        this.files.restore([]);
        return [];
      }
      const files = found.fill(tables);
      tables.groups.changeAll();
      this.files.restore(files);
      for (const job of jobs) tables.problems.withdraw(files[job.index]?.atEnd ?? []);
      return jobs;
    } catch (error) {
      log(error);
      return [];
    }
  }

  private async store(): Promise<void> {
    const { index, bytes, tables, signal, log } = this.deps;
    const files = this.files.snapshot();
    if (index === null || files === null || bytes < worthKeeping || signal.aborted) return;
    try {
      await index.store(files, tables);
    } catch (error) {
      // A cache that cannot be written costs the next opening its time, and nothing else.
      log(error);
    }
  }

  /** Looks for growth from now on, more often while somebody sees the trace. */
  watch(visible: boolean): void {
    if (!this.deps.signal.aborted) this.watching.start(visible);
  }

  /** Looks no more; waits until what is being kept is whole. */
  async stop(): Promise<void> {
    this.watching.stop();
    await this.storing;
  }

  private async look(): Promise<void> {
    const { dir, tables, signal, stale, log } = this.deps;
    await this.storing;
    if (!this.whole || signal.aborted) return;
    try {
      dir.forget?.();
      const names = await this.deps.detect();
      const { jobs, withdrawn, replaced } = await this.files.changes();
      for (const [before, now] of replaced) tables.attempts.replace(before, now);
      const all = [...jobs, ...this.files.add(names)];
      if (all.length === 0 || signal.aborted) return;
      tables.problems.withdraw(withdrawn);
      const { changes } = tables.attempts;
      await this.scan(all, () => this.report());
      if (signal.aborted) return;
      if (replaced.length > 0 || tables.attempts.changes !== changes) stale();
    } catch (error) {
      // What is wrong with the folder now is told when the trace is opened the next time.
      if (!UserError.is(error)) log(error);
    }
  }

  /** `done` is called when every row is there; responses may still be read then. */
  private async scan(jobs: readonly FileJob[], done: () => void): Promise<void> {
    const { tables, signal, log } = this.deps;
    const ends: FileEnd[] = [];
    const problem = tables.problems.add.bind(tables.problems);
    const sink: ScanSink = {
      row: (row) => {
        this.files.rows(row.fileIndex, 1);
        tables.add(row);
      },
      segment: (segment) => {
        this.files.rows(segment.fileIndex, segment.to - segment.from);
        takeSegment(tables, segment, problem);
      },
      problem,
      fileEnd: (end) => ends.push(end),
      progress: (bytes) => this.progressed(bytes),
    };
    const workers = await this.workersFor(jobs);
    tables.columns.measuring = workers !== null;
    const wide = workers === null ? null : { workers, segmentBytes, firstRows: true };
    try {
      await scanTrace({ ...this.input, wide }, jobs, sink, signal);
    } catch (error) {
      log(error);
      problem(fileProblem('', 'Reading stopped because of an internal error; see the log.'));
    }
    if (signal.aborted) {
      await workers?.dispose();
      return;
    }
    await this.files.ended(ends);
    if (workers !== null) this.measuring = this.readResponses(workers);
    done();
  }

  /** Null for a scan that one thread does sooner. */
  private async workersFor(jobs: readonly FileJob[]): Promise<Workers | null> {
    const { workers, format, dir } = this.deps;
    if (workers === null || format.objectLines === undefined) return null;
    let bytes = 0;
    for (const { file, from } of jobs) {
      if (!WideScan.takes(dir, { file })) continue;
      const found = await stat(dir.locate(file)).catch(() => null);
      bytes += Math.max(0, (found?.size ?? 0) - from.offset);
      if (bytes >= worthThreads) return workers();
    }
    return null;
  }

  private async readResponses(workers: Workers): Promise<void> {
    const { tables, dir, format, foreground, unsplit, signal, stale, log } = this.deps;
    const { names } = this.files;
    const progress = () => {
      if (this.pace.isDue(this.pace.bytesRead, false)) this.report();
    };
    const end = () => void workers.dispose();
    signal.addEventListener('abort', end, { once: true });
    try {
      const input = { tables, dir, format: format.id, names, unsplit, workers, foreground, progress, log };
      await readResponses(input, signal);
    } catch (error) {
      log(error);
      tables.problems.add(fileProblem('', 'Reading responses stopped because of an internal error; see the log.'));
    } finally {
      signal.removeEventListener('abort', end);
      await workers.dispose();
    }
    if (signal.aborted) return;
    this.measuring = null;
    tables.columns.measuring = false;
    this.report();
    stale();
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
      measured: tables.measured,
      groups: tables.groups.length,
      problems: problemCount(),
      sizesFrom: from,
      sizes,
    });
  }
}
