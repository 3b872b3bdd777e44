import { bitCount } from './differenceHash';

/** Bits that hashes of one picture differ in at most, once it was scaled or encoded again. */
export const nearDistance = 6;

const bands = 4;
const bandBits = 16;
/** Comparisons between two chances for the caller to do something else: a few milliseconds. */
const breath = 100_000;

/**
 * Groups hashes that are alike directly or through others: the connected parts of the graph whose edges join hashes within a
 * Hamming distance. Yields every few milliseconds, so that a caller can spread the work; 100,000 hashes take seconds.
 *
 * Of hashes that differ in at most `distance` of 64 bits, one of four bands of 16 differs in at most a quarter of them
 * (multi-index hashing, Norouzi et al. 2012): only hashes that share so much of a band are compared.
 *
 * @param hashes `high` and `low` of each hash in turn, as `DifferenceHash`.
 * @returns by hash the number of its group, 0 where it is alone; group 1 is the largest, equal ones in the order of the hashes.
 */
export function* nearDuplicates(hashes: Uint32Array, distance: number): Generator<void, Uint32Array> {
  const parts = new Parts(hashes.length / 2);
  const unique = uniqueHashes(hashes, parts);
  const flips = flipsOf(Math.floor(distance / bands));
  let work = 0;
  for (let band = 0; band < bands; band++) {
    const keys = Uint16Array.from(unique, (at) => bandOf(hashes[2 * at] ?? 0, hashes[2 * at + 1] ?? 0, band));
    const { starts, order } = byKey(keys);
    yield;
    for (let i = 0; i < unique.length; i++) {
      const own = unique[i] ?? 0;
      const [high, low] = [hashes[2 * own] ?? 0, hashes[2 * own + 1] ?? 0];
      for (const flip of flips) {
        const key = (keys[i] ?? 0) ^ flip;
        const end = starts[key + 1] ?? 0;
        for (let place = starts[key] ?? 0; place < end; place++) {
          const other = order[place] ?? 0;
          if (other <= i) continue;
          work++;
          const at = unique[other] ?? 0;
          const far = bitCount(high ^ (hashes[2 * at] ?? 0)) + bitCount(low ^ (hashes[2 * at + 1] ?? 0));
          if (far <= distance) parts.join(own, at);
        }
      }
      work += flips.length;
      if (work > breath) {
        work = 0;
        yield;
      }
    }
  }
  return parts.numbered();
}

/** One place of each distinct hash; the others are joined to it. */
function uniqueHashes(hashes: Uint32Array, parts: Parts): Uint32Array {
  const first = new Map<bigint, number>();
  for (let at = 0; at < hashes.length / 2; at++) {
    const key = (BigInt(hashes[2 * at] ?? 0) << 32n) | BigInt(hashes[2 * at + 1] ?? 0);
    const before = first.get(key);
    if (before === undefined) first.set(key, at);
    else parts.join(before, at);
  }
  return Uint32Array.from(first.values());
}

/** Two bits of every row of the hash, each band those of other columns by turns: a plain margin fills no band alone. */
function bandOf(high: number, low: number, band: number): number {
  let key = 0;
  for (let row = 0; row < 8; row++) {
    const bits = ((row < 4 ? high : low) >>> (24 - 8 * (row & 3))) & 0xff;
    const column = (row + band) & 3;
    key = (key << 2) | (((bits >>> column) & 1) << 1) | ((bits >>> (column + 4)) & 1);
  }
  return key;
}

/** Every way to flip at most `most` bits of a band, none among them. */
function flipsOf(most: number): readonly number[] {
  let latest = [0];
  const all = new Set(latest);
  for (let flipped = 0; flipped < Math.min(most, bandBits); flipped++) {
    latest = latest.flatMap((flip) => Array.from({ length: bandBits }, (_, bit) => flip ^ (1 << bit)));
    latest = latest.filter((flip) => !all.has(flip));
    for (const flip of latest) all.add(flip);
  }
  return [...all];
}

/** Places by key: those of `key` are `order[starts[key]]` to before `order[starts[key + 1]]`. */
function byKey(keys: Uint16Array): { readonly starts: Uint32Array; readonly order: Uint32Array } {
  const starts = new Uint32Array(2 ** bandBits + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 0; key < 2 ** bandBits; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const next = starts.slice();
  const order = new Uint32Array(keys.length);
  keys.forEach((key, at) => {
    const place = next[key] ?? 0;
    order[place] = at;
    next[key] = place + 1;
  });
  return { starts, order };
}

/** Disjoint sets (union by the smaller place, with path halving). */
class Parts {
  private readonly parents: Uint32Array;

  constructor(length: number) {
    this.parents = Uint32Array.from({ length }, (_, at) => at);
  }

  join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)];
    if (one !== other) this.parents[Math.max(one, other)] = Math.min(one, other);
  }

  /** Numbers of sets that have more than one member, the largest first; 0 for the others. */
  numbered(): Uint32Array {
    const roots = this.parents.map((_, at) => this.root(at));
    const sizes = new Uint32Array(roots.length);
    for (const root of roots) sizes[root] = (sizes[root] ?? 0) + 1;
    const groups = [...sizes.keys()].filter((root) => (sizes[root] ?? 0) > 1);
    groups.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
    const numbers = new Uint32Array(roots.length);
    groups.forEach((root, at) => {
      numbers[root] = at + 1;
    });
    return roots.map((root) => numbers[root] ?? 0);
  }

  private root(of: number): number {
    let at = of;
    for (;;) {
      const parent = this.parents[at] ?? at;
      if (parent === at) return at;
      const above = this.parents[parent] ?? parent;
      this.parents[at] = above;
      at = above;
    }
  }
}
