/**
 * IoU of two masks of one size from their runs (`runsOf`), without a picture of either. Two empty masks are alike: 1.
 */
export function runsIou(a: Uint32Array, b: Uint32Array): number {
  let both = 0;
  let either = 0;
  let [i, j] = [0, 0];
  let [leftA, leftB] = [a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const part = Math.min(leftA, leftB);
    const [inA, inB] = [i % 2 === 1, j % 2 === 1];
    if (inA && inB) both += part;
    if (inA || inB) either += part;
    leftA -= part;
    leftB -= part;
    if (leftA === 0) leftA = a[++i] ?? 0;
    if (leftB === 0) leftB = b[++j] ?? 0;
  }
  return either === 0 ? 1 : both / either;
}
