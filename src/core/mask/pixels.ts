/**
 * IoU of two masks of one size, row-major with 0 for what is not in them. Pixels where the second holds 255 count nowhere
 * (ignored, as in RITM's ground truths). Two empty masks are alike: 1.
 */
export function maskIou(mask: Uint8Array, truth: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 255) continue;
    const [a, b] = [mask[i] !== 0, truth[i] === 1];
    if (a && b) both++;
    if (a || b) either++;
  }
  return either === 0 ? 1 : both / either;
}
