/** The shares of a distribution that the overview draws. */
export const bandShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/**
 * The quantile of the ascending values [from, to), 0 ≤ `share` ≤ 1, interpolated linearly between neighbours: numpy's
 * default method, rounding included. NaN when there is none.
 */
export function quantile(sorted: ArrayLike<number>, share: number, from = 0, to = sorted.length): number {
  const last = to - from - 1;
  if (last < 0) return Number.NaN;
  const place = last * share;
  const below = Math.floor(place);
  const low = sorted[from + below] ?? Number.NaN;
  const high = sorted[from + Math.min(below + 1, last)] ?? Number.NaN;
  const way = place - below;
  // From whichever end is nearer, as numpy does, so that the ends are hit exactly.
  return way < 0.5 ? low + (high - low) * way : high - (high - low) * (1 - way);
}
