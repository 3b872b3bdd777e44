/** Sizes of a trace's groups as the scan reports them, kept whole so that an editor opened later gets them all at once. */
export class GroupSizes {
  private values = new Uint32Array(1024);
  private length = 0;
  private changedFrom = Number.POSITIVE_INFINITY;
  private changedTo = 0;

  /** Sizes of groups [from, from + sizes.length) as they stand now. */
  put(from: number, sizes: Uint32Array): void {
    if (sizes.length === 0) return;
    const end = from + sizes.length;
    this.grow(end);
    this.values.set(sizes, from);
    this.length = Math.max(this.length, end);
    this.changedFrom = Math.min(this.changedFrom, from);
    this.changedTo = Math.max(this.changedTo, end);
  }

  all(): Uint32Array {
    return this.values.slice(0, this.length);
  }

  /** One range that covers everything put since the last call. */
  takeChanges(): { readonly sizesFrom: number; readonly sizes: Uint32Array } {
    const { changedFrom, changedTo } = this;
    this.changedFrom = Number.POSITIVE_INFINITY;
    this.changedTo = 0;
    if (changedTo === 0) return { sizesFrom: this.length, sizes: new Uint32Array(0) };
    return { sizesFrom: changedFrom, sizes: this.values.slice(changedFrom, changedTo) };
  }

  private grow(needed: number): void {
    if (needed <= this.values.length) return;
    const next = new Uint32Array(Math.max(needed, this.values.length * 2));
    next.set(this.values);
    this.values = next;
  }
}
