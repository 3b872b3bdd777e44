/** Numbers along a line from 0 to 1, with as many bars on it: where a threshold is dragged. */
export interface ValueAxis {
  readonly kind: 'linear' | 'logarithmic';
  readonly min: number;
  readonly max: number;
  /** 0 to 1; what is beyond an end, infinities too, is at it. */
  readonly place: (value: number) => number;
  /** The value at a place, rounded as far as a thousandth of the line allows. */
  readonly value: (place: number) => number;
}

/** From this ratio of the largest to the smallest on, equal steps are equal factors. */
const wide = 200;
const steps = 1000;

/** @param sorted ascending, without NaN. */
export function valueAxis(sorted: Float64Array): ValueAxis {
  const first = sorted.find((value) => Number.isFinite(value)) ?? 0;
  const last = sorted.findLast((value) => Number.isFinite(value)) ?? 0;
  const logarithmic = first > 0 && last / first > wide;
  const [along, back] = logarithmic ? [Math.log10, (x: number) => 10 ** x] : [(x: number) => x, (x: number) => x];
  const [from, to] = [along(first), along(last)];
  return {
    kind: logarithmic ? 'logarithmic' : 'linear',
    min: first,
    max: last,
    place(value) {
      if (value <= first) return 0;
      if (value >= last) return 1;
      return to > from ? (along(value) - from) / (to - from) : 0;
    },
    value(place) {
      if (place <= 0) return first;
      if (place >= 1) return last;
      const at = back(from + place * (to - from));
      return rounded(at, logarithmic ? at / 100 : (last - first) / steps);
    },
  };
}

/** A number with no more digits than steps of `step` need. */
function rounded(value: number, step: number): number {
  if (!(step > 0)) return value;
  const unit = 10 ** Math.floor(Math.log10(step));
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}

/** How many of the values are in each of so many equal stretches of the axis. */
export function barsAlong(axis: ValueAxis, sorted: Float64Array, bars: number): Uint32Array {
  const counts = new Uint32Array(bars);
  for (const value of sorted) {
    const bar = Math.min(bars - 1, Math.floor(axis.place(value) * bars));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts;
}

/** How many of the values are below a threshold; with `also`, those at it too. */
export function countBelow(sorted: Float64Array, threshold: number, also = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (value < threshold || (also && value === threshold)) low = middle + 1;
    else high = middle;
  }
  return low;
}
