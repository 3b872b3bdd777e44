/** Each value is a bucket of its own up to so many distinct ones; more are put into about as many ranges. */
const fewValues = 12;
const ranges = 8;
/** From this ratio of the largest to the smallest on, ranges grow by a factor. */
const wide = 200;

/** Rows by ranges of their numbers: index into `titles`, −1 for NaN. */
export function bucketed(values: ArrayLike<number>): {
  readonly codes: Int32Array;
  readonly titles: readonly string[];
} {
  const few = distinct(values);
  const edges = few ?? edgesOf(values);
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    codes[row] = Number.isNaN(value) ? -1 : few === null ? bucketOf(value, edges) : few.indexOf(value);
  }
  if (few !== null) return { codes, titles: few.map(String) };
  const titles = edges.slice(1).map((edge, at) => `${shown(edges[at] ?? 0)} – ${shown(edge)}`);
  return { codes, titles };
}

/** Ascending; null when there are more than a few. */
function distinct(values: ArrayLike<number>): readonly number[] | null {
  const found = new Set<number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) found.add(value);
    if (found.size > fewValues) return null;
  }
  return [...found].sort((a, b) => a - b);
}

/** Round numbers from below the smallest finite value to above the largest. */
function edgesOf(values: ArrayLike<number>): readonly number[] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > 0 && max / min > wide) return powers(min, max);
  const step = roundStep((max - min) / ranges);
  const first = Math.floor(min / step);
  const last = Math.floor(max / step) + 1;
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function powers(min: number, max: number): readonly number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.floor(Math.log10(max)) + 1];
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** 1, 2 or 5 times a power of ten, not below `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * power >= step) ?? 10;
  return factor * power;
}

/** The last edge at or below the value; what is not finite is in the first or the last range. */
function bucketOf(value: number, edges: readonly number[]): number {
  let at = 0;
  while (at < edges.length - 2 && value >= (edges[at + 1] ?? Number.POSITIVE_INFINITY)) at++;
  return at;
}

const shown = (edge: number): string => String(edge);
