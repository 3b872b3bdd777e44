import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatasetImage } from '../../../core/dataset/datasetImage';
import type { ImageNotes } from '../../../core/dataset/edit/imageNotes';
import type { RepaintMask } from '../../../core/dataset/repaintedMask';
import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import type { OpenTarget } from '../../../formats/format';
import type { ImageSetDetection } from '../../../formats/imageSet/imageSetFormat';
import type {
  DuplicatesFound,
  HashedImages,
  ImageEdits,
  ImageRow,
  ImageSetInfo,
  ImageSetMarks,
  ImageSetOpened,
  ImageSetProgress,
  ImageSetQuery,
  ImageSetStatistics,
  ImageSetView,
  ImageValues,
} from '../../../protocol/imageSet';
import type { MaskAnswer, MaskRequest } from '../../../protocol/media';
import type { ColumnInfo } from '../../../protocol/query';
import { errorCode, fileError } from '../files/fileSource';
import { fileProblem } from '../scan/problemLog';
import { ReportPace } from '../trace/reportPace';
import { unlessAborted } from '../trace/unlessAborted';
import { ColumnShelf } from './columnShelf';
import { EffectiveTables } from './effectiveTables';
import type { ImageLookup } from './imageLookup';
import { imageRow } from './imageRow';
import { imageSetInfo } from './imageSetInfo';
import { markColumns, valueColumn } from './markColumns';
import { noteMissing } from './missingImages';
import { SetScores } from './scores/setScores';
import { duplicateGroups } from './setDuplicates';
import { SetEdits, toldOf } from './setEdits';
import type { SetFiles } from './setFiles';
import { SetQueries } from './setQueries';
import type { SetReader } from './setReader';
import { setStatistics } from './setStatistics';
import { SetTables } from './setTables';
import { SizeCheck } from './sizeCheck';

export interface ImageSetDeps {
  /** That the set was opened by, absolute. */
  readonly path: string;
  readonly target: OpenTarget;
  readonly reader: SetReader;
  readonly detection: ImageSetDetection;
  /** Absolute. */
  readonly root: string;
  readonly bytes: number;
  readonly files: SetFiles;
  readonly lookup: ImageLookup;
  /** Size of the stored pixels from an image's header; null when it is none. */
  readonly imageSize: (path: string) => Promise<Size | null>;
  readonly repaintMask: RepaintMask;
  readonly readMask: (request: MaskRequest) => Promise<MaskAnswer>;
  readonly progress: (progress: ImageSetProgress) => void;
  readonly sampling: (chosen: number, wanted: number) => void;
  readonly log: (error: unknown) => void;
}

/** Rows that one call answers. */
const mostRows = 5000;
/** Milliseconds of scanning before other requests get their turn. */
const slice = 8;

/** One open image set. */
export class ImageSet {
  /** What the set's own files say. */
  readonly tables = new SetTables();
  /** What stands after the edits. */
  readonly effective = new EffectiveTables(this.tables);
  readonly shelf = new ColumnShelf(this.effective);
  private readonly queries = new SetQueries(this.effective, this.shelf);
  private readonly edits = new SetEdits(
    this.effective,
    async (index) => (await this.deps.reader.readImage(this.tables, index)).annotations,
    (error) => this.deps.log(error),
  );
  readonly scores: SetScores;
  private readonly pace = new ReportPace();
  private readonly stopping = new AbortController();
  private scanning: Promise<void> = Promise.resolve();
  /** Images that are not there are looked for once everything else is known. */
  private checking: Promise<void> = Promise.resolve();
  private sliceEnd = 0;
  /** Mean total reward of joined rollouts by image, NaN without one; null while none are joined. */
  rewards: Float64Array | null = null;
  /** A host tells what people say: what is saved may be older. */
  private told = false;
  private readonly sizes: SizeCheck;

  constructor(
    readonly setId: number,
    private readonly deps: ImageSetDeps,
  ) {
    const { effective: tables, shelf, queries } = this;
    const { files, imageSize, log, sampling } = deps;
    const noted = () => {
      if (!this.stopping.signal.aborted) this.report();
    };
    this.sizes = new SizeCheck({ tables: this.tables, files, imageSize, noted, log });
    this.scores = new SetScores({ tables, shelf, queries, scanned: (until) => this.scanned(until), sampling });
  }

  get path(): string {
    return this.deps.path;
  }

  /** Absolute folder that files are relative to. */
  get root(): string {
    return this.deps.root;
  }

  get files(): SetFiles {
    return this.deps.files;
  }

  /** What the set's own files are read, and written again, by. */
  get source(): Pick<ImageSetDeps, 'target' | 'detection' | 'repaintMask' | 'readMask'> {
    return this.deps;
  }

  opened(): ImageSetOpened {
    const { reader, detection, root, bytes } = this.deps;
    const { format, files, reason } = detection;
    return { setId: this.setId, format, formatTitle: reader.title, reason, root, files, bytes, frame: reader.frame };
  }

  start(): void {
    this.scanning = this.scan();
    this.checking = this.scanning.then(() => this.check());
  }

  async info(wait: boolean, signal: AbortSignal): Promise<ImageSetInfo> {
    if (wait) await unlessAborted(this.checking, signal);
    return imageSetInfo(this.effective, this.tables);
  }

