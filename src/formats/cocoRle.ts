import type { JsonValue } from '../core/text/jsonValue';
import type { LoggedMask } from '../core/trajectory/rollout';
import { isObject, kindOf } from './columns';

/** A mask as a log writes it, or what is wrong with it. */
export type ReadMask = Pick<LoggedMask, 'size' | 'counts'> | string;

/** A larger picture is none that anybody segments; the product stays far below what a mask is drawn with. */
const longestSide = 65_535;

/**
 * A COCO mask `{size: [height, width], counts}` with COCO's compressed string (`maskApi.c`), kept as it is once its runs are
 * known to fill the picture. Uncompressed counts, which no writer of traces uses, are refused.
 */
export function cocoMask(value: JsonValue | undefined): ReadMask {
  if (!isObject(value)) return `is ${kindOf(value)}, not a mask`;
  const { size, counts } = value;
  const [height, width] = Array.isArray(size) ? (size as readonly JsonValue[]) : [];
  if (!isSide(height) || !isSide(width)) return 'has no size [height, width]';
  if (typeof counts !== 'string') return `has counts that are ${kindOf(counts)}, not COCO's compressed string`;
  const filled = runsOf(counts);
  if (filled === null) return 'has counts that are no runs';
  if (filled !== height * width) return `has runs of ${filled} pixels in a picture of ${height * width}`;
  return { size: [height, width], counts };
}

function isSide(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= longestSide;
}

/**
 * Pixels of all runs together; null when the string is torn. Five bits a character from 48 on, 32 for *goes on*, the last one's
 * 16 for the sign; from the fourth run on the difference to the run two before.
 */
function runsOf(counts: string): number | null {
  const before = [0, 0];
  let sum = 0;
  let value = 0;
  let shift = 0;
  let runs = 0;
  for (let i = 0; i < counts.length; i++) {
    const bits = counts.charCodeAt(i) - 48;
    if (bits < 0 || bits > 63 || shift > 30) return null;
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    if ((bits & 16) !== 0) value -= 2 ** shift;
    const run = runs > 2 ? value + (before[runs % 2] ?? 0) : value;
    if (run < 0) return null;
    before[runs % 2] = run;
    sum += run;
    runs++;
    value = 0;
    shift = 0;
  }
  return shift === 0 ? sum : null;
}
