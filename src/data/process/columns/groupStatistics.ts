import { NumberColumn } from './numberColumn';

/** Which rows count: bit `row & 31` of word `row >>> 5`; null for all. */
export type RowMask = Uint32Array | null;

/** Rows of a trace and the group each is in. */
export interface Grouping {
  /** Rows that count; later ones may still be there in `groupOf`. */
  readonly rows: number;
  readonly groups: number;
  readonly groupOf: Int32Array;
}

/** One column over the rows of each group. Without a value in a group: count 0, the rest NaN. A NaN makes all but count NaN. */
export class GroupStatistics {
  readonly count: Uint32Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Sums of squared distances from the mean. */
  private readonly squares: Float64Array;

  constructor(groups: number) {
    this.count = new Uint32Array(groups);
    this.mean = new Float64Array(groups).fill(Number.NaN);
    this.min = new Float64Array(groups).fill(Number.NaN);
    this.max = new Float64Array(groups).fill(Number.NaN);
    this.squares = new Float64Array(groups);
  }

  /** Sample standard deviation (N−1); NaN for fewer than two values. */
  deviation(group: number): number {
    const count = this.count[group] ?? 0;
    return count < 2 ? Number.NaN : Math.sqrt((this.squares[group] ?? 0) / (count - 1));
  }

  /** At least two values, all the same: such a group moves no policy. */
  isConstant(group: number): boolean {
    return (this.count[group] ?? 0) >= 2 && this.min[group] === this.max[group];
  }

  /** One value more (Welford). */
  add(group: number, value: number): void {
    const count = (this.count[group] ?? 0) + 1;
    this.count[group] = count;
    if (count === 1) {
      this.mean[group] = this.min[group] = this.max[group] = value;
      return;
    }
    const before = this.mean[group] ?? 0;
    const mean = before + (value - before) / count;
    this.mean[group] = mean;
    this.squares[group] = (this.squares[group] ?? 0) + (value - before) * (value - mean);
    this.min[group] = Math.min(this.min[group] ?? value, value);
    this.max[group] = Math.max(this.max[group] ?? value, value);
  }
}

/** One pass over the rows. */
export function groupStatistics(
  { values, there }: NumberColumn,
  { rows, groups, groupOf }: Grouping,
  mask: RowMask = null,
): GroupStatistics {
  const statistics = new GroupStatistics(groups);
  const present = there.toWords(rows);
  for (let row = 0; row < rows; row++) {
    const bits = (present[row >>> 5] ?? 0) & (mask === null ? -1 : (mask[row >>> 5] ?? 0));
    if ((bits & (1 << (row & 31))) !== 0) statistics.add(groupOf[row] ?? 0, values[row] ?? Number.NaN);
  }
  return statistics;
}

/** A number of each group as a column over its rows; NaN from `of` leaves them without. */
export function spreadOverRows({ rows, groupOf }: Grouping, of: (group: number) => number): NumberColumn {
  const column = new NumberColumn();
  for (let row = 0; row < rows; row++) {
    const value = of(groupOf[row] ?? 0);
    if (!Number.isNaN(value)) column.set(row, value);
  }
  return column;
}
