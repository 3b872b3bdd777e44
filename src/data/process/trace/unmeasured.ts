/** Rows whose responses are still to be read, ascending: stretches of row numbers. */
export class Unmeasured {
  private firsts: number[] = [];
  private ends: number[] = [];

  get isEmpty(): boolean {
    return this.firsts.length === 0;
  }

  /** A row behind all that were added before. */
  add(row: number): void {
    const last = this.ends.length - 1;
    if (this.ends[last] === row) this.ends[last] = row + 1;
    else {
      this.firsts.push(row);
      this.ends.push(row + 1);
    }
  }

  /** All of them; there are none then. */
  *take(): Generator<number, void> {
    const { firsts, ends } = this;
    this.firsts = [];
    this.ends = [];
    for (const [at, first] of firsts.entries()) for (let row = first; row < (ends[at] ?? 0); row++) yield row;
  }
}
