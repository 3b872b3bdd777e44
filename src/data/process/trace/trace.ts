import type { RewardComponent } from '../../../core/reward/component';
import { namedComponents } from '../../../core/reward/namedComponents';
import { UserError } from '../../../core/text/userError';
import type { Rollout } from '../../../core/trajectory/rollout';
import { toolRulesOf } from '../../../core/trajectory/tools/chooseRules';
import type { ToolRules, ToolRulesId } from '../../../core/trajectory/tools/toolRules';
import { traceFormat } from '../../../formats/detect';
import type { Detection, TraceFormat } from '../../../formats/format';
import type {
  GroupDetail,
  GroupSummary,
  ImageRef,
  RolloutSummary,
  TraceInfo,
  TraceOpened,
  TraceOverrides,
} from '../../../protocol/data';
import type { ColumnInfo, TraceQuery, TraceView } from '../../../protocol/query';
import { TraceQueries } from '../columns/traceQueries';
import { validationRows } from '../columns/validationRows';
import type { ComparedTrace } from '../compare/compareTraces';
import type { LocatedTarget } from '../files/openTarget';
import { PackedFile } from '../files/packedFile';
import { TraceNotes } from '../notes/traceNotes';
import { TraceOverviews } from '../overview/traceOverviews';
import { TraceReview } from '../review/traceReview';
import type { SampleSource } from '../samples/joinSamples';
import { Foreground } from '../scan/foreground';
import { ParquetRows } from '../scan/parquetRows';
import { TraceScores } from '../score/traceScores';
import { TraceFrames } from './frames';
import { type GroupAsked, GroupDetails } from './groupDetails';
import { TraceImages } from './images';
import { RegionSizes } from './regionSizes';
import { RowReader } from './rowReader';
import { Summaries } from './summaries';
import { TraceTables } from './tables';
import type { TraceDeps } from './traceDeps';
import { indexOf } from './traceIndex';
import { traceInfo } from './traceInfo';
import { TraceScan } from './traceScan';
import { unlessAborted } from './unlessAborted';

const groupsPerCall = 1000;

/** One open trace: scanned in the background, read by group and row on demand. */
export class Trace {
  private readonly format: TraceFormat;
  private readonly tables: TraceTables;
  private readonly parquet: ParquetRows | null;
  private readonly reader: RowReader;
  private readonly summaries: Summaries;
  private readonly queries: TraceQueries;
  private readonly details: GroupDetails;
  private readonly frames: TraceFrames;
  private readonly sizes: RegionSizes;
  readonly images: TraceImages;
  readonly overviews: TraceOverviews;
  readonly notes: TraceNotes;
  private readonly samples: SampleSource;
  private readonly validation = () => validationRows(this.tables.columns, this.target.dir.root, this.format);
  readonly scores: TraceScores;
  readonly review: TraceReview;
  private readonly foreground = new Foreground();
  private readonly closing = new AbortController();
  /** Lets the scan begin. Whoever asks before that waits for it all the same. */
  private begin: () => void = () => undefined;
  private readonly scanning: Promise<void> = new Promise<void>((resolve) => {
    this.begin = resolve;
  }).then(() => this.fill());
  private readonly scan: TraceScan;
  /** Every row is there, its response read. */
  private readonly whole = () => this.scanning.then(() => this.scan.measured());
  /** Components as the user named them; null while nobody did. */
  private named: readonly RewardComponent[] | null;
  /** Whose rules calls are replayed by, by the user's word. */
  private tool: ToolRulesId | null;

  constructor(
    private readonly id: number,
    private readonly target: LocatedTarget,
    private readonly detection: Detection,
    private readonly bytes: number,
    overrides: TraceOverrides,
    private readonly deps: TraceDeps,
  ) {
    const { dir } = target;
    const { workers, progress, stale, log } = deps;
    this.format = traceFormat(detection.format);
    const unsplit = new Set(overrides.unsplit);
    this.tables = new TraceTables(this.format, unsplit);
    this.parquet = this.format.unit === 'table' ? new ParquetRows(dir, deps.tableLimits) : null;
    this.scan = new TraceScan({
      traceId: id,
      dir,
      format: this.format,
      names: detection.files,
      bytes,
      tables: this.tables,
      parquet: this.parquet,
      foreground: this.foreground,
      index: indexOf(this.format, target, deps.shelf, unsplit),
      signal: this.closing.signal,
      unsplit,
      detect: async () => (await this.format.detect(target))?.files ?? [],
      problemCount: () => this.tables.problems.count + this.images.problems.length,
      workers,
      progress,
      stale,
      log,
    });
    const { files } = this.scan;
    this.reader = new RowReader(dir, files, this.format, this.tables.rows, this.parquet, unsplit);
    this.queries = new TraceQueries(
      this.tables.columns,
      () => this.tables.grouping,
      { dir, files, format: this.format, rows: this.tables.rows, reader: this.reader },
      deps.searched,
      () => this.tables.columnsVersion,
      () => this.scan.measured(),
    );
    this.images = new TraceImages(
      deps.resolver,
      this.tables,
      this.reader,
      deps.imageSize,
      deps.cacheDir,
      (file) => dir.locate(file),
      deps.contents,
    );
    this.samples = { samples: this.tables.sampleKeys, picture: this.images.picture.bind(this.images) };
    this.summaries = new Summaries(
      this.tables,
      () => (this.format.stepless ? null : (this.images.config?.groupSize ?? null)),
      () => this.scan.done,
      this.format.unit !== 'document' && !this.format.stepless,
    );
    const { frames } = this.format;
    this.frames = new TraceFrames(this.tables, this.reader, this.images, frames, this.closing.signal, stale, log);
    this.frames.setUser(overrides.frames ?? []);
    const { signal } = this.closing;
    this.sizes = new RegionSizes(this.tables, this.images, this.frames, signal, stale, log);
    this.tables.places = this.sizes;
    this.tool = overrides.tool ?? null;
    this.named = overrides.components ?? null;
    const shared = {
      tables: this.tables,
      reader: this.reader,
      images: this.images,
      summaries: this.summaries,
      frames: this.frames,
    };
    const { tables, foreground, samples, validation } = this;
    const rules = (rollout: Rollout) => this.rulesOf(rollout);
    this.scores = new TraceScores({ ...shared, foreground, rulesOf: rules }, overrides, signal, deps.scored);
    const place = { samples, validation, rules, path: target.path };
    this.overviews = new TraceOverviews({ ...shared, ...place }, this.scan);
    this.notes = new TraceNotes(dir, files, tables, this.reader);
    const marking = { tables, foreground, names: () => files.names, keys: this.notes.keys };
    this.review = new TraceReview(this.queries, { ...marking, scanned: (asked) => this.scanned(asked) }, signal);
    this.details = new GroupDetails({
      ...shared,
      queries: this.queries,
      closing: this.closing.signal,
      stale: deps.stale,
      log: deps.log,
    });
  }

