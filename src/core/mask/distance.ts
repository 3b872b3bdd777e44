import type { Size } from '../geometry/box';

/**
 * Squared Euclidean distance of every pixel of a mask to the nearest pixel that is not in it, exactly, in whole pixels
 * squared; 0 outside the mask. What lies beyond the picture is not in the mask, as if it were padded by a pixel of zeros.
 * Meijster, Roerdink and Hesselink, "A general algorithm for computing distance transforms in linear time" (2000).
 * @param mask row-major, one byte a pixel, 0 for what is not in it.
 */
export function squaredDistances(mask: Uint8Array, { width, height }: Size): Uint32Array {
  const up = distancesInColumns(mask, width, height);
  const result = new Uint32Array(width * height);
  // The lower envelope of the row's parabolas: where each begins to be the lowest, and its column. Columns −1 and `width`
  // are the padding, at height 0.
  const begins = new Int32Array(width + 2);
  const column = new Int32Array(width + 2);
  const heights = new Float64Array(width + 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) heights[x + 1] = (up[y * width + x] ?? 0) ** 2;
    let last = 0;
    column[0] = 0;
    begins[0] = 0;
    for (let x = 1; x < width + 2; x++) {
      const own = heights[x] ?? 0;
      while (last >= 0 && at(column[last] ?? 0, begins[last] ?? 0, heights) > at(x, begins[last] ?? 0, heights)) last--;
      if (last < 0) {
        last = 0;
        column[0] = x;
        continue;
      }
      const other = column[last] ?? 0;
      const meet = 1 + Math.floor((x * x - other * other + own - (heights[other] ?? 0)) / (2 * (x - other)));
      if (meet < width + 2) {
        last++;
        column[last] = x;
        begins[last] = meet;
      }
    }
    for (let x = width + 1; x >= 0; x--) {
      if (x >= 1 && x <= width) result[y * width + x - 1] = at(column[last] ?? 0, x, heights);
      if (x === begins[last]) last--;
    }
  }
  return result;
}

const at = (column: number, x: number, heights: Float64Array): number => (x - column) ** 2 + (heights[column] ?? 0);

/** Pixels up or down to the nearest one that is not in the mask. */
function distancesInColumns(mask: Uint8Array, width: number, height: number): Uint32Array {
  const distances = new Uint32Array(width * height);
  for (let x = 0; x < width; x++) {
    let run = 0;
    for (let i = x; i < width * height; i += width) {
      run = mask[i] === 0 ? 0 : run + 1;
      distances[i] = run;
    }
    run = 0;
    for (let i = (height - 1) * width + x; i >= 0; i -= width) {
      run = mask[i] === 0 ? 0 : run + 1;
      if (run < (distances[i] ?? 0)) distances[i] = run;
    }
  }
  return distances;
}
