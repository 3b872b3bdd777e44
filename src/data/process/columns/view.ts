import type { TraceSort, TraceView } from '../../../protocol/query';
import { type Grouping, type GroupStatistics, groupStatistics, type RowMask } from './groupStatistics';
import type { NumberColumn } from './numberColumn';
import { inMask } from './rowMask';
import { sortedIndices } from './sortedIndices';

/** Ordered members of large groups that are kept, so that paging through one does not sort it again. */
const ordersKept = 4;

/** Rows that match a query, in groups; the rows and the order as they stood when it was asked. */
export class View {
  readonly groups: Uint32Array;
  /** Matching rows of each, in step with `groups`. */
  readonly sizes: Uint32Array;
  private readonly statistics: GroupStatistics | null;
  private readonly orders = new Map<number, Uint32Array>();

  /** @param sort column and order; null for the order of the file. */
  constructor(
    private readonly mask: RowMask,
    grouping: Grouping,
    readonly sort: { readonly column: NumberColumn; readonly by: TraceSort } | null,
  ) {
    this.rows = grouping.rows;
    const counts = countRows(mask, grouping);
    this.statistics = sort === null ? null : groupStatistics(sort.column, grouping, mask);
    let found = 0;
    for (const size of counts) if (size > 0) found++;
    this.groups = this.inOrder(counts, found);
    this.sizes = this.groups.map((group) => counts[group] ?? 0);
  }

  /** Rows of the trace that the query looked at. */
  private readonly rows: number;

  wire(view: number): TraceView {
    const { groups, sizes } = this;
    return { view, rows: sizes.reduce((sum, size) => sum + size, 0), groups, sizes };
  }

  has(row: number): boolean {
    return row < this.rows && inMask(this.mask, row);
  }

  /** What the group is ordered by; null without a sort. NaN where it has no value. */
  aggregate(group: number): number | null {
    return this.sort === null || this.statistics === null ? null : aggregated(this.statistics, this.sort.by.of, group);
  }

  /** The row's value in the sorted column; null without one. */
  value(row: number): number | null {
    return this.sort?.column.at(row) ?? null;
  }

  /** Matching rows of a group, in order. `members`: all its rows in the order of the file. */
  members(group: number, members: () => Iterable<number>): Uint32Array {
    const known = this.orders.get(group);
    if (known !== undefined) return known;
    const rows = Uint32Array.from(members()).filter((row) => this.has(row));
    const ordered = this.sort === null ? rows : orderedRows(rows, this.sort.column, this.sort.by.descending);
    this.orders.set(group, ordered);
    for (const oldest of this.orders.keys()) if (this.orders.size > ordersKept) this.orders.delete(oldest);
    return ordered;
  }

  /** Groups with matching rows: as in the file, or by their aggregate; those that have none come last. */
  private inOrder(counts: Uint32Array, found: number): Uint32Array {
    const groups = new Uint32Array(found);
    const nan: number[] = [];
    const absent: number[] = [];
    const { sort, statistics } = this;
    let count = 0;
    const keys = new Float64Array(sort === null ? 0 : found);
    for (let group = 0; group < counts.length; group++) {
      if ((counts[group] ?? 0) === 0) continue;
      if (sort !== null && statistics !== null) {
        const key = aggregated(statistics, sort.by.of, group);
        if (Number.isNaN(key)) {
          (statistics.count[group] === 0 ? absent : nan).push(group);
          continue;
        }
        keys[count] = key;
      }
      groups[count++] = group;
    }
    if (sort === null) return groups;
    const ordered = new Uint32Array(found);
    sortedIndices(keys.subarray(0, count), sort.by.descending).forEach((from, to) => {
      ordered[to] = groups[from] ?? 0;
    });
    ordered.set(nan, count);
    ordered.set(absent, count + nan.length);
    return ordered;
  }
}

function countRows(mask: RowMask, { rows, groups, groupOf }: Grouping): Uint32Array {
  const counts = new Uint32Array(groups);
  for (let row = 0; row < rows; row++) {
    if (!inMask(mask, row)) continue;
    const group = groupOf[row] ?? 0;
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}

function aggregated(statistics: GroupStatistics, of: TraceSort['of'], group: number): number {
  if (of === 'std') return statistics.deviation(group);
  const { mean, min, max, count } = statistics;
  if (of === 'sum') return (mean[group] ?? Number.NaN) * (count[group] ?? 0);
  if (of === 'spread') return (max[group] ?? Number.NaN) - (min[group] ?? Number.NaN);
  return (of === 'mean' ? mean : of === 'min' ? min : max)[group] ?? Number.NaN;
}

/** By value; NaN behind all numbers, rows without a value last, equal ones as in the file. */
function orderedRows(rows: Uint32Array, column: NumberColumn, descending: boolean): Uint32Array {
  const numbers: number[] = [];
  const keys: number[] = [];
  const nan: number[] = [];
  const absent: number[] = [];
  for (const row of rows) {
    const value = column.at(row);
    if (value === null) absent.push(row);
    else if (Number.isNaN(value)) nan.push(row);
    else {
      numbers.push(row);
      keys.push(value);
    }
  }
  const ordered = new Uint32Array(rows.length);
  sortedIndices(Float64Array.from(keys), descending).forEach((from, to) => {
    ordered[to] = numbers[from] ?? 0;
  });
  ordered.set(nan, numbers.length);
  ordered.set(absent, numbers.length + nan.length);
  return ordered;
}