  opened(): TraceOpened {
    const { format, files, reason } = this.detection;
    const { title: formatTitle } = this.format;
    return { traceId: this.id, format, formatTitle, reason, root: this.target.dir.root, files, bytes: this.bytes };
  }

  start(): void {
    this.begin();
  }

  groups(start: number, count: number, viewId: number | null): readonly GroupSummary[] {
    const view = viewId === null ? null : this.queries.view(viewId);
    const from = Math.max(0, Math.floor(start));
    const length = view?.groups.length ?? this.tables.groups.length;
    const to = Math.min(length, from + Math.min(Math.max(0, Math.floor(count)), groupsPerCall));
    return Array.from({ length: Math.max(0, to - from) }, (_, i) =>
      this.summaries.get(view?.groups[from + i] ?? from + i, view),
    );
  }

  members(group: number, start: number, count: number, viewId: number | null): readonly RolloutSummary[] {
    return this.summaries.members(group, start, count, viewId === null ? null : this.queries.view(viewId));
  }

  columns(): readonly ColumnInfo[] {
    if (this.scan.whole) this.sizes.follow();
    return this.tables.columns.infos(new Map(this.components().map(({ name, weight }) => [name, weight])));
  }

  /** Logged columns that are parts of the reward: what the user says, else what the run's config does. */
  private components(): readonly RewardComponent[] {
    const columns = this.tables.numericColumns;
    if (this.named !== null) return this.named.filter(({ name }) => columns.includes(name));
    return namedComponents(columns, this.images.config?.rewardFunctions ?? []);
  }

  query(query: TraceQuery, signal: AbortSignal): Promise<TraceView> {
    return this.foreground.run(() => this.queries.query(query, signal));
  }

  group(group: number, asked: GroupAsked, signal: AbortSignal): Promise<GroupDetail> {
    return this.foreground.run(() => this.details.get(group, asked, signal));
  }

  async rollout(row: number): Promise<Rollout> {
    this.checkRow(row);
    return this.foreground.run(() => this.reader.rollout(row));
  }

  /** The whole trace, to be compared with others. */
  async scanned(signal: AbortSignal): Promise<ComparedTrace> {
    await unlessAborted(this.whole(), signal);
    return { tables: this.tables, source: this.samples, validation: this.validation };
  }

  async info(wait: boolean, signal: AbortSignal): Promise<TraceInfo> {
    if (wait) {
      await unlessAborted(this.whole(), signal);
      await this.images.resolveAll(signal);
      await unlessAborted(this.sizes.measure(), signal);
    }
    return traceInfo({
      format: this.format,
      files: this.scan.files.names,
      tables: this.tables,
      images: this.images,
      uncertainGroups: this.summaries.uncertainCount(),
      components: this.components(),
      frames: this.frames.reports(),
    });
  }

  async override(overrides: TraceOverrides): Promise<void> {
    this.scores.override(overrides);
    this.named = overrides.components ?? null;
    this.tool = overrides.tool ?? null;
    this.frames.setUser(overrides.frames ?? []);
    await this.images.setOverrides(overrides);
    this.sizes.forget();
    // Other images may make other evidence.
    void this.frames.gather();
    if (this.scan.whole) void this.sizes.measure();
    this.deps.stale();
  }

  /** Absolute path of a file of the trace, of what it holds when it is packed. */
  async locate(file: string): Promise<string> {
    const { dir } = this.target;
    const source = dir.source(file);
    return source instanceof PackedFile ? source.locate() : dir.locate(file);
  }

  imageFile(ref: ImageRef): Promise<string> {
    return this.images.file(ref);
  }

  async viewFile(row: number, observation: number): Promise<string | null> {
    this.checkRow(row);
    return this.foreground.run(() => this.images.viewFile(row, observation));
  }

  /** Files are looked at for growth from now on, more often while somebody sees the trace. */
  watch(visible: boolean): void {
    this.scan.watch(visible);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.begin();
    await this.scanning;
    await this.scan.stop();
    await this.images.dispose();
    await this.parquet?.dispose();
  }

  private checkRow(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.tables.rows.length)
      throw new UserError(`The trace has no row ${row + 1}.`);
  }

  private rulesOf(rollout: Rollout): ToolRules {
    return toolRulesOf(rollout, this.format.id, this.tool, this.images.config?.tool ?? null).rules;
  }

  private async fill(): Promise<void> {
    if (!(await this.scan.first())) return;
    void this.frames.gather();
    await this.scan.measured();
    void this.sizes.measure();
  }
}
