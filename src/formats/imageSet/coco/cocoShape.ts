import type { Point, Shape } from '../../../core/dataset/shape';
import type { Box } from '../../../core/geometry/box';
import { countsOf } from '../../../core/mask/cocoMask';
import { runsOf } from '../../../core/mask/rle';
import { boxOfRuns } from '../../../core/mask/runsBox';
import type { JsonValue } from '../../../core/text/jsonValue';
import { UserError } from '../../../core/text/userError';
import { isObject, type JsonObject, kindOf } from '../../columns';
import { enclosing } from '../recordNotes';

/**
 * What COCO's `segmentation` draws: polygons as lists of x and y in turn, or runs, compressed or not. A text says what is
 * wrong with it; null where there is nothing to draw.
 */
export function cocoShape(segmentation: JsonValue | undefined): Shape | string | null {
  if (segmentation === undefined || segmentation === null) return null;
  if (isObject(segmentation)) return runsShape(segmentation);
  if (!Array.isArray(segmentation)) return `is ${kindOf(segmentation)}, neither polygons nor runs`;
  const rings: Point[][] = [];
  for (const numbers of segmentation as readonly JsonValue[]) {
    const ring = ringOf(numbers);
    if (ring === null) return 'holds a polygon that is no list of x and y in turn';
    if (ring.length > 0) rings.push(ring);
  }
  return rings.length === 0 ? null : { kind: 'polygons', rings };
}

/** What encloses a shape of `cocoShape`; null for a mask without a pixel. */
export function boxOfCocoShape(shape: Shape): Box | null {
  if (shape.kind === 'polygons') return enclosing(shape.rings.flat());
  return shape.kind === 'mask' ? boxOfRuns(runsOf(shape.mask.counts, shape.mask.size), shape.mask.size[0]) : null;
}

function ringOf(numbers: JsonValue): Point[] | null {
  if (!Array.isArray(numbers) || numbers.length % 2 !== 0) return null;
  const ring: Point[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    const [x, y] = [numbers[i] as JsonValue, numbers[i + 1] as JsonValue];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) return null;
    ring.push({ x, y });
  }
  return ring;
}

function runsShape({ size, counts }: JsonObject): Shape | string {
  const [height, width] = Array.isArray(size) ? (size as readonly JsonValue[]) : [];
  if (typeof height !== 'number' || typeof width !== 'number') return 'has no size [height, width]';
  try {
    const text = Array.isArray(counts) ? countsOf(uncompressed(counts)) : counts;
    if (typeof text !== 'string') return `has counts that are ${kindOf(counts)}`;
    runsOf(text, [height, width]);
    return { kind: 'mask', mask: { size: [height, width], counts: text } };
  } catch (error) {
    if (UserError.is(error)) return `is no mask: ${error.message}`;
    throw error;
  }
}

function uncompressed(counts: readonly JsonValue[]): Uint32Array {
  const runs = new Uint32Array(counts.length);
  counts.forEach((count, at) => {
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 0xffffffff)
      throw new UserError(`run ${at + 1} is no number of pixels.`);
    runs[at] = count;
  });
  return runs;
}
