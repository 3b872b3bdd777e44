import { setTimeout as delay } from 'node:timers/promises';
import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import type { Rollout } from '../../../core/trajectory/rollout';
import { traceFormat } from '../../../formats/detect';
import type { Detection, TraceFormat } from '../../../formats/format';
import {
  GROUP_PAGE,
  type GroupDetail,
  type GroupSummary,
  type ImageRef,
  type ImageState,
  type TraceInfo,
  type TraceOpened,
  type TraceOverrides,
  type TraceProgress,
} from '../../../protocol/data';
import type { LocatedTarget } from '../files/openTarget';
import type { ImageResolver } from '../images/resolver';
import type { TableLimits } from '../images/tableDatabase';
import { LruCache } from '../lruCache';
import { Foreground } from '../scan/foreground';
import { ParquetRows } from '../scan/parquetRows';
import { fileProblem } from '../scan/problemLog';
import { scanTrace } from '../scan/scanner';
import { type CutRollout, cutTexts } from './cutTexts';
import { TraceFrames } from './frames';
import { TraceImages } from './images';
import { RowReader } from './rowReader';
import { Summaries } from './summaries';
import { TraceTables } from './tables';

export interface TraceDeps {
  /** For each of the databases that a trace of tables is read with. */
  readonly tableLimits: TableLimits;
  readonly resolver: Promise<ImageResolver>;
  /** Absolute folder for images out of rows. */
  readonly cacheDir: string;
  readonly imageSize: (path: string) => Promise<Size | null>;
  readonly progress: (progress: TraceProgress) => void;
  /** Frames or images were decided anew: details given out before are out of date. */
  readonly stale: () => void;
  readonly log: (error: unknown) => void;
}

/** Milliseconds between two reports of a running scan: short at first, when a window is still empty. */
const firstInterval = 25;
const longestInterval = 250;
const groupsPerCall = 1000;
const problemsTold = 1000;
/** Rows of a group read side by side; large ones one by one, so that they do not fill the memory together. */
const rowsAtOnce = 8;
const largeRow = 2 * 1024 * 1024;
/** UTF-16 units of prompts and responses kept of groups looked at last. */
const textsKept = 32 * 1024 * 1024;

/** One open trace: scanned in the background, read by group and row on demand. */
export class Trace {
  private readonly format: TraceFormat;
  private readonly tables: TraceTables;
  private readonly parquet: ParquetRows | null;
  private readonly reader: RowReader;
  readonly summaries: Summaries;
  private readonly images: TraceImages;
  private readonly frames: TraceFrames;
  private readonly foreground = new Foreground();
  private readonly closing = new AbortController();
  private readonly details = new LruCache<number, readonly CutRollout[]>(textsKept);
  private scanning: Promise<void> = Promise.resolve();
  private bytesRead = 0;
  private nextReport = 0;
  private interval = firstInterval;
  private done = false;

  constructor(
    private readonly id: number,
    private readonly target: LocatedTarget,
    private readonly detection: Detection,
    private readonly bytes: number,
    overrides: TraceOverrides,
    private readonly deps: TraceDeps,
  ) {
    const { dir } = target;
    this.format = traceFormat(detection.format);
    this.tables = new TraceTables(this.format);
    this.parquet = this.format.unit === 'table' ? new ParquetRows(dir, deps.tableLimits) : null;
    this.reader = new RowReader(dir, detection.files, this.format, this.tables.rows, this.parquet);
    this.images = new TraceImages(deps.resolver, this.tables, this.reader, deps.imageSize, deps.cacheDir);
    this.summaries = new Summaries(
      this.tables,
      () => (this.format.stepless ? null : (this.images.config?.groupSize ?? null)),
      () => this.done,
      this.format.unit !== 'document' && !this.format.stepless,
    );
    const { frames } = this.format;
    this.frames = new TraceFrames(
      this.tables,
      this.reader,
      this.images,
      frames,
      this.closing.signal,
      deps.stale,
      deps.log,
    );
    this.frames.setUser(overrides.frames ?? []);
  }

  opened(): TraceOpened {
    const { format, files, reason } = this.detection;
    const { title: formatTitle } = this.format;
    return { traceId: this.id, format, formatTitle, reason, root: this.target.dir.root, files, bytes: this.bytes };
  }

  start(): void {
    this.scanning = this.scan();
  }

