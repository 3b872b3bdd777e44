import { GROUP_PAGE } from '../../../src/protocol/data';

/** Heights of the list's rows, CSS pixels. */
export const headerHeight = 40;
export const rowHeight = 22;

/** A row of the list: a group's header (`member` −1), a rollout, or the line that says more are not listed. */
export interface ListPlace {
  readonly group: number;
  readonly member: number;
}

/**
 * Where every group stands in a list of up to millions of rows, kept as a binary indexed tree over group heights: a
 * group's top and the group at a height are found in O(log n), and a scan that enlarges a group costs O(log n).
 */
export class GroupLayout {
  private sizes = new Uint32Array(1024);
  private tree = new Float64Array(1025);
  private closed = new Set<number>();
  private length = 0;
  private height = 0;

  get count(): number {
    return this.length;
  }

  /** Height of everything, CSS pixels. */
  get total(): number {
    return this.height;
  }

  /** True count of rollouts in the group, as far as the scan has come. */
  size(group: number): number {
    return group < this.length ? (this.sizes[group] ?? 0) : 0;
  }

  /** Members that have a row of their own: the host lists at most `GROUP_PAGE` of a group. */
  listed(group: number): number {
    return Math.min(this.size(group), GROUP_PAGE);
  }

  /** A group of one has one row, its rollout's, as high as a header: there is nothing to open. */
  isSingle(group: number): boolean {
    return this.size(group) === 1;
  }

  /** Whether the header is all there is to see of the group. */
  isCollapsed(group: number): boolean {
    return !this.isSingle(group) && this.closed.has(group);
  }

  heightOf(group: number): number {
    if (this.isSingle(group) || this.isCollapsed(group)) return headerHeight;
    const more = this.size(group) > GROUP_PAGE ? 1 : 0;
    return headerHeight + rowHeight * (this.listed(group) + more);
  }

  /** Takes sizes of groups [from, from + sizes.length); groups only ever grow in number. */
  update(from: number, sizes: Uint32Array): void {
    this.reserve(from + sizes.length);
    if (sizes.length > 2000) {
      // So many at once are cheaper summed anew.
      this.sizes.set(sizes, from);
      this.length = Math.max(this.length, from + sizes.length);
      this.rebuild(this.sizes.length);
      return;
    }
    for (let i = 0; i < sizes.length; i++) {
      const group = from + i;
      const before = group < this.length ? this.heightOf(group) : 0;
      this.sizes[group] = sizes[i] ?? 0;
      if (group >= this.length) this.length = group + 1;
      this.add(group, this.heightOf(group) - before);
    }
  }

  setCollapsed(group: number, collapsed: boolean): void {
    if (group >= this.length) return;
    const before = this.heightOf(group);
    if (collapsed) this.closed.add(group);
    else this.closed.delete(group);
    this.add(group, this.heightOf(group) - before);
  }

  setAllCollapsed(collapsed: boolean): void {
    this.closed = new Set(collapsed ? Array.from({ length: this.length }, (_, group) => group) : []);
    this.rebuild(this.sizes.length);
  }

  get anyExpanded(): boolean {
    return this.closed.size < this.length;
  }

  /** Distance of the group's header from the top of the list. */
  top(group: number): number {
    let sum = 0;
    for (let i = Math.min(group, this.length); i > 0; i -= i & -i) sum += this.tree[i] ?? 0;
    return sum;
  }

  topOf(place: ListPlace): number {
    const first = place.member < 0 || this.isSingle(place.group);
    return this.top(place.group) + (first ? 0 : headerHeight + rowHeight * place.member);
  }

  /** The group whose rows cover height `y`; clamped to the list, −1 when it is empty. */
  groupAt(y: number): number {
    if (this.length === 0) return -1;
    let at = 0;
    let rest = Math.max(0, y);
    for (let step = 2 ** Math.floor(Math.log2(this.sizes.length)); step >= 1; step /= 2) {
      const next = at + step;
      const sum = this.tree[next];
      if (next <= this.length && sum !== undefined && sum <= rest) {
        at = next;
        rest -= sum;
      }
    }
    return Math.min(at, this.length - 1);
  }

  private add(group: number, delta: number): void {
    if (delta === 0) return;
    this.height += delta;
    for (let i = group + 1; i < this.tree.length; i += i & -i) this.tree[i] = (this.tree[i] ?? 0) + delta;
  }

  private reserve(count: number): void {
    if (count <= this.sizes.length) return;
    let capacity = this.sizes.length;
    while (capacity < count) capacity *= 2;
    const sizes = new Uint32Array(capacity);
    sizes.set(this.sizes);
    this.sizes = sizes;
    this.rebuild(capacity);
  }

  private rebuild(capacity: number): void {
    this.tree = new Float64Array(capacity + 1);
    this.height = 0;
    for (let group = 0; group < this.length; group++) {
      const own = this.heightOf(group);
      this.height += own;
      this.tree[group + 1] = (this.tree[group + 1] ?? 0) + own;
    }
    for (let i = 1; i <= capacity; i++) {
      const parent = i + (i & -i);
      if (parent <= capacity) this.tree[parent] = (this.tree[parent] ?? 0) + (this.tree[i] ?? 0);
    }
  }
}
