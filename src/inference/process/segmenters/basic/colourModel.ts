/** Channels of a pixel. */
const dims = 3;
/** Added to variances, so that a plain surface has some. */
const leastVariance = 6;
const kMeansRounds = 6;

/** One Gaussian: mean, inverse covariance (xx, xy, xz, yy, yz, zz), and the logarithm of weight over root determinant. */
const numbers = 3 + 6 + 1;

/**
 * A mixture of Gaussians with full covariances over colours, as GrabCut has it (Rother, Kolmogorov and Blake 2004): pixels
 * belong to one component each, which is the likeliest.
 */
export class ColourModel {
  private readonly parts: Float64Array;

  constructor(readonly components: number) {
    this.parts = new Float64Array(components * numbers);
  }

  /**
   * Begins with the clusters of k-means, started with colours far from one another; the same pixels give the same model.
   * @param colours three numbers a pixel.
   * @param weights of the pixels, 0 for those that do not count.
   * @returns whether any pixel counted.
   */
  begin(colours: Float32Array, weights: Uint8Array): boolean {
    const members = sampleOf(weights);
    if (members.length === 0) return false;
    const centres = farApart(colours, weights, members, this.components);
    const labels = new Uint8Array(members.length);
    for (let round = 0; round < kMeansRounds; round++) {
      assign(colours, members, centres, labels);
      recentre(colours, weights, members, centres, labels);
    }
    assign(colours, members, centres, labels);
    this.estimate(colours, weights, members, labels);
    return true;
  }

  /**
   * Every pixel goes to its likeliest component, which is estimated anew.
   * @returns whether any pixel counted.
   */
  refine(colours: Float32Array, weights: Uint8Array): boolean {
    const members = sampleOf(weights);
    if (members.length === 0) return false;
    const labels = new Uint8Array(members.length);
    for (let i = 0; i < members.length; i++) labels[i] = this.likeliest(colours, (members[i] ?? 0) * dims);
    this.estimate(colours, weights, members, labels);
    return true;
  }

  /** Logarithm of the density at the colour that begins at `at`, without the constant that all models share. */
  logDensity(colours: Float32Array, at: number): number {
    let best = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let k = 0; k < this.components; k++) {
      const log = this.logOf(k, colours, at);
      if (log > best) {
        sum = sum * Math.exp(best - log) + 1;
        best = log;
      } else if (log > best - 12) sum += Math.exp(log - best);
    }
    return best + Math.log(sum);
  }

  private likeliest(colours: Float32Array, at: number): number {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < this.components; k++) {
      const log = this.logOf(k, colours, at);
      if (log > most) [best, most] = [k, log];
    }
    return best;
  }

  private logOf(k: number, colours: Float32Array, at: number): number {
    const p = this.parts;
    const o = k * numbers;
    const x = (colours[at] ?? 0) - (p[o] ?? 0);
    const y = (colours[at + 1] ?? 0) - (p[o + 1] ?? 0);
    const z = (colours[at + 2] ?? 0) - (p[o + 2] ?? 0);
    const square =
      x * x * (p[o + 3] ?? 0) +
      y * y * (p[o + 6] ?? 0) +
      z * z * (p[o + 8] ?? 0) +
      2 * (x * y * (p[o + 4] ?? 0) + x * z * (p[o + 5] ?? 0) + y * z * (p[o + 7] ?? 0));
    return (p[o + 9] ?? 0) - 0.5 * square;
  }

  private estimate(colours: Float32Array, weights: Uint8Array, members: Int32Array, labels: Uint8Array): void {
    const sums = new Float64Array(this.components * 10);
    let total = 0;
    for (let i = 0; i < members.length; i++) {
      const pixel = members[i] ?? 0;
      const w = weights[pixel] ?? 0;
      const [x, y, z] = [colours[pixel * 3] ?? 0, colours[pixel * 3 + 1] ?? 0, colours[pixel * 3 + 2] ?? 0];
      const o = (labels[i] ?? 0) * 10;
      add(sums, o, w, w * x, w * y, w * z, w * x * x, w * x * y, w * x * z, w * y * y, w * y * z, w * z * z);
      total += w;
    }
    for (let k = 0; k < this.components; k++) this.setPart(k, sums.subarray(k * 10, k * 10 + 10), total);
  }

  private setPart(
    k: number,
    [n = 0, x = 0, y = 0, z = 0, xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0]: Float64Array,
    total: number,
  ) {
    const p = this.parts;
    const o = k * numbers;
    if (n <= 0) {
      p[o + 9] = Number.NEGATIVE_INFINITY;
      return;
    }
    const [mx, my, mz] = [x / n, y / n, z / n];
    const a = xx / n - mx * mx + leastVariance;
    const b = xy / n - mx * my;
    const c = xz / n - mx * mz;
    const d = yy / n - my * my + leastVariance;
    const e = yz / n - my * mz;
    const f = zz / n - mz * mz + leastVariance;
    const determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
    p.set([mx, my, mz, (d * f - e * e) / determinant, (c * e - b * f) / determinant, (b * e - c * d) / determinant], o);
    p.set([(a * f - c * c) / determinant, (b * c - a * e) / determinant, (a * d - b * b) / determinant], o + 6);
    p[o + 9] = Math.log(n / total) - 0.5 * Math.log(determinant);
  }
}

