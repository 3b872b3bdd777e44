/** 64 bits in two halves, unsigned; bit 31 of `high` is the upper left one, rows follow each other. */
export type DifferenceHash = readonly [high: number, low: number];

/** Pixels of the picture that a hash is made of: one column more than the hash has. */
export const hashedSize = { width: 9, height: 8 } as const;

/**
 * Difference hash (dHash, Krawetz 2013): a bit is 1 where a pixel is darker than its right neighbour. It tells what a picture
 * shows, not how it is encoded, scaled or lit.
 * @param grey the image scaled to `hashedSize`, row by row.
 */
export function differenceHash(grey: ArrayLike<number>): DifferenceHash {
  const halves = [0, 0];
  for (let bit = 0; bit < 64; bit++) {
    const at = (bit >> 3) * hashedSize.width + (bit & 7);
    if ((grey[at] ?? 0) < (grey[at + 1] ?? 0)) halves[bit >> 5] = (halves[bit >> 5] ?? 0) | (1 << (31 - (bit & 31)));
  }
  return [(halves[0] ?? 0) >>> 0, (halves[1] ?? 0) >>> 0];
}

/** Bits in which two hashes differ. */
export function hashDistance([a, b]: DifferenceHash, [c, d]: DifferenceHash): number {
  return bitCount(a ^ c) + bitCount(b ^ d);
}

/** Ones among the 32 bits of an integer. */
export function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}
