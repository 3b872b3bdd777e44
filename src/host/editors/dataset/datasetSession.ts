import { basename } from 'node:path';
import type { DatasetHostEvents, DatasetWelcome } from '../../../protocol/datasetEditor';
import type { ImageSetProgress } from '../../../protocol/imageSet';
import type { Opening } from '../../traces/dataLink';
import { type ImageSetBackend, ImageSetLink } from './imageSetLink';
import { KeptDuplicates, type KeptDuplicatesParts } from './keptDuplicates';

/** What a session needs from the editor around it. */
export interface DatasetSurroundings {
  readonly backend: ImageSetBackend;
  /** Folders in which images are looked for besides those the format knows, as they are set now. */
  roots(): readonly string[];
  /** The data child died over this set more than once; only the user can start it again. */
  gaveUp(message: string): void;
  /** The scan is done: all problems are known. */
  read(): void;
  /** What a search for near-duplicates of this set left behind. */
  readonly hashes: Pick<KeptDuplicatesParts, 'knownHashes' | 'compared'>;
  bug(doing: string, error: unknown): void;
}

/** One editor on a session. */
export interface DatasetView {
  emit<K extends keyof DatasetHostEvents>(name: K, payload: DatasetHostEvents[K]): void;
  /** The set did not open: there is nothing to show but the reason. */
  failed(error: unknown): void;
  /** The set opened after it had failed to. */
  recovered(): void;
}

/** A file that is one photo by its name. */
const photo = /\.(jpe?g|png|webp|tiff?|bmp|gif|avif)$/i;

/** An image set that is open in this window, whatever the number of editors on it. */
export class DatasetSession {
  readonly link: ImageSetLink;
  readonly duplicates: KeptDuplicates;
  private readonly views = new Set<DatasetView>();
  private failure: { readonly error: unknown } | null = null;
  private latest: ImageSetProgress | null = null;
  private shown = false;

  constructor(
    readonly path: string,
    private readonly around: DatasetSurroundings,
  ) {
    this.link = new ImageSetLink(path, around.backend, around.roots, {
      progress: (progress) => this.progressed(progress),
      opened: (why) => this.opened(why),
      failed: (error) => this.failed(error),
      lost: (message, gaveUp) => this.lost(message, gaveUp),
    });
    const failed = (error: unknown) => around.bug(`bringing back the near-duplicates of ${path}`, error);
    this.duplicates = new KeptDuplicates({ link: this.link, ...around.hashes, failed });
  }

  get name(): string {
    return basename(this.path);
  }

  /** Counts so far; null before the first report. */
  get progress(): ImageSetProgress | null {
    return this.latest;
  }

  /** Why there is nothing to show; null while the set opens or is open. */
  get openFailure(): { readonly error: unknown } | null {
    return this.failure;
  }

  watch(view: DatasetView): { dispose(): void } {
    this.views.add(view);
    return { dispose: () => this.views.delete(view) };
  }

  async welcome(testHook: boolean): Promise<DatasetWelcome> {
    const { setId, format, formatTitle, reason, frame, bytes } = await this.link.whenOpen();
    const none = { setId, done: false, bytesRead: 0, bytesTotal: bytes, images: 0, annotations: 0, problems: 0 };
    return {
      name: this.name,
      format,
      formatTitle,
      reason,
      frame,
      progress: this.latest ?? none,
      photo: photo.test(this.path),
      testHook,
    };
  }

  /** Settings that say where images are have changed. */
  reopen(): Promise<void> {
    return this.link.reopen();
  }

  dispose(): void {
    this.views.clear();
    this.link.close().catch((error: unknown) => this.around.bug(`closing ${this.path}`, error));
  }

  private progressed(progress: ImageSetProgress): void {
    this.latest = progress;
    const restored = progress.done ? this.duplicates.restore(progress) : null;
    this.emit('set/progress', progress);
    if (progress.done) this.around.read();
    void restored?.then((isThere) => {
      if (isThere) this.emit('set/edited', { images: [] });
    });
  }

  private opened(why: Opening): void {
    const failedBefore = this.failure !== null;
    this.failure = null;
    this.shown = true;
    if (failedBefore) for (const view of this.views) view.recovered();
    else if (why !== 'first') {
      if (why === 'lost') this.emit('editor/failure', { message: 'The set was opened again.', fatal: false });
      this.emit('set/stale', {});
    }
  }

  private lost(message: string, gaveUp: boolean): void {
    this.latest = null;
    if (gaveUp) this.around.gaveUp(message);
    if (gaveUp && !this.shown) this.failed(new Error(message));
    else this.emit('editor/failure', { message, fatal: gaveUp });
  }

  private failed(error: unknown): void {
    this.failure = { error };
    for (const view of this.views) view.failed(error);
  }

  private emit<K extends keyof DatasetHostEvents>(name: K, payload: DatasetHostEvents[K]): void {
    for (const view of this.views) view.emit(name, payload);
  }
}
