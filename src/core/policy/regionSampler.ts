import type { Box, Size } from '../geometry/box';
import { iou } from '../geometry/box';

/** How much every cell of a picture stands out, row by row; values of at least 0. */
export interface SaliencyMap extends Size {
  readonly values: Float32Array;
}

export interface SampledRegion {
  /** Corners relative to the picture's sides, 0–1. */
  readonly box: Box;
  /** Share of all excess saliency that lies in it, 0–1. */
  readonly share: number;
}

export interface RegionSampling {
  /** At most. */
  readonly regions: number;
  /** 0 takes the best window every time. */
  readonly temperature: number;
}

/** Sides of windows relative to the picture's: between 4 % and 16 % of its area, well inside ACTIVE-O3's 1 % to 50 %. */
const sides: readonly (readonly [width: number, height: number])[] = [
  [0.2, 0.2],
  [0.28, 0.28],
  [0.36, 0.36],
  [0.4, 0.28],
  [0.28, 0.4],
  [0.4, 0.4],
];
/** Windows begin at multiples of this part of the picture's sides. */
const stride = 1 / 40;
/** Regions of one sample share less than this: ACTIVE-O3 allows an IoU of 0.3. */
const mostOverlap = 0.05;
/** A further region must hold at least this part of what the first one holds. */
const leastShare = 0.2;
/** A map that is nowhere above this is of a picture in which nothing stands out. */
const leastPeak = 0.1;
/** Of the exponent by which better windows are likelier, at temperature 1. */
const sharpness = 10;

interface Window {
  readonly box: Box;
  readonly area: number;
}

/**
 * Draws regions one after the other: a window is the likelier the more it holds of what stands out above the picture's mean, for
 * its size. What a region holds no longer counts for the next, and regions hardly overlap.
 * @param random uniform in [0, 1).
 */
export function sampleRegions(
  map: SaliencyMap,
  options: RegionSampling,
  random: () => number,
): readonly SampledRegion[] {
  let left = excess(map);
  const total = left.reduce((a, b) => a + b, 0);
  if (!(total > 0) || left.every((value) => value < leastPeak)) return [];
  const drawn: SampledRegion[] = [];
  let free: readonly Window[] = windows();
  while (drawn.length < options.regions && free.length > 0) {
    const sums = integral(left, map);
    const scores = free.map(({ box, area }) => sumIn(sums, map, box) / Math.sqrt(area));
    const window = free[draw(scores, options.temperature, random)];
    if (window === undefined) break;
    const share = sumIn(sums, map, window.box) / total;
    const [first] = drawn;
    if (first !== undefined && share < leastShare * first.share) break;
    drawn.push({ box: window.box, share });
    left = without(left, map, window.box);
    free = free.filter(({ box }) => iou(box, window.box) <= mostOverlap);
  }
  return drawn;
}

function windows(): readonly Window[] {
  const found: Window[] = [];
  for (const [width, height] of sides)
    for (let y = 0; y + height <= 1 + stride / 2; y += stride)
      for (let x = 0; x + width <= 1 + stride / 2; x += stride) {
        const box = { x1: x, y1: y, x2: Math.min(1, x + width), y2: Math.min(1, y + height) };
        found.push({ box, area: width * height });
      }
  return found;
}

/** What is above the mean. */
function excess({ values }: SaliencyMap): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return Float64Array.from(values, (value) => Math.max(0, value - mean));
}

/** Sums over everything above and left of each corner of cells: (width + 1) × (height + 1). */
function integral(values: Float64Array, { width, height }: Size): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = row + (sums[y * (width + 1) + x + 1] ?? 0);
    }
  }
  return sums;
}

function cellsOf({ x1, y1, x2, y2 }: Box, { width, height }: Size) {
  const whole = (value: number, side: number) => Math.round(Math.min(1, Math.max(0, value)) * side);
  return { left: whole(x1, width), top: whole(y1, height), right: whole(x2, width), bottom: whole(y2, height) };
}

function sumIn(sums: Float64Array, map: Size, box: Box): number {
  const { left, top, right, bottom } = cellsOf(box, map);
  const at = (x: number, y: number) => sums[y * (map.width + 1) + x] ?? 0;
  return Math.max(0, at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top));
}

function without(values: Float64Array, map: Size, box: Box): Float64Array {
  const { left, top, right, bottom } = cellsOf(box, map);
  const rest = values.slice();
  for (let y = top; y < bottom; y++) rest.fill(0, y * map.width + left, y * map.width + right);
  return rest;
}

/** Index drawn with a probability that grows with the score; −1 where no score is above 0. */
function draw(scores: readonly number[], temperature: number, random: () => number): number {
  const best = scores.reduce((a, b) => Math.max(a, b), 0);
  if (best <= 0) return -1;
  if (temperature <= 0) return scores.indexOf(best);
  const weights = scores.map((score) => (score / best) ** (sharpness / temperature));
  let at = random() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    at -= weight;
    if (at < 0) return i;
  }
  return scores.indexOf(best);
}
