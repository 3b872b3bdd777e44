interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  readonly weight: number;
  older: Entry<K, V> | null;
  younger: Entry<K, V> | null;
}

/**
 * A map that forgets the entries unused for longest once they weigh more than `capacity` together; without weights that is
 * their number. The order is a list of its own: a map's own order would do, but finding its first key walks over every key
 * deleted since the map was last made anew, thousands of them in a full one.
 */
export class Lru<K, V> {
  private readonly entries = new Map<K, Entry<K, V>>();
  private oldest: Entry<K, V> | null = null;
  private youngest: Entry<K, V> | null = null;
  private total = 0;

  constructor(private readonly capacity: number) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.youngest) {
      this.unlink(entry);
      this.append(entry);
    }
    return entry.value;
  }

  /** Looks without counting as a use. */
  peek(key: K): V | undefined {
    return this.entries.get(key)?.value;
  }

  /** A value heavier than the whole capacity is not kept. */
  set(key: K, value: V, weight = 1): void {
    this.delete(key);
    if (weight > this.capacity) return;
    const entry: Entry<K, V> = { key, value, weight, older: null, younger: null };
    this.entries.set(key, entry);
    this.append(entry);
    this.total += weight;
    while (this.total > this.capacity && this.oldest !== null) this.drop(this.oldest);
  }

  delete(key: K): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) this.drop(entry);
  }

  /** The one unused for longest first. */
  *keys(): Generator<K, void> {
    for (let entry = this.oldest; entry !== null; entry = entry.younger) yield entry.key;
  }

  clear(): void {
    this.entries.clear();
    this.oldest = null;
    this.youngest = null;
    this.total = 0;
  }

  get size(): number {
    return this.entries.size;
  }

  private drop(entry: Entry<K, V>): void {
    this.entries.delete(entry.key);
    this.unlink(entry);
    this.total -= entry.weight;
  }

  private append(entry: Entry<K, V>): void {
    entry.older = this.youngest;
    entry.younger = null;
    if (this.youngest === null) this.oldest = entry;
    else this.youngest.younger = entry;
    this.youngest = entry;
  }

  private unlink({ older, younger }: Entry<K, V>): void {
    if (older === null) this.oldest = younger;
    else older.younger = younger;
    if (younger === null) this.youngest = older;
    else younger.older = older;
  }
}
