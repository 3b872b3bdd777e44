import { randomUUID } from 'node:crypto';
import type { Size } from '../../../core/geometry/box';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { imageNames } from '../../../core/trajectory/imageNames';
import { imageSizeOf } from '../../../formats/imageSize';
import type { ImageRef, ImageState, RunConfig, TraceInfo, TraceOverrides } from '../../../protocol/data';
import type { DatasetRow } from '../../../protocol/dataset';
import type { Sample } from '../dataset/truthShelf';
import { cacheImage } from '../images/imageCache';
import type { ImageResolver } from '../images/resolver';
import type { ImageContents, PictureSource } from '../samples/imageContents';
import type { RowReader } from './rowReader';
import type { TraceTables } from './tables';

const kinds = ['pending', 'resolved', 'ambiguous', 'missing'] as const;
/** Groups asked for side by side: their rows are read from disk meanwhile. */
const askedAtOnce = 8;

/** What is known of the picture that a group was asked about; null for what is not. */
export interface UsedPicture {
  /** As the log names it. */
  readonly name: string | null;
  readonly ref: ImageRef | null;
  readonly source: PictureSource | null;
}

/** What became of each group's image. The resolver starts beside the scan, so that no row waits for a dataset. */
export class TraceImages {
  /** Rises when images are looked for elsewhere: what was found before may be wrong. */
  version = 0;
  private found: ImageResolver | null = null;
  /** Index into `kinds` by group. */
  private states = new Uint8Array(256);
  /** Tells rows of this trace, as long as it is open, from those of any other. */
  private readonly unlike = randomUUID();

  constructor(
    private readonly resolver: Promise<ImageResolver>,
    private readonly tables: TraceTables,
    private readonly reader: RowReader,
    private readonly imageSize: (path: string) => Promise<Size | null>,
    /** Absolute folder for images out of rows. */
    private readonly cacheDir: string,
    /** Absolute path of one of the trace's files. */
    private readonly locate: (file: string) => string,
    private readonly contents: ImageContents,
  ) {
    resolver.then(
      (ready) => {
        this.found = ready;
      },
      // Told to whoever asks for an image.
      () => undefined,
    );
  }

  /** Null until the configuration has been looked for, and when there is none. */
  get config(): RunConfig | null {
    return this.found?.config ?? null;
  }

  get problems(): readonly Problem[] {
    return this.found?.problems() ?? [];
  }

  async state(group: number, signal: AbortSignal): Promise<ImageState> {
    const { key, first } = this.tables.groups.get(group);
    const state = await this.resolve(key, first, signal);
    this.remember(group, state.kind);
    return state;
  }

  /** Asks for every group whose image is not known yet. */
  async resolveAll(signal: AbortSignal): Promise<void> {
    for (let from = 0; from < this.tables.groups.length && !signal.aborted; from += askedAtOnce) {
      const some = Array.from({ length: askedAtOnce }, (_, i) => from + i);
      const unknown = some.filter((group) => group < this.tables.groups.length && (this.states[group] ?? 0) === 0);
      await Promise.all(unknown.map((group) => this.state(group, signal)));
    }
  }

  /** Groups whose image is known so far. */
  counts(): TraceInfo['images'] {
    const counts = { pending: 0, resolved: 0, ambiguous: 0, missing: 0 };
    for (let group = 0; group < this.tables.groups.length; group++)
      counts[kinds[this.states[group] ?? 0] ?? 'pending']++;
    const { resolved, ambiguous, missing } = counts;
    return { resolved, ambiguous, missing };
  }

  /** Stored pixels of the group's image; null when there is none to be found or decoded. */
  async size(group: number, signal: AbortSignal): Promise<Size | null> {
    const state = await this.state(group, signal);
    if (state.kind !== 'resolved') return null;
    try {
      return await this.imageSize(await this.file(state.ref));
    } catch (error) {
      if (UserError.is(error)) return null;
      throw error;
    }
  }

  /** The group's image as something to be told from others; null when there is none to be found. */
  async picture(group: number, signal: AbortSignal): Promise<PictureSource | null> {
    const state = await this.state(group, signal);
    return state.kind === 'resolved' ? this.source(state.ref) : null;
  }

  /** The group's image as its log names it, where it was found, and its bytes to be compared. */
  async used(group: number, signal: AbortSignal): Promise<UsedPicture> {
    const { key, first } = this.tables.groups.get(group);
    let name: string | null = null;
    try {
      const read = await this.reader.record(first);
      [name = null] = imageNames(read.record);
      const state = await this.resolveRead(key, first, read, signal);
      const ref = state.kind === 'resolved' ? state.ref : null;
      return { name, ref, source: ref === null ? null : await this.source(ref) };
    } catch (error) {
      if (UserError.is(error)) return { name, ref: null, source: null };
      throw error;
    }
  }

