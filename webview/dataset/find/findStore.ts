import { everyImage, type ImageSetQuery } from '../../../src/protocol/imageSet';
import type { ColumnInfo, FilterChip } from '../../../src/protocol/query';
import { type Answer, QueryStore } from '../../filter/queryStore';
import type { DatasetSession } from '../store/session';
import { foundWords, isEverything } from './findWords';

/** A condition on one column. */
export type ColumnChip = FilterChip & { readonly kind: 'range' | 'category' };

const patient = { deadline: Number.POSITIVE_INFINITY };

/** The query over images, and its way to the grid. */
export class FindStore extends QueryStore<ImageSetQuery> {
  /** Annotations were edited since the columns came: labels may be new. */
  private outdated = false;

  constructor(readonly session: DatasetSession) {
    super(everyImage, session);
    // Views are gone with the set they were found in.
    session.stale.on(() => {
      void this.loadColumns();
      this.refresh();
    });
    session.edits.on(() => {
      this.outdated = true;
    });
    session.progress.on(({ done }) => {
      if (done) void this.loadColumns();
    });
    if (session.progress.value.done) void this.loadColumns();
  }

  groupBy(groupBy: string | null): void {
    this.apply({ ...this.query.value, groupBy });
  }

  /** Names of files that hold a text; '' ends the search. */
  search(text: string): void {
    this.searchBy(text === '' ? null : { kind: 'text', text, where: 'either', matchCase: false });
  }

  get text(): string {
    return this.query.value.chips.find((chip) => chip.kind === 'text')?.text ?? '';
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

  override knownColumns(): Promise<readonly ColumnInfo[]> {
    if (!this.outdated) return super.knownColumns();
    this.outdated = false;
    return this.loadColumns();
  }

  protected override isEverything(query: ImageSetQuery): boolean {
    return isEverything(query);
  }

  protected override askColumns(): Promise<readonly ColumnInfo[]> {
    return this.session.host.call('set/columns', {}, patient);
  }

  protected override showAll(): void {
    this.session.show(null);
  }

  protected override async ask(query: ImageSetQuery, signal: AbortSignal): Promise<Answer> {
    const { session } = this;
    const view = await session.host.call('set/query', { query }, { signal, ...patient });
    return { show: () => session.show({ query, view }), words: foundWords(view, session.progress.value.images) };
  }
}
