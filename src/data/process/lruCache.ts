interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  readonly weight: number;
  older: Entry<K, V> | null;
  younger: Entry<K, V> | null;
}

/**
 * Keeps the values used last, up to a total weight. The order is a list of its own: a map's own order would do, but finding
 * its first key walks over every key deleted since the map was last made anew, thousands of them under a full budget.
 */
export class LruCache<K, V> {
  private readonly entries = new Map<K, Entry<K, V>>();
  private oldest: Entry<K, V> | null = null;
  private youngest: Entry<K, V> | null = null;
  private total = 0;

  constructor(private readonly budget: number) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.youngest) {
      this.unlink(entry);
      this.append(entry);
    }
    return entry.value;
  }

  /** A value heavier than the whole budget is not kept. */
  set(key: K, value: V, weight: number): void {
    const known = this.entries.get(key);
    if (known !== undefined) this.drop(known);
    if (weight > this.budget) return;
    const entry: Entry<K, V> = { key, value, weight, older: null, younger: null };
    this.entries.set(key, entry);
    this.append(entry);
    this.total += weight;
    while (this.total > this.budget && this.oldest !== null) this.drop(this.oldest);
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
