/** The place of each id, numbers by hashing their bits: a map of a million of them takes four times the memory and time. */
export class IdIndex {
  private keys = new Float64Array(1024);
  private places = new Int32Array(1024).fill(-1);
  private count = 0;
  private readonly texts = new Map<string, number>();
  private readonly number = new Float64Array(1);
  private readonly words = new Uint32Array(this.number.buffer);

  /** Notes an id that is new; answers the place it has already otherwise, or −1. */
  add(id: number | string, place: number): number {
    if (typeof id === 'string') {
      const known = this.texts.get(id) ?? -1;
      if (known < 0) this.texts.set(id, place);
      return known;
    }
    if (this.count * 2 > this.keys.length) this.grow();
    const at = this.slot(id);
    const known = this.places[at] ?? -1;
    if (known >= 0) return known;
    this.keys[at] = id;
    this.places[at] = place;
    this.count++;
    return -1;
  }

  /** −1 for one that is not there. */
  find(id: number | string): number {
    return typeof id === 'string' ? (this.texts.get(id) ?? -1) : (this.places[this.slot(id)] ?? -1);
  }

  /** Where the number is, or would be. */
  private slot(id: number): number {
    const { keys, places, number, words } = this;
    const mask = keys.length - 1;
    // −0 and 0 are one number.
    number[0] = id + 0;
    let hash = Math.imul(words[0] ?? 0, 0x9e3779b1) ^ Math.imul(words[1] ?? 0, 0x85ebca6b);
    hash ^= hash >>> 15;
    let at = Math.imul(hash, 0x2c1b3c6d) >>> 7;
    for (at &= mask; (places[at] ?? -1) >= 0 && keys[at] !== id; at = (at + 1) & mask);
    return at;
  }

  private grow(): void {
    const { keys, places } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.places = new Int32Array(places.length * 2).fill(-1);
    for (let at = 0; at < keys.length; at++) {
      const place = places[at] ?? -1;
      if (place < 0) continue;
      const to = this.slot(keys[at] ?? 0);
      this.keys[to] = keys[at] ?? 0;
      this.places[to] = place;
    }
  }
}
