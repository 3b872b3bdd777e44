/** Heights of the list's rows, CSS pixels. */
export const headerHeight = 40;
export const rowHeight = 22;

/**
 * A row of the list: the `slot`-th group from the top, and its header (`index` −1) or its `index`-th rollout. Only in the
 * order of the file are these the group's number and the rollout's place in its group.
 */
export interface ListPlace {
  readonly slot: number;
  readonly index: number;
}

export interface LayoutOptions {
  /** Ids of closed groups: layouts of one trace share them, whatever their order. */
  readonly closed: Set<number>;
  /** The group in a slot. */
  readonly idAt: (slot: number) => number;
  /** Whether a group that lists one rollout has no other. */
  readonly alone: (slot: number) => boolean;
}

const usual = (): LayoutOptions => ({ closed: new Set(), idAt: (slot) => slot, alone: () => true });

/**
 * Where every group stands in a list of up to millions of rows, kept as a binary indexed tree over group heights: a
 * group's top and the group at a height are found in O(log n), and a scan that enlarges a group costs O(log n).
 */
export class GroupLayout {
  private sizes = new Uint32Array(1024);
  private tree = new Float64Array(1025);
  private length = 0;
  private height = 0;

  constructor(private readonly options: LayoutOptions = usual()) {}

  get count(): number {
    return this.length;
  }

  /** Height of everything, CSS pixels. */
  get total(): number {
    return this.height;
  }

  /** Rollouts listed of the group. */
  size(slot: number): number {
    return slot < this.length ? (this.sizes[slot] ?? 0) : 0;
  }

  /** A group of one has one row, its rollout's, as high as a header: there is nothing to open. */
  isSingle(slot: number): boolean {
    return this.size(slot) === 1 && this.options.alone(slot);
  }

  /** Whether the header is all there is to see of the group. */
  isCollapsed(slot: number): boolean {
    return !this.isSingle(slot) && this.options.closed.has(this.options.idAt(slot));
  }

  heightOf(slot: number): number {
    if (this.isSingle(slot) || this.isCollapsed(slot)) return headerHeight;
    return headerHeight + rowHeight * this.size(slot);
  }

  /** Takes sizes of slots [from, from + sizes.length); groups only ever grow in number. */
  update(from: number, sizes: Uint32Array): void {
    this.reserve(from + sizes.length);
    if (sizes.length > 2000) {
      // So many at once are cheaper summed anew.
      this.sizes.set(sizes, from);
      this.length = Math.max(this.length, from + sizes.length);
      this.measure();
      return;
    }
    for (let i = 0; i < sizes.length; i++) {
      const slot = from + i;
      const before = slot < this.length ? this.heightOf(slot) : 0;
      this.sizes[slot] = sizes[i] ?? 0;
      if (slot >= this.length) this.length = slot + 1;
      this.add(slot, this.heightOf(slot) - before);
    }
  }

  setCollapsed(slot: number, collapsed: boolean): void {
    if (slot >= this.length) return;
    const before = this.heightOf(slot);
    this.close(slot, collapsed);
    this.add(slot, this.heightOf(slot) - before);
  }

  setAllCollapsed(collapsed: boolean): void {
    for (let slot = 0; slot < this.length; slot++) this.close(slot, collapsed);
    this.measure();
  }

  /** Sums all heights anew: another layout may have opened and closed groups. */
  measure(): void {
    this.rebuild(this.sizes.length);
  }

  /** Distance of the group's header from the top of the list. */
  top(slot: number): number {
    let sum = 0;
    for (let i = Math.min(slot, this.length); i > 0; i -= i & -i) sum += this.tree[i] ?? 0;
    return sum;
  }

  topOf(place: ListPlace): number {
    const first = place.index < 0 || this.isSingle(place.slot);
    return this.top(place.slot) + (first ? 0 : headerHeight + rowHeight * place.index);
  }

  /** The slot whose rows cover height `y`; clamped to the list, −1 when it is empty. */
  slotAt(y: number): number {
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

  private close(slot: number, collapsed: boolean): void {
    const { closed, idAt } = this.options;
    if (collapsed) closed.add(idAt(slot));
    else closed.delete(idAt(slot));
  }

  private add(slot: number, delta: number): void {
    if (delta === 0) return;
    this.height += delta;
    for (let i = slot + 1; i < this.tree.length; i += i & -i) this.tree[i] = (this.tree[i] ?? 0) + delta;
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
    for (let slot = 0; slot < this.length; slot++) {
      const own = this.heightOf(slot);
      this.height += own;
      this.tree[slot + 1] = (this.tree[slot + 1] ?? 0) + own;
    }
    for (let i = 1; i <= capacity; i++) {
      const parent = i + (i & -i);
      if (parent <= capacity) this.tree[parent] = (this.tree[parent] ?? 0) + (this.tree[i] ?? 0);
    }
  }
}
