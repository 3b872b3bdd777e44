/**
 * Numbers uniform in [0, 1), the same for the same seed on every machine (Marsaglia's xorshift over 32 bits, begun from a mixed
 * seed). Seeds next to each other give numbers that have nothing to do with each other.
 */
export function seededRandom(seed: number): () => number {
  let state = mixed(Math.trunc(seed) % 2 ** 32) || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (mixed(state) >>> 0) / 2 ** 32;
  };
}

/** A permutation of the 32-bit numbers. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
