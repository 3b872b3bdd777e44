import {
  type ColumnInfo,
  everything,
  type FilterChip,
  type TraceQuery,
  type TraceSort,
} from '../../../src/protocol/query';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { foundWords, isEverything } from './queryWords';

export type FilterStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly message: string };

/** Conditions one click away, each a column that is 1 where it holds. */
export const quickFilters = [
  { column: 'reward_differs', label: 'Differs', title: 'A logged reward differs from the recomputed one' },
  { column: 'zero_variance', label: 'Zero variance', title: 'Groups whose rewards are all the same' },
  { column: 'malformed', label: 'Malformed', title: 'An action of the response cannot be read' },
  { column: 'repaired', label: 'Repaired', title: 'An action was read after a mend' },
  { column: 'truncated', label: 'Truncated', title: 'The response was cut off' },
] as const;

/**
 * The query the user set, and its way to the list. The list keeps what it shows until the answer is there; a query that
 * fails or is stopped leaves it as it was.
 */
export class FilterStore {
  /** As the user set it; what the list shows may be one behind. */
  readonly query = new Signal<TraceQuery>(everything);
  readonly status = new Signal<FilterStatus>({ kind: 'idle' });
  /** How much of the texts a running search has looked at, 0–1; null while it reads none. */
  readonly searched = new Signal<number | null>(null);
  readonly columns = new Signal<readonly ColumnInfo[]>([]);
  private running: AbortController | null = null;
  /** A lost view is asked for again once; a second loss in a row is told. */
  private mended = false;

  constructor(private readonly session: Session) {
    session.host.on('filter/progress', ({ done, total }) => {
      if (this.running !== null && total > 0) this.searched.set(done / total);
    });
    session.lists.failure.on((failure) => {
      if (failure !== null) this.viewLost(failure.error);
    });
    session.progress.on(({ done, groups }) => {
      if (groups > 0 && (done || this.columns.value.length === 0)) void this.loadColumns();
    });
    if (session.progress.value.groups > 0) void this.loadColumns();
    session.state.on(() => void this.loadColumns());
  }

  /** Shows what the query finds. */
  apply(query: TraceQuery): void {
    this.mended = false;
    this.query.set(query);
    void this.run(query);
  }

  /** The query on show, as text to be kept; '' for everything. */
  get kept(): string {
    const found = this.session.listing.value.found;
    return found === null ? '' : JSON.stringify(found.query);
  }

  /** Applies what `kept` gave, once all rows are there: a view of some of them would be told as old at once. */
  restore(kept: string): void {
    const query = readKept(kept);
    if (query === null) return;
    let waiting = true;
    const apply = () => {
      if (!waiting || !this.session.progress.value.done) return;
      waiting = false;
      // The user may have been faster.
      if (isEverything(this.query.value)) this.apply(query);
    };
    this.session.progress.on(apply);
    apply();
  }

  /** Everything, in the order of the file. */
  clear(): void {
    this.apply(everything);
  }

  /** Asks again: rows have come since. */
  refresh(): void {
    this.apply({ ...this.query.value });
  }

  /** Stops a running query; false when none runs. The query falls back to the one on show. */
  cancel(): boolean {
    if (this.running === null) return false;
    this.stop();
    this.status.set({ kind: 'idle' });
    this.query.set(this.session.listing.value.found?.query ?? everything);
    this.session.speak('The filter was stopped.');
    return true;
  }

  sortBy(sort: TraceSort | null): void {
    this.apply({ ...this.query.value, sort });
  }

  where(where: string): void {
    this.apply({ ...this.query.value, where: where.trim() });
  }

  /** The search's text; '' ends it. */
  search(
    text: string,
    options: { readonly matchCase: boolean; readonly where: 'prompt' | 'response' | 'either' },
  ): void {
    const { query } = this;
    const others = query.value.chips.filter(({ kind }) => kind !== 'text');
    this.apply({ ...query.value, chips: text === '' ? others : [...others, { kind: 'text', text, ...options }] });
  }

  get text(): (FilterChip & { readonly kind: 'text' }) | null {
    return this.query.value.chips.find((chip) => chip.kind === 'text') ?? null;
  }

  /** Puts a chip in the place of another, or behind all; null takes the other away. */
  put(chip: FilterChip | null, instead: FilterChip | null): void {
    const { chips } = this.query.value;
    const added = chip === null ? [] : [chip];
    const next = instead === null ? [...chips, ...added] : chips.flatMap((old) => (old === instead ? added : [old]));
    this.apply({ ...this.query.value, chips: next });
  }

  quick(column: string): FilterChip | null {
    const is = (chip: FilterChip) =>
      chip.kind === 'range' && chip.column === column && chip.from === 1 && chip.to === 1;
    return this.query.value.chips.find(is) ?? null;
  }

  toggleQuick(column: string): void {
    const known = this.quick(column);
    if (known === null) this.put({ kind: 'range', column, from: 1, to: 1 }, null);
    else this.put(null, known);
  }

  /** The columns as far as they are known, at once: a menu must not wait for the host. They are asked for anew meanwhile. */
  async knownColumns(): Promise<readonly ColumnInfo[]> {
    const loading = this.loadColumns();
    return this.columns.value.length > 0 ? this.columns.value : loading;
  }

  /** The trace's columns as they are now. */
  async loadColumns(): Promise<readonly ColumnInfo[]> {
    try {
      this.columns.set(await this.session.host.call('trace/columns', {}));
    } catch (error) {
      this.session.report(error);
    }
    return this.columns.value;
  }

  private stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private async run(query: TraceQuery): Promise<void> {
    const { session } = this;
    this.stop();
    if (isEverything(query)) {
      this.status.set({ kind: 'idle' });
      session.show(null);
      return;
    }
    const controller = new AbortController();
    this.running = controller;
    this.searched.set(null);
    this.status.set({ kind: 'running' });
    const of = session.progress.value.rollouts;
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      const view = await session.host.call('trace/query', { query }, options);
      if (this.running !== controller) return;
      this.running = null;
      session.show({ query, view, of });
      this.status.set({ kind: 'idle' });
      session.speak(foundWords(view.rows, of, view.groups.length));
    } catch (error) {
      if (this.running !== controller) return;
      this.running = null;
      this.status.set(isCancelled(error) ? { kind: 'idle' } : { kind: 'failed', message: errorText(error) });
    }
  }

  /** The data process started anew, or let go of a view that was not looked at for long. */
  private viewLost(error: unknown): void {
    if (this.mended) {
      this.session.report(error);
      return;
    }
    this.refresh();
    this.mended = true;
  }
}

/** Null for what is no query; whether its columns are there, the host says. */
function readKept(kept: string): TraceQuery | null {
  if (kept === '') return null;
  try {
    const query = JSON.parse(kept) as TraceQuery;
    const whole = Array.isArray(query.chips) && typeof query.where === 'string' && 'sort' in query;
    return whole ? query : null;
  } catch {
    return null;
  }
}