function add(sums: Float64Array, at: number, ...values: number[]): void {
  for (let i = 0; i < values.length; i++) sums[at + i] = (sums[at + i] ?? 0) + (values[i] ?? 0);
}

/** At most so many pixels are looked at, evenly spread: more do not change the model. */
const mostSamples = 6000;

function sampleOf(weights: Uint8Array): Int32Array {
  let count = 0;
  for (const weight of weights) if (weight > 0) count++;
  const every = Math.max(1, Math.ceil(count / mostSamples));
  const members = new Int32Array(Math.ceil(count / every));
  let seen = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!((weights[i] ?? 0) > 0)) continue;
    if (seen % every === 0) members[seen / every] = i;
    seen++;
  }
  return members;
}

/** Colours far from one another: the first is the mean, each next one the farthest from all before. */
function farApart(colours: Float32Array, weights: Uint8Array, members: Int32Array, count: number): Float64Array {
  const centres = new Float64Array(count * dims);
  let total = 0;
  for (const pixel of members) {
    const w = weights[pixel] ?? 0;
    total += w;
    for (let c = 0; c < dims; c++) centres[c] = (centres[c] ?? 0) + w * (colours[pixel * dims + c] ?? 0);
  }
  for (let c = 0; c < dims; c++) centres[c] = (centres[c] ?? 0) / total;
  const nearest = new Float64Array(members.length).fill(Number.POSITIVE_INFINITY);
  for (let k = 1; k < count; k++) {
    let farthest = 0;
    for (let i = 0; i < members.length; i++) {
      const distance = squared(colours, (members[i] ?? 0) * dims, centres, (k - 1) * dims);
      if (distance < (nearest[i] ?? 0)) nearest[i] = distance;
      if ((nearest[i] ?? 0) > (nearest[farthest] ?? 0)) farthest = i;
    }
    for (let c = 0; c < dims; c++) centres[k * dims + c] = colours[(members[farthest] ?? 0) * dims + c] ?? 0;
  }
  return centres;
}

function assign(colours: Float32Array, members: Int32Array, centres: Float64Array, labels: Uint8Array): void {
  for (let i = 0; i < members.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k * dims < centres.length; k++) {
      const distance = squared(colours, (members[i] ?? 0) * dims, centres, k * dims);
      if (distance < least) [least, labels[i]] = [distance, k];
    }
  }
}

function recentre(
  colours: Float32Array,
  weights: Uint8Array,
  members: Int32Array,
  centres: Float64Array,
  labels: Uint8Array,
): void {
  const totals = new Float64Array(centres.length / dims);
  const sums = new Float64Array(centres.length);
  for (let i = 0; i < members.length; i++) {
    const [pixel, k] = [members[i] ?? 0, labels[i] ?? 0];
    const w = weights[pixel] ?? 0;
    totals[k] = (totals[k] ?? 0) + w;
    for (let c = 0; c < dims; c++)
      sums[k * dims + c] = (sums[k * dims + c] ?? 0) + w * (colours[pixel * dims + c] ?? 0);
  }
  for (let i = 0; i < centres.length; i++) {
    const total = totals[Math.floor(i / dims)] ?? 0;
    if (total > 0) centres[i] = (sums[i] ?? 0) / total;
  }
}

function squared(colours: Float32Array, at: number, centres: Float64Array, to: number): number {
  let sum = 0;
  for (let c = 0; c < dims; c++) sum += ((colours[at + c] ?? 0) - (centres[to + c] ?? 0)) ** 2;
  return sum;
}
