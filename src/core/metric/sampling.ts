/**
 * At most `limit` of the numbers 0 … `length` − 1, ascending, the same on every call: those with the smallest hashes, so
 * that no rhythm of the log (every eighth row opens a group) shows in the sample.
 */
export function sampleRows(length: number, limit: number): Uint32Array {
  if (length <= limit) return Uint32Array.from({ length }, (_, row) => row);
  const hashes = Uint32Array.from({ length }, (_, row) => mixed(row));
  // `mixed` is one-to-one, so exactly `limit` of the hashes are below this one.
  const bound = hashes.slice().sort()[limit] ?? 0xffffffff;
  const taken = new Uint32Array(limit);
  let count = 0;
  for (let row = 0; row < length && count < limit; row++) if ((hashes[row] ?? 0) < bound) taken[count++] = row;
  return taken;
}

/** A permutation of the 32-bit numbers (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
