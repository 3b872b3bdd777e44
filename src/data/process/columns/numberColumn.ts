import { Bits } from './bits';

/**
 * A number a row, or none: absent is not NaN. Kept in 32 bits as long as every value is exact in them, which small whole
 * numbers, truth values and most rewards are, and in 64 bits from the first that is not.
 */
export class NumberColumn {
  /** By row; entries without a bit in `there` mean nothing. May be shorter than the trace. Replaced when it grows. */
  values: Float32Array | Float64Array = new Float32Array(256);
  readonly there = new Bits();
  /** Rows with a value, NaN among them. */
  present = 0;
  /** Of the finite values. */
  min = Number.NaN;
  max = Number.NaN;

  /** Sets the value of a row that has none yet. */
  set(row: number, value: number): void {
    if (row >= this.values.length) this.grow(row);
    if (this.values instanceof Float32Array && Math.fround(value) !== value && !Number.isNaN(value))
      this.values = Float64Array.from(this.values);
    this.values[row] = value;
    this.there.set(row);
    this.present++;
    if (!Number.isFinite(value)) return;
    if (!(value >= this.min)) this.min = value;
    if (!(value <= this.max)) this.max = value;
  }

  has(row: number): boolean {
    return this.there.has(row);
  }

  /** Null where the row has no value. */
  at(row: number): number | null {
    return this.there.has(row) ? (this.values[row] ?? null) : null;
  }

  private grow(row: number): void {
    const length = Math.max(row + 1, this.values.length * 2);
    const bigger = this.values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
    bigger.set(this.values);
    this.values = bigger;
  }
}