  groups(start: number, count: number): readonly GroupSummary[] {
    const from = Math.max(0, Math.floor(start));
    const to = Math.min(this.tables.groups.length, from + Math.min(Math.max(0, Math.floor(count)), groupsPerCall));
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => this.summaries.get(from + i));
  }

  group(group: number, after: number | null, patience: number | null, signal: AbortSignal): Promise<GroupDetail> {
    return this.foreground.run(() => this.detail(group, after, patience, signal));
  }

  private async detail(
    group: number,
    after: number | null,
    patience: number | null,
    signal: AbortSignal,
  ): Promise<GroupDetail> {
    this.tables.checkedGroup(group);
    if (after !== null && !this.isMember(after, group))
      throw new UserError(`Row ${after + 1} is not in group ${group + 1}.`);
    const finding = patience === null ? this.images.state(group, signal) : this.imageWithin(group, patience);
    const [image, members] = await Promise.all([finding, this.membersOf(group, after)]);
    const rollouts = members.map(({ rollout }) => rollout);
    return {
      summary: this.summaries.get(group),
      rollouts,
      image,
      frames: await this.frames.choices(rollouts[0]?.dataSource ?? null),
      truncated: members.flatMap(({ rollout: { row }, cutFrom }) =>
        cutFrom === null ? [] : [{ row, length: cutFrom }],
      ),
      tokenRows: members.flatMap(({ rollout: { row }, tokens }) => (tokens ? [row] : [])),
    };
  }

  /** The group's image, or `pending` when finding it takes longer than `patience` ms; who asked is told when it is known. */
  private async imageWithin(group: number, patience: number): Promise<ImageState> {
    const finding = this.images.state(group, this.closing.signal);
    const found = await Promise.race([finding, delay(patience, null)]);
    if (found !== null) return found;
    finding.then(this.deps.stale, this.deps.log);
    return { kind: 'pending', reason: 'The run’s datasets are being read to find the image.' };
  }

  async rollout(row: number): Promise<Rollout> {
    this.checkRow(row);
    return this.foreground.run(() => this.reader.rollout(row));
  }

  async info(wait: boolean, signal: AbortSignal): Promise<TraceInfo> {
    if (wait) {
      await unlessAborted(this.scanning, signal);
      await this.images.resolveAll(signal);
      await unlessAborted(this.frames.settled(), signal);
    }
    const { tables } = this;
    const problems = [...this.images.problems, ...tables.problems.problems];
    return {
      format: this.format.id,
      formatTitle: this.format.title,
      files: this.detection.files,
      rollouts: tables.rows.length - tables.samples,
      samples: tables.samples,
      groups: tables.groups.length,
      uncertainGroups: this.summaries.uncertainCount(),
      steps: tables.sortedSteps,
      fields: tables.numericColumns,
      // Neither a format nor a run's config names components yet: a logged column stays a field.
      rewardComponents: [],
      frames: this.frames.reports(),
      images: this.images.counts(),
      badges: { ...tables.badges },
      config: this.images.config,
      problems: problems.slice(0, problemsTold),
      problemCount: this.problemCount,
    };
  }

  async override(overrides: TraceOverrides): Promise<void> {
    this.frames.setUser(overrides.frames ?? []);
    await this.images.setOverrides(overrides);
    // Other images may make other evidence.
    void this.frames.gather();
    this.deps.stale();
  }

  imageFile(ref: ImageRef): Promise<string> {
    return this.images.file(ref);
  }

  async viewFile(row: number, observation: number): Promise<string | null> {
    this.checkRow(row);
    return this.foreground.run(() => this.images.viewFile(row, observation));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.scanning;
    await this.images.dispose();
    await this.parquet?.dispose();
  }

  private get problemCount(): number {
    return this.tables.problems.count + this.images.problems.length;
  }

  private checkRow(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.tables.rows.length)
      throw new UserError(`The trace has no row ${row + 1}.`);
  }

  private isMember(row: number, group: number): boolean {
    const { rows } = this.tables;
    return Number.isInteger(row) && row >= 0 && row < rows.length && rows.get(row).group === group;
  }

  private async membersOf(group: number, after: number | null): Promise<readonly CutRollout[]> {
    const rows = this.tables.members(group, GROUP_PAGE, after);
    const known = after === null ? this.details.get(group) : undefined;
    // A group that grew since is read again.
    if (known !== undefined && known.length === rows.length) return known;
    const members: CutRollout[] = [];
    const large = rows.some((row) => this.tables.rows.get(row).length > largeRow);
    const atOnce = large ? 1 : rowsAtOnce;
    for (let from = 0; from < rows.length; from += atOnce) {
      const some = rows.slice(from, from + atOnce);
      members.push(...(await Promise.all(some.map(async (row) => cutTexts(await this.reader.rollout(row))))));
    }
    const weight = members.reduce((sum, { rollout }) => sum + rollout.prompt.length + rollout.response.length, 0);
    if (after === null) this.details.set(group, members, weight);
    return members;
  }

  private async scan(): Promise<void> {
    const { dir } = this.target;
    const { files } = this.detection;
    const sink = {
      row: this.tables.add.bind(this.tables),
      problem: this.tables.problems.add.bind(this.tables.problems),
      progress: (bytes: number) => this.progressed(bytes),
    };
    try {
      const { format, foreground, parquet } = this;
      await scanTrace({ dir, files, format, foreground, parquet }, sink, this.closing.signal);
    } catch (error) {
      this.deps.log(error);
      this.tables.problems.add(fileProblem('', 'Reading stopped because of an internal error; see the log.'));
    }
    if (this.closing.signal.aborted) return;
    this.done = true;
    this.report();
    void this.frames.gather();
  }

  /** Reports the first rows at once, then ever more rarely, down to four times a second. */
  private progressed(bytes: number): void {
    this.bytesRead = bytes;
    const now = performance.now();
    if (this.tables.rows.length === 0 || now < this.nextReport) return;
    this.nextReport = now + this.interval;
    this.interval = Math.min(this.interval * 2, longestInterval);
    this.report();
  }

  private report(): void {
    const { from, sizes } = this.tables.groups.takeChanges();
    this.deps.progress({
      traceId: this.id,
      done: this.done,
      bytesRead: this.bytesRead,
      bytesTotal: this.bytes,
      rollouts: this.tables.rows.length,
      samples: this.tables.samples,
      groups: this.tables.groups.length,
      problems: this.problemCount,
      sizesFrom: from,
      sizes,
    });
  }
}

/** The promise, or a rejection as soon as the caller no longer wants it. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(new Error('cancelled'));
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('cancelled'));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
