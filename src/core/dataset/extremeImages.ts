/**
 * Those with the smallest or largest values, the most extreme first; equal ones in the order in which they came. Images without
 * a value (NaN) come last of all and are never taken: nobody knows how hard they are.
 * @param values of each of `images`, in step.
 */
export function extremeImages(
  images: ArrayLike<number>,
  values: ArrayLike<number>,
  count: number,
  end: 'lowest' | 'highest',
): readonly number[] {
  const sign = end === 'lowest' ? 1 : -1;
  const there = Array.from(values, (_, at) => at).filter((at) => !Number.isNaN(values[at]));
  there.sort((a, b) => sign * compare(values[a] ?? 0, values[b] ?? 0) || a - b);
  return there.slice(0, Math.max(0, Math.floor(count))).map((at) => images[at] ?? 0);
}

/** Differences of two infinities would be NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
