/** Bins along each side of the map of where a policy looked. */
export const lookBins = 24;

/** Counts of region centres over the unit square, row by row from the top left. */
export interface LookMap {
  /** lookBins × lookBins. */
  readonly counts: Uint32Array;
  /** Centres in `counts`. */
  readonly centres: number;
  /** Centres beyond the image's border: in no bin. */
  readonly outside: number;
}

/** Bins centres relative to their images, 0–1, x to the right and y down, as pairs. */
export function binCentres(centres: readonly (readonly [x: number, y: number])[]): LookMap {
  const counts = new Uint32Array(lookBins * lookBins);
  let outside = 0;
  for (const [x, y] of centres) {
    // The far border belongs to the last bin; NaN is in none.
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
      outside++;
      continue;
    }
    const column = Math.min(lookBins - 1, Math.floor(x * lookBins));
    const line = Math.min(lookBins - 1, Math.floor(y * lookBins));
    const at = line * lookBins + column;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { counts, centres: centres.length - outside, outside };
}
