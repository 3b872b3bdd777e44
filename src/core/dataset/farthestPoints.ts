import { seededRandom } from '../collections/seededRandom';

/** `cosine`: 1 − cosine of the angle. `L2`: Euclidean distance. */
export const pointMetrics = ['cosine', 'L2'] as const;
export type PointMetric = (typeof pointMetrics)[number];

/** Vectors of equal length, one after another. */
export interface Points {
  readonly dimensions: number;
  readonly data: Float32Array;
}

/**
 * Farthest-point sampling, the greedy 2-approximation of k-centre (Gonzalez 1985; as core-set selection, Sener and Savarese 2018):
 * the first point is drawn by the seed, each next one is the farthest from all chosen before; of equally far ones the first.
 * O(points × count × dimensions). A generator, so that it can be stopped and can tell how far it is: it yields after every
 * point it chose, and within a pass after every few thousand it looked at.
 * @param rows which vectors of `points` take part, in order. With cosine, one of length 0 has no direction: leave it out.
 * @returns places in `rows`, in the order in which they were chosen; fewer than `count` where all others lie on chosen ones.
 */
export function* farthestPoints(
  { dimensions, data }: Points,
  rows: Uint32Array,
  count: number,
  seed: number,
  metric: PointMetric,
): Generator<number, Uint32Array> {
  const wanted = Math.max(0, Math.min(Math.floor(count), rows.length));
  const chosen = new Uint32Array(wanted);
  if (wanted === 0) return chosen;
  const scales = metric === 'cosine' ? inverseLengths(data, rows, dimensions) : null;
  const nearest = new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY);
  let next = Math.floor(seededRandom(seed)() * rows.length);
  for (let at = 0; at < wanted; at++) {
    chosen[at] = next;
    // A chosen point is not chosen again, whatever its rounding says.
    nearest[next] = -1;
    if (at + 1 === wanted) break;
    const from = (rows[next] ?? 0) * dimensions;
    const fromScale = scales?.[next] ?? 1;
    let [far, most] = [-1, smallest(metric)];
    for (let place = 0; place < rows.length; place++) {
      if (place % stretch === stretch - 1) yield at;
      const before = nearest[place] ?? -1;
      if (before < 0) continue;
      const to = (rows[place] ?? 0) * dimensions;
      const distance =
        scales === null
          ? squared(data, from, to, dimensions, before)
          : 1 - dot(data, from, to, dimensions) * fromScale * (scales[place] ?? 0);
      const least = distance < before ? Math.max(0, distance) : before;
      nearest[place] = least;
      if (least > most) [far, most] = [place, least];
    }
    if (far < 0) return chosen.slice(0, at + 1);
    next = far;
    yield at + 1;
  }
  return chosen;
}

/** Points looked at between two chances to stop. */
const stretch = 4096;

/** What counts as no distance: two equal vectors have a cosine of one but for rounding. */
const smallest = (metric: PointMetric): number => (metric === 'cosine' ? 1e-12 : 0);

/** Stops early where the sum is past `enough`: it would change nothing. */
function squared(data: Float32Array, a: number, b: number, dimensions: number, enough: number): number {
  let sum = 0;
  for (let i = 0; i < dimensions; ) {
    const end = Math.min(dimensions, i + 64);
    for (; i < end; i++) {
      const difference = (data[a + i] ?? 0) - (data[b + i] ?? 0);
      sum += difference * difference;
    }
    if (sum >= enough) return sum;
  }
  return sum;
}

function dot(data: Float32Array, a: number, b: number, dimensions: number): number {
  let sum = 0;
  for (let i = 0; i < dimensions; i++) sum += (data[a + i] ?? 0) * (data[b + i] ?? 0);
  return sum;
}

function inverseLengths(data: Float32Array, rows: Uint32Array, dimensions: number): Float64Array {
  return Float64Array.from(rows, (row) => {
    const at = row * dimensions;
    return 1 / Math.sqrt(dot(data, at, at, dimensions));
  });
}
