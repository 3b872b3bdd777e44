/** A mask of `rows` rows without any. */
export function emptyMask(rows: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array((rows + 31) >>> 5);
}

/** Of a table of so many rows. */
export function maskOf(members: Iterable<number>, rows: number): Uint32Array<ArrayBuffer> {
  const mask = emptyMask(rows);
  for (const row of members) mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  return mask;
}

/** Rows of both; `into` is written to. */
export function intersect(into: Uint32Array, other: Uint32Array): Uint32Array {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) & (other[word] ?? 0);
  return into;
}

export function inMask(mask: Uint32Array | null, row: number): boolean {
  return mask === null || ((mask[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
}

/** Calls `visit` for each row of the mask, or each row there is, in ascending order. */
export function forEachRow(mask: Uint32Array | null, rows: number, visit: (row: number) => void): void {
  if (mask === null) {
    for (let row = 0; row < rows; row++) visit(row);
    return;
  }
  for (let word = 0; word < mask.length; word++) {
    for (let bits = mask[word] ?? 0; bits !== 0; bits &= bits - 1) visit((word << 5) + 31 - Math.clz32(bits & -bits));
  }
}