  /** Every image is there. */
  scanned(signal: AbortSignal): Promise<void> {
    return unlessAborted(this.scanning, signal);
  }

  columns(): readonly ColumnInfo[] {
    return this.shelf.infos();
  }

  mark(marks: ImageSetMarks): void {
    this.told = true;
    this.shelf.mark(markColumns(marks));
  }

  /** Answers the images that changed; none while the scan runs, after which the edits count. */
  async edit(edits: readonly ImageEdits[], whole: boolean): Promise<readonly number[]> {
    this.told = true;
    this.edits.take(edits, whole);
    return this.tables.done ? this.edits.settle() : [];
  }

  /** Takes saved notes by image key, as a host would tell them; one that tells its own knows better. */
  async takeSaved(notes: ReadonlyMap<string, ImageNotes>): Promise<void> {
    if (this.told) return;
    const { marks, edits } = toldOf(notes);
    this.shelf.mark(markColumns(marks));
    this.edits.take(edits, true);
    if (this.tables.done) await this.edits.settle();
  }

  addValues(values: ImageValues): void {
    this.shelf.add(valueColumn(values));
  }

  dropValues(names: readonly string[]): void {
    this.shelf.drop(names);
  }

  async findDuplicates(hashed: HashedImages, signal: AbortSignal): Promise<DuplicatesFound> {
    const { column, found } = await duplicateGroups(hashed, signal);
    this.shelf.add(column);
    return found;
  }

  query(query: ImageSetQuery, signal: AbortSignal): Promise<ImageSetView> {
    return this.queries.query(query, signal);
  }

  async statistics(view: number | null, signal: AbortSignal): Promise<ImageSetStatistics> {
    const { matching, images } = await this.queries.listed(view, signal);
    return setStatistics(this.effective, matching, images);
  }

  rows(start: number, count: number, view: number | null): readonly ImageRow[] {
    const held = view === null ? null : this.queries.view(view);
    const from = Math.max(0, start);
    const end = Math.min(held?.order.length ?? this.tables.images.length, from + Math.min(count, mostRows));
    const rows: ImageRow[] = [];
    for (let at = from; at < end; at++) {
      const row = imageRow(this.effective, held?.order[at] ?? at, this.rewards);
      const sorted = held?.sortValue(row.index);
      rows.push(sorted === undefined ? row : { ...row, sorted });
    }
    return rows;
  }

  async image(index: number): Promise<DatasetImage> {
    const { images } = this.checked(index);
    const content = await this.deps.reader.readImage(this.tables, index);
    const size = images.size(index) ?? (await this.readSize(index));
    this.sizes.compare(index, size);
    const [key, file] = [images.keys[index] ?? '', images.files[index] ?? ''];
    return { index, key, file, size, split: images.split(index), ...content };
  }

  /** Null when the image is missing. */
  async file(index: number): Promise<{ readonly path: string } | null> {
    this.checked(index);
    const path = await this.deps.files.find(this.tables, index);
    return path === null ? null : { path };
  }

  async close(): Promise<void> {
    this.stopping.abort(new Error('closed'));
    await this.checking;
    await this.deps.reader.dispose?.();
  }

  private checked(index: number): SetTables {
    if (Number.isInteger(index) && index >= 0 && index < this.tables.images.length) return this.tables;
    throw new UserError(`The set has no image ${index + 1}.`);
  }

  /** From the image's own header, where the set states no size. */
  private async readSize(index: number): Promise<Size | null> {
    const path = await this.deps.files.find(this.tables, index);
    const size = path === null ? null : await this.deps.imageSize(path);
    if (size !== null) {
      this.tables.images.setSize(index, size);
      this.tables.version++;
    }
    return size;
  }

  private async scan(): Promise<void> {
    const { reader, detection } = this.deps;
    this.sliceEnd = performance.now() + slice;
    try {
      await reader.scan(this.tables, (bytesRead) => this.mayGoOn(bytesRead));
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const told = fileError(detection.files[0] ?? '', error);
      if (!UserError.is(told)) this.deps.log(error);
      const message = UserError.is(told)
        ? told.message
        : `The scan ended early (${errorCode(error) ?? String(error)}).`;
      this.tables.problems.add(fileProblem(detection.files[0] ?? '', message));
    }
    this.tables.done = true;
    await this.edits.settle();
    this.pace.bytesRead = this.deps.bytes;
    this.report();
  }

  private async check(): Promise<void> {
    const { problems } = this.tables;
    const before = problems.count;
    try {
      await noteMissing(this.tables, this.deps.lookup, this.stopping.signal);
    } catch (error) {
      this.deps.log(error);
    }
    if (problems.count > before) this.report();
  }

  private async mayGoOn(bytesRead: number): Promise<void> {
    this.stopping.signal.throwIfAborted();
    if (this.pace.isDue(bytesRead, this.tables.images.length === 0)) this.report();
    if (performance.now() < this.sliceEnd) return;
    await nextTurn();
    this.stopping.signal.throwIfAborted();
    this.sliceEnd = performance.now() + slice;
  }

  private report(): void {
    const { images, annotations, problems, done } = this.tables;
    this.deps.progress({
      setId: this.setId,
      done,
      bytesRead: this.pace.bytesRead,
      bytesTotal: this.deps.bytes,
      images: images.length,
      annotations: annotations.length,
      problems: problems.count,
    });
  }
}
