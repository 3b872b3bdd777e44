import type { CallOptions, ParamsOf, ResultOf } from '../../protocol/channel';
import type {
  DataEvents,
  DataMethods,
  SearchProgress,
  TraceOpened,
  TraceOverrides,
  TraceProgress,
} from '../../protocol/data';
import type { ScoreProgress, TraceScoreProgress } from '../../protocol/score';
import { DataLink, type DataLinkEvents, type DataLost, type Opening } from './dataLink';

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

export interface LinkEvents extends DataLinkEvents {
  progress(progress: TraceProgress): void;
  scored(progress: ScoreProgress): void;
  searched(progress: SearchProgress): void;
  stale(): void;
}

/** Methods of the data child that speak about one open trace. */
export type TraceMethod = {
  [K in keyof DataMethods]: ParamsOf<DataMethods, K> extends { traceId: number } ? K : never;
}[keyof DataMethods];

/** One trace in the data child. Opened again, it answers only once it is scanned as far as it was, so that nobody sees groups vanish. */
export class TraceLink extends DataLink<TraceOpened, TraceProgress> {
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private seenGroups = 0;
  private catchUp: { readonly groups: number; readonly resolve: () => void } | null = null;

  constructor(
    readonly path: string,
    private readonly backend: TraceBackend,
    private readonly overrides: () => TraceOverrides,
    private readonly events: LinkEvents,
  ) {
    super({ one: 'the trace', many: 'traces' }, events);
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
    this.begin('first');
  }

  /** Asks the data child about this trace; once more when the child died over it and the trace was opened again. */
  ask<K extends TraceMethod>(
    method: K,
    params: Omit<ParamsOf<DataMethods, K>, 'traceId'>,
    options: CallOptions = {},
  ): Promise<ResultOf<DataMethods, K>> {
    return this.asked(
      ({ traceId }) => this.backend.data(method, { ...params, traceId } as ParamsOf<DataMethods, K>, options),
      options,
    );
  }

  protected override openNow(signal: AbortSignal): Promise<TraceOpened> {
    const { path, backend } = this;
    return backend.data(
      'trace/open',
      { path, overrides: this.overrides() },
      { signal, deadline: Number.POSITIVE_INFINITY },
    );
  }

  protected override closeNow({ traceId }: TraceOpened): Promise<unknown> {
    return this.backend.data('trace/close', { traceId });
  }

  protected override ended(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.catchUp?.resolve();
  }

  protected override async ready(why: Opening): Promise<void> {
    if (why === 'first' || this.seenGroups === 0) return;
    await new Promise<void>((resolve) => {
      this.catchUp = { groups: this.seenGroups, resolve };
    });
  }

  protected override reported(progress: TraceProgress, { traceId }: TraceOpened): void {
    if (progress.traceId !== traceId) return;
    this.events.progress(progress);
    if (this.catchUp !== null && (progress.done || progress.groups >= this.catchUp.groups)) {
      this.catchUp.resolve();
      this.catchUp = null;
    }
    if (this.catchUp === null) this.seenGroups = progress.groups;
  }
}
