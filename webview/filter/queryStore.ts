import type { ColumnInfo, FilterChip } from '../../src/protocol/query';
import { errorText, isCancelled } from '../rollouts/store/host';
import { Signal } from '../rollouts/store/signal';

export type QueryStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly message: string };

/** What queries over rollouts and over images have in common. */
export interface AnyQuery {
  readonly chips: readonly FilterChip[];
  readonly where: string;
  readonly sort: unknown;
}

/** The page that shows what was found. */
export interface QueryPage<Query> {
  readonly listing: { readonly value: { readonly found: { readonly query: Query } | null } };
  readonly progress: { readonly value: { readonly done: boolean }; on(listener: () => void): unknown };
  speak(text: string): void;
  report(error: unknown): void;
}

/** An answer, and what to do with it if nobody asked again since. */
export interface Answer {
  readonly show: () => void;
  /** For screen readers. */
  readonly words: string;
}

/**
 * The query the user set, and its way to the list. The list keeps what it shows until the answer is there; a query that
 * fails or is stopped leaves it as it was.
 */
export abstract class QueryStore<Query extends AnyQuery> {
  /** As the user set it; what the list shows may be one behind. */
  readonly query: Signal<Query>;
  readonly status = new Signal<QueryStatus>({ kind: 'idle' });
  readonly columns = new Signal<readonly ColumnInfo[]>([]);
  protected running: AbortController | null = null;

  protected constructor(
    private readonly everything: Query,
    private readonly page: QueryPage<Query>,
  ) {
    this.query = new Signal(everything);
  }

  protected abstract isEverything(query: Query): boolean;
  protected abstract askColumns(): Promise<readonly ColumnInfo[]>;
  protected abstract ask(query: Query, signal: AbortSignal): Promise<Answer>;
  /** Everything, in the order of the file. */
  protected abstract showAll(): void;

  /** Shows what the query finds. */
  apply(query: Query): void {
    void this.applied(query);
  }

  /** Shows what the query finds; done once it is shown, or failed. */
  applied(query: Query): Promise<void> {
    this.query.set(query);
    return this.run(query);
  }

  /** The query on show, as text to be kept; '' for everything. */
  get kept(): string {
    const { found } = this.page.listing.value;
    return found === null ? '' : JSON.stringify(found.query);
  }

  /** Applies what `kept` gave, once everything was read: a view of some of it would be told as old at once. */
  restore(kept: string): void {
    const query = this.readKept(kept);
    if (query === null) return;
    let waiting = true;
    const apply = () => {
      if (!waiting || !this.page.progress.value.done) return;
      waiting = false;
      // The user may have been faster.
      if (this.isEverything(this.query.value)) this.apply(query);
    };
    this.page.progress.on(apply);
    apply();
  }

  clear(): void {
    this.apply(this.everything);
  }

  /** Asks again: what is there has changed since. */
  refresh(): void {
    this.apply({ ...this.query.value });
  }

  /** Stops a running query; false when none runs. The query falls back to the one on show. */
  cancel(): boolean {
    if (this.running === null) return false;
    this.stop();
    this.status.set({ kind: 'idle' });
    this.query.set(this.page.listing.value.found?.query ?? this.everything);
    this.page.speak('The filter was stopped.');
    return true;
  }

  sortBy(sort: Query['sort']): void {
    this.apply({ ...this.query.value, sort });
  }

  where(where: string): void {
    this.apply({ ...this.query.value, where: where.trim() });
  }

  /** Puts a chip in the place of another, or behind all; null takes the other away. */
  put(chip: FilterChip | null, instead: FilterChip | null): void {
    const { chips } = this.query.value;
    const added = chip === null ? [] : [chip];
    const next = instead === null ? [...chips, ...added] : chips.flatMap((old) => (old === instead ? added : [old]));
    this.apply({ ...this.query.value, chips: next });
  }

  /** The columns as far as they are known, at once: a menu must not wait for the host. They are asked for anew meanwhile. */
  async knownColumns(): Promise<readonly ColumnInfo[]> {
    const loading = this.loadColumns();
    return this.columns.value.length > 0 ? this.columns.value : loading;
  }

  /** The columns as they are now. */
  async loadColumns(): Promise<readonly ColumnInfo[]> {
    try {
      this.columns.set(await this.askColumns());
    } catch (error) {
      this.page.report(error);
    }
    return this.columns.value;
  }

  /** Puts the text chip in the place of the one before; null ends the search. */
  protected searchBy(chip: (FilterChip & { readonly kind: 'text' }) | null): void {
    const others = this.query.value.chips.filter(({ kind }) => kind !== 'text');
    this.apply({ ...this.query.value, chips: chip === null ? others : [...others, chip] });
  }

  private stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private async run(query: Query): Promise<void> {
    this.stop();
    if (this.isEverything(query)) {
      this.status.set({ kind: 'idle' });
      this.showAll();
      return;
    }
    const controller = new AbortController();
    this.running = controller;
    this.status.set({ kind: 'running' });
    try {
      const { show, words } = await this.ask(query, controller.signal);
      if (this.running !== controller) return;
      this.running = null;
      show();
      this.status.set({ kind: 'idle' });
      this.page.speak(words);
    } catch (error) {
      if (this.running !== controller) return;
      this.running = null;
      this.status.set(isCancelled(error) ? { kind: 'idle' } : { kind: 'failed', message: errorText(error) });
    }
  }

  /** Null for what is no query; whether its columns are there, the host says. */
  private readKept(kept: string): Query | null {
    if (kept === '') return null;
    try {
      const query = JSON.parse(kept) as Query;
      const whole = Object.keys(this.everything).every((key) => key in query);
      return whole && Array.isArray(query.chips) && typeof query.where === 'string' ? query : null;
    } catch {
      return null;
    }
  }
}
