import { everyImage, type ImageSetQuery } from '../../../src/protocol/imageSet';
import type { ColumnInfo, FilterChip } from '../../../src/protocol/query';
import { errorText, isCancelled } from '../../rollouts/store/host';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetSession } from '../store/session';
import { foundWords, isEverything } from './findWords';

/** A condition on one column. */
export type ColumnChip = FilterChip & { readonly kind: 'range' | 'category' };

export type FindStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * The query the user set, and its way to the grid. The grid keeps what it shows until the answer is there; a query that
 * fails or is stopped leaves it as it was.
 */
export class FindStore {
  /** As the user set it; what the grid shows may be one behind. */
  readonly query = new Signal<ImageSetQuery>(everyImage);
  readonly status = new Signal<FindStatus>({ kind: 'idle' });
  readonly columns = new Signal<readonly ColumnInfo[]>([]);
  private running: AbortController | null = null;

  constructor(readonly session: DatasetSession) {
    // Views are gone with the set they were found in.
    session.stale.on(() => {
      void this.loadColumns();
      this.apply({ ...this.query.value });
    });
    session.progress.on(({ done }) => {
      if (done) void this.loadColumns();
    });
    if (session.progress.value.done) void this.loadColumns();
  }

  /** Shows what the query finds. */
  apply(query: ImageSetQuery): void {
    void this.applied(query);
  }

  /** Shows what the query finds; done once it is shown, or failed. */
  applied(query: ImageSetQuery): Promise<void> {
    this.query.set(query);
    return this.run(query);
  }

  /** The query on show, as text to be kept; '' for everything. */
  get kept(): string {
    const found = this.session.listing.value.found;
    return found === null ? '' : JSON.stringify(found.query);
  }

  /** Applies what `kept` gave, once all images are there. */
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

  clear(): void {
    this.apply(everyImage);
  }

  /** Stops a running query; false when none runs. The query falls back to the one on show. */
  cancel(): boolean {
    if (this.running === null) return false;
    this.running.abort();
    this.running = null;
    this.status.set({ kind: 'idle' });
    this.query.set(this.session.listing.value.found?.query ?? everyImage);
    this.session.speak('The filter was stopped.');
    return true;
  }

  sortBy(sort: ImageSetQuery['sort']): void {
    this.apply({ ...this.query.value, sort });
  }

  groupBy(groupBy: string | null): void {
    this.apply({ ...this.query.value, groupBy });
  }

  where(where: string): void {
    this.apply({ ...this.query.value, where: where.trim() });
  }

  /** Names of files that hold a text; '' ends the search. */
  search(text: string): void {
    const others = this.query.value.chips.filter(({ kind }) => kind !== 'text');
    const chip: FilterChip = { kind: 'text', text, where: 'either', matchCase: false };
    this.apply({ ...this.query.value, chips: text === '' ? others : [...others, chip] });
  }

  get text(): string {
    return this.query.value.chips.find((chip) => chip.kind === 'text')?.text ?? '';
  }

  /** Puts a chip in the place of another, or behind all; null takes the other away. */
  put(chip: FilterChip | null, instead: FilterChip | null): void {
    const { chips } = this.query.value;
    const added = chip === null ? [] : [chip];
    const next = instead === null ? [...chips, ...added] : chips.flatMap((old) => (old === instead ? added : [old]));
    this.apply({ ...this.query.value, chips: next });
  }

  /** The chip on the same column as a condition; null for none. */
  on(column: string): FilterChip | null {
    return this.query.value.chips.find((chip) => 'column' in chip && chip.column === column) ?? null;
  }

  /** True where the query holds exactly this condition. */
  has(condition: ColumnChip): boolean {
    return this.query.value.chips.some((chip) => JSON.stringify(chip) === JSON.stringify(condition));
  }

  /** Sets a condition in the place of another on its column, or takes it away where it is set. */
  toggle(condition: ColumnChip): void {
    this.put(this.has(condition) ? null : condition, this.on(condition.column));
  }

  /** The columns as far as they are known, at once: a menu must not wait for the host. They are asked for anew meanwhile. */
  async knownColumns(): Promise<readonly ColumnInfo[]> {
    const loading = this.loadColumns();
    return this.columns.value.length > 0 ? this.columns.value : loading;
  }

  async loadColumns(): Promise<readonly ColumnInfo[]> {
    try {
      this.columns.set(await this.session.host.call('set/columns', {}, { deadline: Number.POSITIVE_INFINITY }));
    } catch (error) {
      this.session.report(error);
    }
    return this.columns.value;
  }

  private async run(query: ImageSetQuery): Promise<void> {
    const { session } = this;
    this.running?.abort();
    this.running = null;
    if (isEverything(query)) {
      this.status.set({ kind: 'idle' });
      session.show(null);
      return;
    }
    const controller = new AbortController();
    this.running = controller;
    this.status.set({ kind: 'running' });
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      const view = await session.host.call('set/query', { query }, options);
      if (this.running !== controller) return;
      this.running = null;
      session.show({ query, view });
      this.status.set({ kind: 'idle' });
      session.speak(foundWords(view, session.progress.value.images));
    } catch (error) {
      if (this.running !== controller) return;
      this.running = null;
      this.status.set(isCancelled(error) ? { kind: 'idle' } : { kind: 'failed', message: errorText(error) });
    }
  }
}

/** Null for what is no query; whether its columns are there, the host says. */
function readKept(kept: string): ImageSetQuery | null {
  if (kept === '') return null;
  try {
    const query = JSON.parse(kept) as ImageSetQuery;
    const whole =
      Array.isArray(query.chips) && typeof query.where === 'string' && 'sort' in query && 'groupBy' in query;
    return whole ? query : null;
  } catch {
    return null;
  }
}
