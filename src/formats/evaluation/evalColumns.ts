import type { Size } from '../../core/geometry/box';
import { cocoPolygonRuns, unionRuns } from '../../core/mask/cocoPolygon';
import { runsOf } from '../../core/mask/rle';
import type { EvalMask } from '../../core/metric/coco/tables';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import { UserError } from '../../core/text/userError';
import { isObject } from '../columns';

/** An id as a file has it: a number, or a text where it is no number that a double holds. */
export type EvalId = number | string;

export const isId = (value: JsonValue | undefined): value is EvalId =>
  (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.length <= 4096);

/** Numbers in ascending order, those written as text among them; then texts by their letters. */
export function byId(a: EvalId, b: EvalId): number {
  const [first, second] = [wholeOf(a), wholeOf(b)];
  if (first !== null && second !== null) return first < second ? -1 : first > second ? 1 : 0;
  if (first !== null || second !== null) return first !== null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function wholeOf(id: EvalId): number | bigint | null {
  if (typeof id === 'number') return id;
  return /^-?\d{16,40}$/.test(id) ? BigInt(id) : null;
}

/** Problems of one file, the first thousand in words. */
export class EvalProblems {
  readonly list: Problem[] = [];
  count = 0;

  constructor(readonly file: string) {}

  add(element: number | null, field: string | null, message: string): void {
    this.count++;
    if (this.list.length < 1000)
      this.list.push({ severity: 'error', file: this.file, line: null, element, field, message });
  }
}

/** Four finite numbers; null for anything else. */
export function fourNumbers(value: JsonValue | undefined): readonly [number, number, number, number] | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [a, b, c, d] = value as readonly JsonValue[];
  return isNumber(a) && isNumber(b) && isNumber(c) && isNumber(d) ? [a, b, c, d] : null;
}

const isNumber = (value: JsonValue | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

/** More pixels than any image that is annotated; runs count in 32 bits. */
const mostPixels = 2 ** 31;

/** Pixels: hundreds of times round the largest image. Outlines are walked in fifths of one. */
const longestOutline = 2e6;

function outlineLength(ring: readonly number[]): number {
  let length = 0;
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    const [dx, dy] = [(ring[next] ?? 0) - (ring[i] ?? 0), (ring[next + 1] ?? 0) - (ring[i + 1] ?? 0)];
    length += Math.max(Math.abs(dx), Math.abs(dy));
  }
  return length;
}

/**
 * A `segmentation` as runs: polygons drawn as pycocotools draws them, runs as they are. Throws `UserError` for anything else.
 * @param size of the image; needed for polygons, and what runs must have where it is known.
 */
export function segmentationRuns(value: JsonValue | undefined, size: Size | null): EvalMask {
  if (isObject(value)) return ofRuns(value, size);
  if (!Array.isArray(value)) throw new UserError('is neither polygons nor runs');
  if (size === null) throw new UserError('has polygons, but its image states no width and height');
  const rings = (value as readonly JsonValue[]).map((ring) => {
    const numbers = Array.isArray(ring) ? (ring as readonly JsonValue[]) : [];
    if (numbers.length < 6 || numbers.length % 2 === 1 || !numbers.every(isNumber))
      throw new UserError('holds a polygon of fewer than three corners, or of what is no number');
    if (outlineLength(numbers) > longestOutline) throw new UserError('has an outline longer than any image is round');
    return cocoPolygonRuns(numbers, size);
  });
  const runs = rings.length === 0 ? Uint32Array.of(size.width * size.height) : unionRuns(rings);
  return { runs, height: size.height };
}

function ofRuns(value: { readonly [key: string]: JsonValue }, image: Size | null): EvalMask {
  const { size, counts } = value;
  const [height, width] = Array.isArray(size) ? (size as readonly JsonValue[]) : [];
  if (!isSide(height) || !isSide(width) || height * width >= mostPixels) throw new UserError('has no size');
  if (image !== null && (image.height !== height || image.width !== width))
    throw new UserError(`is of ${width} × ${height} pixels, its image of ${image.width} × ${image.height}`);
  if (typeof counts === 'string') return { runs: runsOf(counts, [height, width]), height };
  if (!Array.isArray(counts)) throw new UserError('has no counts');
  const runs = counts as readonly JsonValue[];
  if (!runs.every((run) => typeof run === 'number' && Number.isInteger(run) && run >= 0 && run < mostPixels))
    throw new UserError('has counts that are no whole numbers');
  const whole = runs as readonly number[];
  const sum = whole.reduce((a, b) => a + b, 0);
  if (sum !== height * width) throw new UserError(`has runs of ${sum} pixels in an image of ${height * width}`);
  return { runs: Uint32Array.from(whole), height };
}

const isSide = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;
