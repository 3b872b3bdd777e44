import { UserError } from '../../../core/text/userError';
import { type CallOptions, ChannelError, type ParamsOf, type ResultOf } from '../../../protocol/channel';
import type { ImageSetMethods, ImageSetOpened, ImageSetProgress } from '../../../protocol/imageSet';
import type { DataLost } from '../../traces/traceLink';

/** The data child as image sets see it. */
export interface ImageSetBackend {
  imageSet<K extends keyof ImageSetMethods & string>(
    method: K,
    params: ParamsOf<ImageSetMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<ImageSetMethods, K>>;
  onImageSetProgress(listener: (progress: ImageSetProgress) => void): { dispose(): unknown };
  onDataLost(listener: (lost: DataLost) => void): { dispose(): unknown };
}

export interface ImageSetEvents {
  progress(progress: ImageSetProgress): void;
  opened(again: boolean): void;
  failed(error: unknown): void;
  /** The data child is gone; the set is being opened again, or was given up. */
  lost(message: string, gaveUp: boolean): void;
}

/** Methods of the data child that speak about one open set. */
export type SetMethod = {
  [K in keyof ImageSetMethods]: ParamsOf<ImageSetMethods, K> extends { setId: number } ? K : never;
}[keyof ImageSetMethods];

/** A second crash this soon after the first means that the set itself brings the child down. */
const crashWindow = 60_000;

/** One image set in the data child: opened, asked, and opened again when the child died or images are looked for elsewhere. */
export class ImageSetLink {
  private readonly closing = new AbortController();
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private opening: Promise<ImageSetOpened>;
  private current: ImageSetOpened | null = null;
  /** Reports that came before the answer that tells the set's id. */
  private early: ImageSetProgress[] = [];
  private crashedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly path: string,
    private readonly backend: ImageSetBackend,
    private readonly roots: () => readonly string[],
    private readonly events: ImageSetEvents,
  ) {
    this.subscriptions = [
      backend.onImageSetProgress((progress) => this.progressed(progress)),
      backend.onDataLost((lost) => this.lost(lost)),
    ];
    this.opening = this.begin(false);
  }

  /** The open set; waits while it is opened again. */
  async whenOpen(): Promise<ImageSetOpened> {
    for (;;) {
      const attempt = this.opening;
      try {
        const opened = await attempt;
        if (attempt === this.opening) return opened;
      } catch (error) {
        if (attempt === this.opening) throw error;
      }
    }
  }

  /** Asks the data child about this set; once more when the child died over it and the set was opened again. */
  async ask<K extends SetMethod>(
    method: K,
    params: Omit<ParamsOf<ImageSetMethods, K>, 'setId'>,
    options: CallOptions = {},
  ): Promise<ResultOf<ImageSetMethods, K>> {
    const attempt = async (): Promise<ResultOf<ImageSetMethods, K>> => {
      const { setId } = await this.whenOpen();
      return this.backend.imageSet(method, { ...params, setId } as ParamsOf<ImageSetMethods, K>, options);
    };
    try {
      return await attempt();
    } catch (error) {
      const lost = ChannelError.is(error) && error.code === 'disposed';
      if (!lost || options.signal?.aborted || this.closing.signal.aborted) throw error;
      return attempt();
    }
  }

  /** Opens the set anew with the roots as they are now. */
  async reopen(): Promise<void> {
    const before = this.current;
    this.current = null;
    this.early = [];
    this.opening = this.begin(true);
    if (before !== null) await this.backend.imageSet('imageset/close', { setId: before.setId });
    await this.whenOpen();
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
    const { current } = this;
    this.current = null;
    if (current !== null) await this.backend.imageSet('imageset/close', { setId: current.setId });
  }

  private begin(again: boolean): Promise<ImageSetOpened> {
    const attempt = this.open();
    const mine = () => attempt === this.opening && !this.closing.signal.aborted;
    attempt.then(
      () => {
        if (mine()) this.events.opened(again);
      },
      (error: unknown) => {
        if (mine()) this.events.failed(error);
      },
    );
    return attempt;
  }

  private async open(): Promise<ImageSetOpened> {
    const opened = await this.backend.imageSet(
      'imageset/open',
      { path: this.path, roots: this.roots() },
      { signal: this.closing.signal, deadline: Number.POSITIVE_INFINITY },
    );
    this.current = opened;
    for (const progress of this.early.splice(0)) this.progressed(progress);
    return opened;
  }

  private progressed(progress: ImageSetProgress): void {
    if (this.current === null) this.early.push(progress);
    else if (progress.setId === this.current.setId) this.events.progress(progress);
  }

  private lost({ detail, cause, startsAgain }: DataLost): void {
    this.current = null;
    this.early = [];
    const now = performance.now();
    const twice = cause === 'crash' && now - this.crashedAt < crashWindow;
    this.crashedAt = cause === 'crash' ? now : Number.NEGATIVE_INFINITY;
    if (twice || !startsAgain) {
      const message = `The process that reads image sets ended again (${detail}). Restart it to go on.`;
      this.opening = Promise.reject(new UserError(message));
      this.opening.catch(() => this.events.lost(message, true));
      return;
    }
    this.opening = this.begin(true);
    if (cause === 'crash')
      this.events.lost(`The process that reads image sets ended (${detail}); the set is being opened again.`, false);
  }
}
