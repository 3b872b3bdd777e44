import type { WorkPicture } from './workPicture';

/** How much farther a step is for each of 255 grey levels that colours change on it. */
const perChange = 48 / 255;
const farAway = 1e6;
/** Each round sweeps down and up; a third one changes distances hardly anywhere. */
const rounds = 2;
const diagonal = Math.SQRT2;

/**
 * Length of the shortest path from each pixel to one of the seeds, where a step is the longer the more the colour changes on
 * it: small within a surface, large beyond its border. Raster sweeps over eight neighbours.
 * @param seed value of `known` from which distances count.
 */
export function geodesicDistances(
  { colours, width, height }: WorkPicture,
  known: Uint8Array,
  seed: number,
): Float32Array {
  const distances = new Float32Array(width * height).fill(farAway);
  for (let i = 0; i < distances.length; i++) if (known[i] === seed) distances[i] = 0;
  const relax = (p: number, q: number, length: number) => {
    const red = (colours[p * 3] ?? 0) - (colours[q * 3] ?? 0);
    const green = (colours[p * 3 + 1] ?? 0) - (colours[q * 3 + 1] ?? 0);
    const blue = (colours[p * 3 + 2] ?? 0) - (colours[q * 3 + 2] ?? 0);
    const step = 1 + perChange * Math.sqrt(red * red + green * green + blue * blue);
    const through = (distances[q] ?? 0) + length * step;
    if (through < (distances[p] ?? 0)) distances[p] = through;
  };
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const p = y * width + x;
        if (x > 0) relax(p, p - 1, 1);
        if (y === 0) continue;
        relax(p, p - width, 1);
        if (x > 0) relax(p, p - width - 1, diagonal);
        if (x < width - 1) relax(p, p - width + 1, diagonal);
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const p = y * width + x;
        if (x < width - 1) relax(p, p + 1, 1);
        if (y === height - 1) continue;
        relax(p, p + width, 1);
        if (x < width - 1) relax(p, p + width + 1, diagonal);
        if (x > 0) relax(p, p + width - 1, diagonal);
      }
    }
  }
  return distances;
}
