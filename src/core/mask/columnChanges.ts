/** Rows at which the columns of a picture change between in and out, found row by row and read column by column. */
export class ColumnChanges {
  private rows = new Uint32Array(4096);
  private following = new Uint32Array(4096);
  private length = 1;
  private readonly heads: Uint32Array;
  private readonly tails: Uint32Array;

  constructor(width: number) {
    // Entry 0 stands for none.
    this.heads = new Uint32Array(width);
    this.tails = new Uint32Array(width);
  }

  /** Column `x` changes at row `y`; rows of one column come in order. */
  push(x: number, y: number): void {
    if (this.length === this.rows.length) {
      this.rows = grown(this.rows);
      this.following = grown(this.following);
    }
    const at = this.length++;
    this.rows[at] = y;
    const tail = this.tails[x] ?? 0;
    if (tail === 0) this.heads[x] = at;
    else this.following[tail] = at;
    this.tails[x] = at;
  }

  /** The first change of a column; 0 where there is none. */
  first(x: number): number {
    return this.heads[x] ?? 0;
  }

  /** The change after one; 0 behind the last. */
  next(change: number): number {
    return this.following[change] ?? 0;
  }

  row(change: number): number {
    return this.rows[change] ?? 0;
  }
}

/** The same numbers with as much room again. */
export function grown(numbers: Uint32Array) {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
