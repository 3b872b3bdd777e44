/** One bit a row. Grows by doubling; rows never written are 0. */
export class Bits {
  private words = new Uint32Array(32);

  has(row: number): boolean {
    return ((this.words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  set(row: number): void {
    const word = row >>> 5;
    if (word >= this.words.length) {
      const bigger = new Uint32Array(Math.max(word + 1, this.words.length * 2));
      bigger.set(this.words);
      this.words = bigger;
    }
    this.words[word] = (this.words[word] ?? 0) | (1 << (row & 31));
  }

  /** A copy in words of 32 rows, exactly as many as `rows` need. */
  toWords(rows: number): Uint32Array {
    const words = new Uint32Array((rows + 31) >>> 5);
    words.set(this.words.subarray(0, words.length));
    const spare = rows & 31;
    const last = words.length - 1;
    if (spare !== 0) words[last] = (words[last] ?? 0) & (2 ** spare - 1);
    return words;
  }
}
