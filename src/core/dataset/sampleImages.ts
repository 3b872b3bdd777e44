import { seededRandom } from '../collections/seededRandom';

/**
 * A random sample of what is listed, spread over its sections: each gives as large a part of itself as every other, to the
 * image (largest remainder, Hamilton's method). With one section it is a simple random sample.
 * @param sections lengths of the sections, in order.
 * @param count images wanted; all there are where they are fewer.
 * @returns places in the list, ascending; the same for the same seed.
 */
export function sampleImages(sections: readonly number[], count: number, seed: number): readonly number[] {
  const total = sections.reduce((sum, length) => sum + length, 0);
  const wanted = Math.max(0, Math.min(Math.floor(count), total));
  const shares = sections.map((length) => (total === 0 ? 0 : (length * wanted) / total));
  const parts = shares.map(Math.floor);
  const left = wanted - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = [...shares.keys()].sort((a, b) => rest(shares[b]) - rest(shares[a]) || a - b);
  for (const at of byRemainder.slice(0, left)) parts[at] = (parts[at] ?? 0) + 1;
  const random = seededRandom(seed);
  const places: number[] = [];
  let start = 0;
  for (const [i, length] of sections.entries()) {
    for (const at of drawn(length, parts[i] ?? 0, random)) places.push(start + at);
    start += length;
  }
  return places;
}

const rest = (share = 0): number => share - Math.floor(share);

/** `count` of the numbers 0 … `length` − 1, ascending, each set as likely as any other (Knuth's algorithm S). */
function drawn(length: number, count: number, random: () => number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < length && found.length < count; at++)
    if (random() * (length - at) < count - found.length) found.push(at);
  return found;
}
