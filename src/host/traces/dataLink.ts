import { UserError } from '../../core/text/userError';
import { type CallOptions, ChannelError } from '../../protocol/channel';

/** The data child ended, and everything it had open with it. */
export interface DataLost {
  /** Exit code, signal or reason. */
  readonly detail: string;
  readonly cause: 'crash' | 'restart';
  /** False when the supervisor gave up: only the user's Restart starts it again. */
  readonly startsAgain: boolean;
}

/** Why something is opened: for the first time, after the data child was lost, or because it was asked for anew. */
export type Opening = 'first' | 'lost' | 'asked';

export interface DataLinkEvents {
  opened(why: Opening): void;
  failed(error: unknown): void;
  /** The data child is gone; what it had open is being opened again, or was given up. */
  lost(message: string, gaveUp: boolean): void;
}

/** A second crash this soon after the first means that what is open itself brings the child down. */
const crashWindow = 60_000;

/**
 * One thing that the data child has open: opened, asked, and opened again when the child died. A subclass says how, and calls
 * `begin` once it is made.
 */
export abstract class DataLink<Opened, Progress> {
  protected current: Opened | null = null;
  private readonly closing = new AbortController();
  private opening: Promise<Opened> = Promise.reject(new UserError('Nothing is open yet.'));
  /** Reports that came before the answer that tells what they are about. */
  private early: Progress[] = [];
  private crashedAt = Number.NEGATIVE_INFINITY;
  private begun = 0;

  protected constructor(
    private readonly words: { readonly one: string; readonly many: string },
    private readonly told: DataLinkEvents,
  ) {
    this.opening.catch(() => undefined);
  }

  /** Asks the child to open it. */
  protected abstract openNow(signal: AbortSignal): Promise<Opened>;
  protected abstract closeNow(opened: Opened): Promise<unknown>;
  /** A report while something is open; it may be about something else. */
  protected abstract reported(progress: Progress, opened: Opened): void;
  /** Nothing more is wanted: subscriptions end here. */
  protected abstract ended(): void;
  /** Behind the child's answer: waits until people may see what is open. */
  protected ready(_why: Opening): Promise<void> {
    return Promise.resolve();
  }

  /** How often it was opened. Tells openings apart, which ids do not: a child that was started anew counts from one again. */
  get openings(): number {
    return this.begun;
  }

  /** What is open; waits while it is opened again. */
  async whenOpen(): Promise<Opened> {
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

  /** Opens it anew, as it is now to be opened. */
  async reopen(): Promise<void> {
    const before = this.current;
    this.begin('asked');
    if (before !== null) await this.closeNow(before);
    await this.whenOpen();
  }

  /** Answers when the data child has let go of it. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.ended();
    const { current } = this;
    this.current = null;
    if (current !== null) await this.closeNow(current);
  }

  /** Puts a question; once more when the child died over it and everything was opened again. */
  protected async asked<T>(question: (opened: Opened) => Promise<T>, { signal }: CallOptions): Promise<T> {
    const attempt = async () => question(await this.whenOpen());
    try {
      return await attempt();
    } catch (error) {
      const lost = ChannelError.is(error) && error.code === 'disposed';
      if (!lost || signal?.aborted || this.closing.signal.aborted) throw error;
      return attempt();
    }
  }

  protected begin(why: Opening): void {
    this.begun++;
    this.current = null;
    this.early = [];
    const attempt = this.open(why);
    this.opening = attempt;
    const mine = () => attempt === this.opening && !this.closing.signal.aborted;
    attempt.then(
      () => {
        if (mine()) this.told.opened(why);
      },
      (error: unknown) => {
        if (mine()) this.told.failed(error);
      },
    );
  }

  protected progressed(progress: Progress): void {
    if (this.current === null) this.early.push(progress);
    else this.reported(progress, this.current);
  }

  protected lost({ detail, cause, startsAgain }: DataLost): void {
    const { one, many } = this.words;
    const now = performance.now();
    const twice = cause === 'crash' && now - this.crashedAt < crashWindow;
    this.crashedAt = cause === 'crash' ? now : Number.NEGATIVE_INFINITY;
    if (twice || !startsAgain) {
      this.current = null;
      this.early = [];
      const message = `The process that reads ${many} ended again (${detail}). Restart it to go on.`;
      this.opening = Promise.reject(new UserError(message));
      this.opening.catch(() => this.told.lost(message, true));
      return;
    }
    this.begin('lost');
    if (cause === 'crash')
      this.told.lost(`The process that reads ${many} ended (${detail}); ${one} is being opened again.`, false);
  }

  private async open(why: Opening): Promise<Opened> {
    const ready = this.ready(why);
    const opened = await this.openNow(this.closing.signal);
    this.current = opened;
    for (const progress of this.early.splice(0)) this.progressed(progress);
    await ready;
    return opened;
  }
}
