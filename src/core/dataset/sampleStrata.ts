import { sampleImages } from './sampleImages';

/**
 * A random sample spread over strata that may overlap (an image with boats and cars is in both): each stratum gives as large a
 * part of itself as every other, and what it gave in common with one before is made up for by the images that are left.
 * @param strata images of each stratum, without repetitions.
 * @param count images wanted; all there are where they are fewer.
 * @returns distinct images, ascending; the same for the same seed.
 */
export function sampleStrata(strata: readonly ArrayLike<number>[], count: number, seed: number): readonly number[] {
  const drawn = new Set<number>();
  for (let round = 0; ; round++) {
    const left = strata.map((images) => Array.from(images).filter((image) => !drawn.has(image)));
    const all = left.flat();
    const places = sampleImages(
      left.map(({ length }) => length),
      count - drawn.size,
      seed + round,
    );
    if (places.length === 0) return [...drawn].sort((a, b) => a - b);
    for (const place of places) drawn.add(all[place] ?? 0);
  }
}
