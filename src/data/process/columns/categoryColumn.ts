import { Bits } from './bits';

/** A name a row, or none, out of a limited set. */
export class CategoryColumn {
  /** Index into `names` by row; entries without a bit in `there` mean nothing. Replaced when it grows. */
  codes = new Uint16Array(256);
  readonly there = new Bits();
  /** In the order in which they were first seen. */
  readonly names: string[] = [];
  present = 0;
  private readonly byName = new Map<string, number>();
  private readonly counts: number[] = [];

  /**
   * @param limit distinct names taken, at most 65,536.
   * @param first names whose order does not depend on when they are seen.
   */
  constructor(
    private readonly limit: number,
    first: readonly string[] = [],
  ) {
    for (const name of first) this.add(name);
  }

  /** Sets the name of a row that has none yet; false when it would be one name too many. */
  set(row: number, name: string): boolean {
    const code = this.byName.get(name) ?? this.add(name);
    if (code === null) return false;
    if (row >= this.codes.length) {
      const bigger = new Uint16Array(Math.max(row + 1, this.codes.length * 2));
      bigger.set(this.codes);
      this.codes = bigger;
    }
    this.codes[row] = code;
    this.there.set(row);
    this.present++;
    this.counts[code] = (this.counts[code] ?? 0) + 1;
    return true;
  }

  at(row: number): string | null {
    return this.there.has(row) ? (this.names[this.codes[row] ?? 0] ?? null) : null;
  }

  codeOf(name: string): number | null {
    return this.byName.get(name) ?? null;
  }

  /** At most `count` names that some row has, the most frequent first. */
  frequent(count: number): readonly string[] {
    const seen = this.names.map((_, code) => code).filter((code) => (this.counts[code] ?? 0) > 0);
    const order = seen.sort((a, b) => (this.counts[b] ?? 0) - (this.counts[a] ?? 0));
    return order.slice(0, count).map((code) => this.names[code] ?? '');
  }

  private add(name: string): number | null {
    if (this.names.length >= this.limit) return null;
    // A name cut out of a long line would keep all of it alive.
    const own = Buffer.from(name).toString();
    this.byName.set(own, this.names.length);
    this.names.push(own);
    return this.names.length - 1;
  }
}
