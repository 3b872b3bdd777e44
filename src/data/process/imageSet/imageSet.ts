import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatasetImage } from '../../../core/dataset/datasetImage';
import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import type { OpenTarget } from '../../../formats/format';
import type { ImageSetDetection } from '../../../formats/imageSet/imageSetFormat';
import {
  type DuplicatesFound,
  type HashedImages,
  type ImageRow,
  type ImageSetInfo,
  type ImageSetMarks,
  type ImageSetOpened,
  type ImageSetProgress,
  type ImageSetQuery,
  type ImageSetStatistics,
  type ImageSetView,
  type ImageValues,
  ROW_BOXES,
} from '../../../protocol/imageSet';
import type { ColumnInfo } from '../../../protocol/query';
import { errorCode, fileError } from '../files/fileSource';
import { fileProblem } from '../scan/problemLog';
import { ReportPace } from '../trace/reportPace';
import { unlessAborted } from '../trace/unlessAborted';
import { ColumnShelf } from './columnShelf';
import type { ImageLookup } from './imageLookup';
import { imageSetInfo } from './imageSetInfo';
import { markColumns, valueColumn } from './markColumns';
import { noteMissing } from './missingImages';
import { SetScores } from './scores/setScores';
import { duplicateGroups } from './setDuplicates';
import type { SetFiles } from './setFiles';
import { SetQueries } from './setQueries';
import type { SetReader } from './setReader';
import { setStatistics } from './setStatistics';
import { SetTables } from './setTables';

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
  readonly tables = new SetTables();
  readonly shelf = new ColumnShelf(this.tables);
  private readonly queries = new SetQueries(this.tables, this.shelf);
  readonly scores: SetScores;
  private readonly pace = new ReportPace();
  private readonly stopping = new AbortController();
  private scanning: Promise<void> = Promise.resolve();
  /** Images that are not there are looked for once everything else is known. */
  private checking: Promise<void> = Promise.resolve();
  private sliceEnd = 0;
  /** Mean total reward of joined rollouts by image, NaN without one; null while none are joined. */
  rewards: Float64Array | null = null;
  /** Images whose stated size was compared with their own. */
  private readonly compared = new Set<number>();

  constructor(
    readonly setId: number,
    private readonly deps: ImageSetDeps,
  ) {
    const { tables, shelf, queries } = this;
    const scanned = (signal: AbortSignal) => unlessAborted(this.scanning, signal);
    this.scores = new SetScores({ tables, shelf, queries, scanned, sampling: deps.sampling });
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
  get source(): { readonly target: OpenTarget; readonly detection: ImageSetDetection } {
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
    return imageSetInfo(this.tables);
  }

  /** Every image is there. */
  scanned(signal: AbortSignal): Promise<void> {
    return unlessAborted(this.scanning, signal);
  }

  columns(): readonly ColumnInfo[] {
    return this.shelf.infos();
  }

  mark(marks: ImageSetMarks): void {
    this.shelf.mark(markColumns(marks));
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

  statistics(view: number | null): ImageSetStatistics {
    if (view !== null) {
      const { matching, images } = this.queries.view(view);
      return setStatistics(this.tables, matching, images);
    }
    const every = Uint32Array.from({ length: this.tables.images.length }, (_, index) => index);
    return setStatistics(this.tables, { image: null, annotation: null }, every);
  }

  rows(start: number, count: number, view: number | null): readonly ImageRow[] {
    const held = view === null ? null : this.queries.view(view);
    const from = Math.max(0, start);
    const end = Math.min(held?.order.length ?? this.tables.images.length, from + Math.min(count, mostRows));
    const rows: ImageRow[] = [];
    for (let at = from; at < end; at++) {
      const row = this.row(held?.order[at] ?? at);
      const sorted = held?.sortValue(row.index);
      rows.push(sorted === undefined ? row : { ...row, sorted });
    }
    return rows;
  }

  async image(index: number): Promise<DatasetImage> {
    const { images } = this.checked(index);
    const content = await this.deps.reader.readImage(this.tables, index);
    const size = images.size(index) ?? (await this.readSize(index));
    this.compareSize(index, size);
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

  /** Notes, once and without anyone waiting for it, when an image is not as large as its set says. */
  private compareSize(index: number, stated: Size | null): void {
    if (stated === null || this.compared.has(index)) return;
    this.compared.add(index);
    const { files, imageSize, log } = this.deps;
    const compare = async () => {
      const path = await files.find(this.tables, index);
      const found = path === null ? null : await imageSize(path);
      if (found === null || isSize(found, stated) || this.stopping.signal.aborted) return;
      const { file, line } = this.tables.images.place(index);
      const name = this.tables.images.files[index];
      const message = `The image ${name} is ${found.width} × ${found.height} pixels; the set says ${stated.width} × ${stated.height}.`;
      this.tables.problems.add({ severity: 'warning', file, line, element: null, field: null, message });
      this.report();
    };
    compare().catch(log);
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

  private row(index: number): ImageRow {
    const { images, annotations } = this.tables;
    const { starts, order } = this.tables.byImage();
    const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? 0];
    const own: number[] = [];
    for (let i = from; i < to && own.length < ROW_BOXES; i++) {
      const at = order[i] ?? 0;
      if (!Number.isNaN(annotations.x1[at])) own.push(at);
    }
    const { x1, y1, x2, y2, labels } = annotations;
    return {
      index,
      key: images.keys[index] ?? '',
      file: images.files[index] ?? '',
      width: images.widths[index] ?? 0,
      height: images.heights[index] ?? 0,
      split: images.split(index),
      annotations: to - from,
      boxes: Float32Array.from(own.flatMap((at) => [x1[at] ?? 0, y1[at] ?? 0, x2[at] ?? 0, y2[at] ?? 0])),
      labels: Int32Array.from(own, (at) => labels[at] ?? -1),
      ...(this.rewards === null ? {} : { reward: this.rewards[index] ?? Number.NaN }),
    };
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

/** Also turned by a quarter, as EXIF may say. */
function isSize(found: Size, stated: Size): boolean {
  const same = found.width === stated.width && found.height === stated.height;
  return same || (found.width === stated.height && found.height === stated.width);
}
