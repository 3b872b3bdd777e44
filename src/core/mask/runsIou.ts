/** Pixels of two masks of one size. */
export interface RunsOverlap {
  readonly both: number;
  readonly a: number;
  readonly b: number;
}

/** What two masks of one size share, from their runs (`runsOf`), without a picture of either. */
export function runsOverlap(a: Uint32Array, b: Uint32Array): RunsOverlap {
  const sum = { both: 0, a: 0, b: 0 };
  let [i, j] = [0, 0];
  let [leftA, leftB] = [a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const part = Math.min(leftA, leftB);
    const [inA, inB] = [i % 2 === 1, j % 2 === 1];
    if (inA && inB) sum.both += part;
    if (inA) sum.a += part;
    if (inB) sum.b += part;
    leftA -= part;
    leftB -= part;
    if (leftA === 0) leftA = a[++i] ?? 0;
    if (leftB === 0) leftB = b[++j] ?? 0;
  }
  return sum;
}

/** IoU of two masks of one size from their runs. Two empty masks are alike: 1. */
export function runsIou(one: Uint32Array, other: Uint32Array): number {
  const { both, a, b } = runsOverlap(one, other);
  const either = a + b - both;
  return either === 0 ? 1 : both / either;
}