  private async source(ref: ImageRef): Promise<PictureSource | null> {
    switch (ref.kind) {
      case 'file':
        return this.contents.file(ref.path);
      case 'row':
        return this.contents.bytes(`${this.unlike}:${ref.row}:${ref.index}`, () =>
          this.reader.embedded(ref.row, ref.index),
        );
      case 'table': {
        const table = await this.contents.file(ref.dataset);
        const id = `${table?.id ?? this.unlike}:${ref.row}:${ref.column}:${ref.index}`;
        return this.contents.bytes(id, async () => (await this.resolver).bytes(ref));
      }
    }
  }

  /**
   * As `size`, of a picture that nobody looks at: one inside a table or the log is read, and not kept in the cache. Null
   * then for anything but PNG and JPEG.
   */
  async measure(group: number, signal: AbortSignal): Promise<Size | null> {
    const state = await this.state(group, signal);
    if (state.kind !== 'resolved') return null;
    const { ref } = state;
    try {
      if (ref.kind === 'file') return await this.imageSize(ref.path);
      const bytes = ref.kind === 'row' ? this.reader.embedded(ref.row, ref.index) : (await this.resolver).bytes(ref);
      return imageSizeOf(await bytes);
    } catch (error) {
      if (UserError.is(error)) return null;
      throw error;
    }
  }

  async file(ref: ImageRef): Promise<string> {
    if (ref.kind !== 'row') return (await this.resolver).file(ref);
    return cacheImage(this.cacheDir, await this.reader.embedded(ref.row, ref.index));
  }

  /**
   * A file with the image that came back as the `index`-th observation of a row; null where the log left its bytes out.
   * Throws `UserError` when it names one that is not here.
   */
  async viewFile(row: number, index: number): Promise<string | null> {
    const { record, file } = await this.reader.record(row);
    const view = record.observations?.[index]?.view;
    if (view === undefined)
      throw new UserError(`Nothing came back to the policy as image ${index + 1} of this rollout.`);
    switch (view.kind) {
      case 'blank':
        return null;
      case 'embedded':
        return this.file({ kind: 'row', row, index: view.index });
      case 'cell':
        throw new UserError('Only the image that was asked about stands in a cell of its own.');
      case 'file': {
        const path = await (await this.resolver).beside(view.path, file);
        if (path === null) throw new UserError(`The log names ${view.path}, which is not here.`);
        return path;
      }
    }
  }

  /** Rows of the run's datasets that a group's sample stands in, of the trace itself where it is one; else why none is known. */
  async datasetRows(group: number): Promise<readonly DatasetRow[] | string> {
    const { key, first } = this.tables.groups.get(group);
    const { record, file, line } = await this.reader.record(first);
    if (record.imageView?.kind === 'cell') return [{ dataset: this.locate(file), row: line - 1 }];
    return (await this.resolver).rows({ groupKey: key, record, file });
  }

  /** A group's first row, and its image as the log names it or as it was found. */
  async sample(group: number): Promise<Sample> {
    const { key, first } = this.tables.groups.get(group);
    const { record } = await this.reader.record(first);
    if (record.imageName !== null) return { record, image: record.imageName };
    const state = await this.resolve(key, first, new AbortController().signal);
    return { record, image: state.kind === 'resolved' && state.ref.kind === 'file' ? state.ref.path : null };
  }

  async setOverrides(overrides: TraceOverrides): Promise<void> {
    this.version++;
    this.states.fill(0);
    await (await this.resolver).setOverrides(overrides);
  }

  async dispose(): Promise<void> {
    await this.resolver.then(
      (resolver) => resolver.dispose(),
      () => undefined,
    );
  }

  /** A dataset or a row that cannot be read costs its own group's image and nothing else. */
  private async resolve(groupKey: string, row: number, signal: AbortSignal): Promise<ImageState> {
    try {
      return await this.resolveRead(groupKey, row, await this.reader.record(row), signal);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      return { kind: 'missing', reason: error.message, tried: [] };
    }
  }

  private async resolveRead(
    groupKey: string,
    row: number,
    { record, file, line }: Awaited<ReturnType<RowReader['record']>>,
    signal: AbortSignal,
  ): Promise<ImageState> {
    if (record.imageView?.kind === 'embedded') {
      const ref: ImageRef = { kind: 'row', row, index: record.imageView.index };
      return { kind: 'resolved', ref, how: 'inside the log itself', count: 1 };
    }
    const resolver = await this.resolver;
    if (record.imageView?.kind === 'cell') return await resolver.cell(this.locate(file), line - 1);
    if (record.imageView?.kind === 'file') {
      const path = await resolver.beside(record.imageView.path, file);
      if (path !== null) return { kind: 'resolved', ref: { kind: 'file', path }, how: 'kept beside the log', count: 1 };
    }
    return resolver.resolve({ groupKey, record, file }, signal);
  }

  private remember(group: number, kind: ImageState['kind']): void {
    if (group >= this.states.length) {
      const bigger = new Uint8Array(Math.max(this.states.length * 2, group + 1));
      bigger.set(this.states);
      this.states = bigger;
    }
    this.states[group] = kinds.indexOf(kind);
  }
}
