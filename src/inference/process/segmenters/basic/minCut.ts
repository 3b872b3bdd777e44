/** Steps from a pixel to its eight neighbours in a grid `stride` wide; the one at `d ^ 1` leads back. Even ones lead onward. */
export const neighbours = (stride: number): readonly number[] => [
  1,
  -1,
  stride,
  -stride,
  stride + 1,
  -stride - 1,
  stride - 1,
  -stride + 1,
];

/** A pixel's parent is one of its neighbours, or one of these. */
const terminal = 8;
const none = 9;

/** Which terminal's search tree a pixel is in. */
const free = 0;
const source = 1;
const sink = 2;

/**
 * The minimum cut between object (source) and background (sink) of a picture whose pixels are tied to their eight
 * neighbours. Boykov and Kolmogorov, "An experimental comparison of min-cut/max-flow algorithms for energy minimization in
 * vision" (2004), with the marking heuristics of its section 3.2.3.
 *
 * The grid has a rim of one pixel whose ties are 0: nothing needs to ask whether a neighbour exists.
 */
export class GridCut {
  readonly stride: number;
  /** For each pixel the capacities of its eight ties, in the order of `neighbours`; whole numbers. */
  readonly ties: Int32Array;
  /** Cost of calling the pixel background less cost of calling it object; whole numbers, and what is left after `solve`. */
  readonly excess: Int32Array;
  private readonly tree: Uint8Array;
  private readonly parent: Uint8Array;
  private readonly marked: Int32Array;
  private readonly depth: Int32Array;
  private readonly queue: Int32Array;
  private readonly queued: Uint8Array;
  private readonly steps: Int32Array;
  private readonly orphans: number[] = [];
  private head = 0;
  private waiting = 0;
  private time = 0;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.stride = width + 2;
    const pixels = this.stride * (height + 2);
    this.ties = new Int32Array(pixels * 8);
    this.excess = new Int32Array(pixels);
    this.tree = new Uint8Array(pixels);
    this.parent = new Uint8Array(pixels).fill(none);
    this.marked = new Int32Array(pixels);
    this.depth = new Int32Array(pixels);
    this.queue = new Int32Array(pixels);
    this.queued = new Uint8Array(pixels);
    this.steps = Int32Array.from(neighbours(this.stride));
  }

  /** Index of a pixel in `ties` (times 8) and `excess`. */
  index(x: number, y: number): number {
    return (y + 1) * this.stride + x + 1;
  }

  /** Finds the cut; capacities are used up by it. */
  solve(): void {
    const { excess, tree } = this;
    for (let p = 0; p < excess.length; p++) {
      if (excess[p] === 0) continue;
      tree[p] = (excess[p] ?? 0) > 0 ? source : sink;
      this.parent[p] = terminal;
      this.depth[p] = 1;
      this.activate(p);
    }
    while (this.waiting > 0) {
      const p = this.queue[this.head] ?? 0;
      const bridge = tree[p] === free ? -1 : this.grow(p);
      if (bridge < 0) {
        this.queued[p] = 0;
        this.head = this.head + 1 === this.queue.length ? 0 : this.head + 1;
        this.waiting--;
        continue;
      }
      this.time++;
      if (tree[p] === source) this.augment(p, bridge);
      else this.augment(p + (this.steps[bridge] ?? 0), bridge ^ 1);
      while (this.orphans.length > 0) this.adopt(this.orphans.pop() ?? 0);
    }
  }

  /** After `solve`: whether a pixel is on the object's side. */
  isObject(p: number): boolean {
    return this.tree[p] === source;
  }

  private activate(p: number): void {
    if (this.queued[p] !== 0) return;
    this.queued[p] = 1;
    const tail = this.head + this.waiting;
    this.queue[tail >= this.queue.length ? tail - this.queue.length : tail] = p;
    this.waiting++;
  }

  /** Takes free neighbours into the tree; the direction in which it meets the other tree, or −1. */
  private grow(p: number): number {
    const { tree, ties, steps, depth, marked } = this;
    const own = tree[p] ?? 0;
    for (let d = 0; d < 8; d++) {
      const q = p + (steps[d] ?? 0);
      const capacity = own === source ? ties[p * 8 + d] : ties[q * 8 + (d ^ 1)];
      if (capacity === 0) continue;
      if (tree[q] === free) {
        tree[q] = own;
        this.parent[q] = d ^ 1;
        marked[q] = marked[p] ?? 0;
        depth[q] = (depth[p] ?? 0) + 1;
        this.activate(q);
      } else if (tree[q] !== own) return d;
      else if (
        (marked[q] ?? 0) <= (marked[p] ?? 0) &&
        (depth[q] ?? 0) > (depth[p] ?? 0) + 1 &&
        this.parent[q] !== terminal
      ) {
        // A shorter way to the terminal, as far as both are known.
        this.parent[q] = d ^ 1;
        marked[q] = marked[p] ?? 0;
        depth[q] = (depth[p] ?? 0) + 1;
      }
    }
    return -1;
  }

  /** Pushes what fits along source … p → neighbour `d` … sink. */
  private augment(p: number, d: number): void {
    const { ties, steps, parent, excess } = this;
    const q = p + (steps[d] ?? 0);
    let flow = ties[p * 8 + d] ?? 0;
    let at = p;
    for (; parent[at] !== terminal; at += steps[parent[at] ?? 0] ?? 0) {
      const up = parent[at] ?? 0;
      flow = Math.min(flow, ties[(at + (steps[up] ?? 0)) * 8 + (up ^ 1)] ?? 0);
    }
    flow = Math.min(flow, excess[at] ?? 0);
    at = q;
    for (; parent[at] !== terminal; at += steps[parent[at] ?? 0] ?? 0)
      flow = Math.min(flow, ties[at * 8 + (parent[at] ?? 0)] ?? 0);
    flow = Math.min(flow, -(excess[at] ?? 0));

    this.push(p, d, flow);
    at = p;
    while (parent[at] !== terminal) {
      const up = parent[at] ?? 0;
      const above = at + (steps[up] ?? 0);
      if (this.push(above, up ^ 1, flow)) this.orphan(at);
      at = above;
    }
    excess[at] = (excess[at] ?? 0) - flow;
    if (excess[at] === 0) this.orphan(at);
    at = q;
    while (parent[at] !== terminal) {
      const up = parent[at] ?? 0;
      const above = at + (steps[up] ?? 0);
      if (this.push(at, up, flow)) this.orphan(at);
      at = above;
    }
    excess[at] = (excess[at] ?? 0) + flow;
    if (excess[at] === 0) this.orphan(at);
  }

  /** Whether the tie is used up by it. */
  private push(p: number, d: number, flow: number): boolean {
    const q = p + (this.steps[d] ?? 0);
    this.ties[p * 8 + d] = (this.ties[p * 8 + d] ?? 0) - flow;
    this.ties[q * 8 + (d ^ 1)] = (this.ties[q * 8 + (d ^ 1)] ?? 0) + flow;
    return this.ties[p * 8 + d] === 0;
  }

  private orphan(p: number): void {
    this.parent[p] = none;
    this.orphans.push(p);
  }

  /** Finds the orphan a new parent in its tree, the nearest to the terminal, or sets it free. */
  private adopt(p: number): void {
    const { tree, ties, steps, parent } = this;
    const own = tree[p] ?? 0;
    let best = none;
    let least = Number.POSITIVE_INFINITY;
    for (let d = 0; d < 8; d++) {
      const q = p + (steps[d] ?? 0);
      if (tree[q] !== own) continue;
      const capacity = own === source ? ties[q * 8 + (d ^ 1)] : ties[p * 8 + d];
      if (capacity === 0) continue;
      const depth = this.rooted(q);
      if (depth < least) {
        least = depth;
        best = d;
      }
    }
    if (best !== none) {
      parent[p] = best;
      this.marked[p] = this.time;
      this.depth[p] = least + 1;
      return;
    }
    for (let d = 0; d < 8; d++) {
      const q = p + (steps[d] ?? 0);
      if (tree[q] !== own) continue;
      const capacity = own === source ? ties[q * 8 + (d ^ 1)] : ties[p * 8 + d];
      if (capacity !== 0) this.activate(q);
      if (parent[q] === (d ^ 1)) this.orphan(q);
    }
    tree[p] = free;
  }

  /** How deep below its terminal a pixel is; infinite below an orphan. Marks the way, so that it is gone once a push. */
  private rooted(q: number): number {
    const { parent, steps, marked, depth } = this;
    let at = q;
    let length = 0;
    while (marked[at] !== this.time || parent[at] === none) {
      if (parent[at] === none) return Number.POSITIVE_INFINITY;
      length++;
      if (parent[at] === terminal) {
        marked[at] = this.time;
        depth[at] = 1;
        length--;
        break;
      }
      at += steps[parent[at] ?? 0] ?? 0;
    }
    const total = length + (depth[at] ?? 0);
    let left = total;
    for (at = q; marked[at] !== this.time; at += steps[parent[at] ?? 0] ?? 0) {
      marked[at] = this.time;
      depth[at] = left--;
    }
    return total;
  }
}
