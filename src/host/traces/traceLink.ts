import { UserError } from '../../core/text/userError';
import { type CallOptions, ChannelError, type ParamsOf, type ResultOf } from '../../protocol/channel';
import type {
  DataEvents,
  DataMethods,
  SearchProgress,
  TraceOpened,
  TraceOverrides,
  TraceProgress,
} from '../../protocol/data';
import type { ScoreProgress, TraceScoreProgress } from '../../protocol/score';

/** The data child ended, and every trace it had open with it. */
export interface DataLost {
  /** Exit code, signal or reason. */
  readonly detail: string;
  readonly cause: 'crash' | 'restart';
  /** False when the supervisor gave up: only the user's Restart starts it again. */
  readonly startsAgain: boolean;
}

/** The data child as traces see it. */
export interface TraceBackend {
  data<K extends keyof DataMethods & string>(
    method: K,
    params: ParamsOf<DataMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<DataMethods, K>>;
  onProgress(listener: (progress: TraceProgress) => void): { dispose(): unknown };
  onScored(listener: (progress: TraceScoreProgress) => void): { dispose(): unknown };
  onSearched(listener: (progress: DataEvents['trace/searched']) => void): { dispose(): unknown };
  /** The trace's id. */
  onStale(listener: (traceId: number) => void): { dispose(): unknown };
  onDataLost(listener: (lost: DataLost) => void): { dispose(): unknown };
}

export interface LinkEvents {
  progress(progress: TraceProgress): void;
  scored(progress: ScoreProgress): void;
  searched(progress: SearchProgress): void;
  stale(): void;
  /** The data child is gone; the trace is being opened again, or was given up. */
  lost(message: string, gaveUp: boolean): void;
  /** Open and scanned as far as it was before. `again`: after the data child was lost, or because it was asked for. */
  opened(again: false | 'lost' | 'asked'): void;
  failed(error: unknown): void;
}

/** Methods of the data child that speak about one open trace. */
export type TraceMethod = {
  [K in keyof DataMethods]: ParamsOf<DataMethods, K> extends { traceId: number } ? K : never;
}[keyof DataMethods];

/** A second crash this soon after the first means that the trace itself brings the child down. */
const crashWindow = 60_000;

/**
 * One trace in the data child: opened, asked, and opened again when the child died. A reopened trace answers only once
 * it is scanned as far as it was, so that nobody sees groups vanish.
 */
export class TraceLink {
  private readonly closing = new AbortController();
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private opening: Promise<TraceOpened>;
  private current: TraceOpened | null = null;
  /** Reports that came before the answer that tells the trace's id. */
  private early: TraceProgress[] = [];
  private seenGroups = 0;
  private catchUp: { readonly groups: number; readonly resolve: () => void } | null = null;
  private crashedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly path: string,
    private readonly backend: TraceBackend,
    private readonly overrides: () => TraceOverrides,
    private readonly events: LinkEvents,
  ) {
    this.subscriptions = [
      backend.onProgress((progress) => this.progressed(progress)),
      backend.onScored(({ traceId, ...progress }) => {
        if (traceId === this.current?.traceId) events.scored(progress);
      }),
      backend.onSearched(({ traceId, ...progress }) => {
        if (traceId === this.current?.traceId) events.searched(progress);
      }),
      backend.onStale((traceId) => {
        if (traceId === this.current?.traceId) events.stale();
      }),
      backend.onDataLost((lost) => this.lost(lost)),
    ];
    this.opening = this.begin(false);
  }

  /** The open trace; waits while it is opened again. */
  async whenOpen(): Promise<TraceOpened> {
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

  /** Asks the data child about this trace; once more when the child died over it and the trace was opened again. */
  async ask<K extends TraceMethod>(
    method: K,
    params: Omit<ParamsOf<DataMethods, K>, 'traceId'>,
    options: CallOptions = {},
  ): Promise<ResultOf<DataMethods, K>> {
    const attempt = async (): Promise<ResultOf<DataMethods, K>> => {
      const { traceId } = await this.whenOpen();
      return this.backend.data(method, { ...params, traceId } as ParamsOf<DataMethods, K>, options);
    };
    try {
      return await attempt();
    } catch (error) {
      const lost = ChannelError.is(error) && error.code === 'disposed';
      if (!lost || options.signal?.aborted || this.closing.signal.aborted) throw error;
      return attempt();
    }
  }

  /** Opens the trace anew with the overrides as they are now; answers once it is scanned as far as it was. */
  async reopen(): Promise<void> {
    const before = this.current;
    this.current = null;
    this.early = [];
    this.opening = this.begin('asked');
    if (before !== null) await this.backend.data('trace/close', { traceId: before.traceId });
    await this.whenOpen();
  }

  /** Closes the trace; answers when the data child has let go of it. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.catchUp?.resolve();
    const { current } = this;
    this.current = null;
    if (current !== null) await this.backend.data('trace/close', { traceId: current.traceId });
  }

  private begin(again: false | 'lost' | 'asked'): Promise<TraceOpened> {
    const attempt = this.open(again !== false);
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

  private async open(again: boolean): Promise<TraceOpened> {
    const scanned =
      again && this.seenGroups > 0
        ? new Promise<void>((resolve) => {
            this.catchUp = { groups: this.seenGroups, resolve };
          })
        : Promise.resolve();
    const opened = await this.backend.data(
      'trace/open',
      { path: this.path, overrides: this.overrides() },
      { signal: this.closing.signal, deadline: Number.POSITIVE_INFINITY },
    );
    this.current = opened;
    for (const progress of this.early.splice(0)) this.progressed(progress);
    await scanned;
    return opened;
  }

  private progressed(progress: TraceProgress): void {
    if (this.current === null) {
      this.early.push(progress);
      return;
    }
    if (progress.traceId !== this.current.traceId) return;
    this.events.progress(progress);
    if (this.catchUp !== null && (progress.done || progress.groups >= this.catchUp.groups)) {
      this.catchUp.resolve();
      this.catchUp = null;
    }
    if (this.catchUp === null) this.seenGroups = progress.groups;
  }

  private lost({ detail, cause, startsAgain }: DataLost): void {
    this.current = null;
    this.early = [];
    const now = performance.now();
    const twice = cause === 'crash' && now - this.crashedAt < crashWindow;
    if (cause === 'crash') this.crashedAt = now;
    else this.crashedAt = Number.NEGATIVE_INFINITY;
    if (twice || !startsAgain) {
      const message = `The process that reads traces ended again (${detail}). Restart it to go on.`;
      this.opening = Promise.reject(new UserError(message));
      this.opening.catch(() => this.events.lost(message, true));
      return;
    }
    this.opening = this.begin('lost');
    if (cause === 'crash')
      this.events.lost(`The process that reads traces ended (${detail}); the trace is being opened again.`, false);
  }
}
