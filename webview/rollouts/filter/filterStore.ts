import { type ColumnInfo, everything, type FilterChip, type TraceQuery } from '../../../src/protocol/query';
import { type Answer, QueryStore } from '../../filter/queryStore';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { foundWords, isEverything } from './queryWords';

/** Conditions one click away, each a column that is 1 where it holds. */
export const quickFilters = [
  { column: 'reward_differs', label: 'Differs', title: 'A logged reward differs from the recomputed one' },
  { column: 'zero_variance', label: 'Zero variance', title: 'Groups whose rewards are all the same' },
  { column: 'malformed', label: 'Malformed', title: 'An action of the response cannot be read' },
  { column: 'repaired', label: 'Repaired', title: 'An action was read after a mend' },
  { column: 'truncated', label: 'Truncated', title: 'The response was cut off' },
] as const;

/** The query over rollouts, and its way to the list. */
export class FilterStore extends QueryStore<TraceQuery> {
  /** How much of the texts a running search has looked at, 0–1; null while it reads none. */
  readonly searched = new Signal<number | null>(null);
  /** A lost view is asked for again once; a second loss in a row is told. */
  private mended = false;

  constructor(private readonly session: Session) {
    super(everything, session);
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

  override applied(query: TraceQuery): Promise<void> {
    this.mended = false;
    return super.applied(query);
  }

  /** The search's text; '' ends it. */
  search(
    text: string,
    options: { readonly matchCase: boolean; readonly where: 'prompt' | 'response' | 'either' },
  ): void {
    this.searchBy(text === '' ? null : { kind: 'text', text, ...options });
  }

  get text(): (FilterChip & { readonly kind: 'text' }) | null {
    return this.query.value.chips.find((chip) => chip.kind === 'text') ?? null;
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

  protected override isEverything(query: TraceQuery): boolean {
    return isEverything(query);
  }

  protected override askColumns(): Promise<readonly ColumnInfo[]> {
    return this.session.host.call('trace/columns', {});
  }

  protected override showAll(): void {
    this.session.show(null);
  }

  protected override async ask(query: TraceQuery, signal: AbortSignal): Promise<Answer> {
    const { session } = this;
    this.searched.set(null);
    const of = session.progress.value.rollouts;
    const options = { signal, deadline: Number.POSITIVE_INFINITY };
    const view = await session.host.call('trace/query', { query }, options);
    return { show: () => session.show({ query, view, of }), words: foundWords(view.rows, of, view.groups.length) };
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
