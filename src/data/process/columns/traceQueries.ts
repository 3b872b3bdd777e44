import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../../../core/text/userError';
import type { FilterChip, TraceQuery, TraceView } from '../../../protocol/query';
import { LruCache } from '../lruCache';
import { type ColumnChip, matchingRows, numbersOf } from './chips';
import type { ColumnStore } from './columnStore';
import type { Grouping, RowMask } from './groupStatistics';
import { intersect } from './rowMask';
import { View } from './view';
import { rowsWhere } from './whereSql';

/** Views held at a time: what the list shows, what it showed before, and those of other windows. */
const viewsKept = 8;

/** Answers queries over a trace's columns and holds what they found. */
export class TraceQueries {
  private readonly views = new LruCache<number, View>(viewsKept);
  private last = 0;

  constructor(
    private readonly store: ColumnStore,
    private readonly grouping: () => Grouping,
  ) {}

  /** Throws `UserError` for what the query has wrong. Stops when aborted. */
  async query({ chips, where, sort }: TraceQuery, signal: AbortSignal): Promise<TraceView> {
    const grouping = { ...this.grouping() };
    let mask: RowMask = null;
    for (const chip of chips.filter(isOfColumns)) {
      const found = matchingRows(chip, this.store, grouping.rows);
      mask = mask === null ? found : intersect(mask, found);
      await nextTurn();
      signal.throwIfAborted();
    }
    if (where.trim() !== '') mask = await rowsWhere(where, this.store, grouping.rows, mask, signal);
    const by = sort === null ? null : { column: numbersOf(this.store, sort.column), by: sort };
    const view = new View(mask, grouping, by);
    this.views.set(++this.last, view, 1);
    return view.wire(this.last);
  }

  /** Throws `UserError` when the view is held no longer. */
  view(id: number): View {
    const view = this.views.get(id);
    if (view === undefined) throw new UserError('The filter’s result is no longer held. Apply the filter again.');
    return view;
  }
}

function isOfColumns(chip: FilterChip): chip is ColumnChip {
  return chip.kind !== 'text';
}
