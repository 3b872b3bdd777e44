import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lru } from '../../../core/collections/lru';
import { UserError } from '../../../core/text/userError';
import type { FilterChip, TraceQuery, TraceView } from '../../../protocol/query';
import { unlessAborted } from '../trace/unlessAborted';
import { type ColumnChip, matchingRows, numbersOf } from './chips';
import { type ColumnStore, isOfResponses, mayNameResponses } from './columnStore';
import type { Grouping, RowMask } from './groupStatistics';
import { intersect } from './rowMask';
import { type OnSearched, rowsWithText, type SearchedTrace } from './textSearch';
import { View } from './view';
import { rowsWhere } from './whereSql';

/** Views held at a time: what the list shows, what it showed before, and those of other windows. */
const viewsKept = 8;
const masksKept = 8;

/** Answers queries over a trace's columns and holds what they found. */
export class TraceQueries {
  private readonly views = new Lru<number, View>(viewsKept);
  /** What conditions matched: the same filter in another order is not searched again. */
  private readonly masks = new Lru<string, Uint32Array>(masksKept);
  private last = 0;

  constructor(
    private readonly store: ColumnStore,
    private readonly grouping: () => Grouping,
    private readonly trace: SearchedTrace,
    private readonly onSearched: OnSearched,
    /** Differs once columns of rows that were there before hold something else. */
    private readonly version: () => string,
    /** Resolves when all responses are read. */
    private readonly measured: () => Promise<void>,
  ) {}

  /** Throws `UserError` for what the query has wrong. Waits for columns that are still being read. Stops when aborted. */
  async query(query: TraceQuery, signal: AbortSignal): Promise<TraceView> {
    const { sort } = query;
    if (asksForResponses(query)) await unlessAborted(this.measured(), signal);
    const grouping = { ...this.grouping() };
    const mask = await this.matching(query, grouping.rows, signal);
    const by = sort === null ? null : { column: numbersOf(this.store, sort.column), by: sort };
    const view = new View(mask, grouping, by);
    this.views.set(++this.last, view, 1);
    return view.wire(this.last);
  }

  /** What the columns answer goes first: SQL copies and a search reads only rows that are left. */
  private async matching({ chips, where }: TraceQuery, rows: number, signal: AbortSignal): Promise<RowMask> {
    const asked = JSON.stringify([rows, this.version(), chips, where]);
    const known = this.masks.get(asked);
    if (known !== undefined) return known;
    let mask: RowMask = null;
    for (const chip of chips.filter(isOfColumns)) {
      const found = matchingRows(chip, this.store, rows);
      mask = mask === null ? found : intersect(mask, found);
      await nextTurn();
      signal.throwIfAborted();
    }
    if (where.trim() !== '') mask = await rowsWhere(where, this.store, rows, mask, signal);
    for (const chip of chips)
      if (chip.kind === 'text' && chip.text !== '')
        mask = await rowsWithText(chip, this.trace, rows, mask, this.onSearched, signal);
    if (mask !== null) this.masks.set(asked, mask, 1);
    return mask;
  }

  /** Throws `UserError` when the view is held no longer. */
  view(id: number): View {
    const view = this.views.get(id);
    if (view === undefined) throw new UserError('The filter’s result is no longer held. Apply the filter again.');
    return view;
  }
}

function asksForResponses({ chips, where, sort }: TraceQuery): boolean {
  const named = chips.flatMap((chip) =>
    chip.kind === 'text' ? [] : chip.kind === 'lasso' ? [chip.x, chip.y] : [chip.column],
  );
  return [...named, ...(sort === null ? [] : [sort.column])].some(isOfResponses) || mayNameResponses(where);
}

function isOfColumns(chip: FilterChip): chip is ColumnChip {
  return chip.kind !== 'text';
}
