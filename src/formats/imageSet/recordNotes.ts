import type { Point } from '../../core/dataset/shape';
import { type Box, isInside, type Size } from '../../core/geometry/box';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import { kindOf } from '../columns';
import { crossesItself } from './crossing';

/** Pixels a shape may reach over the border without a word: annotators round. */
const tolerance = 1;

/** Collects what is wrong with one record while its shapes are read. What has no place is left out, everything else stays as written. */
export class RecordNotes {
  readonly problems: Problem[] = [];

  constructor(
    private readonly file: string,
    private readonly line: number | null = null,
  ) {}

  error(field: string | null, message: string, element: number | null = null): null {
    this.problems.push({ severity: 'error', file: this.file, line: this.line, element, field, message });
    return null;
  }

  warn(field: string | null, message: string, element: number | null = null): void {
    this.problems.push({ severity: 'warning', file: this.file, line: this.line, element, field, message });
  }

  /** The numbers of a list of exactly `count`; null with a problem for anything else, NaN and infinities among it. */
  numbers(value: JsonValue | undefined, count: number, field: string, element: number | null): number[] | null {
    if (!Array.isArray(value))
      return this.error(field, `"${field}" is ${kindOf(value)}, not ${count} numbers`, element);
    const list = value as readonly JsonValue[];
    if (list.length !== count)
      return this.error(field, `"${field}" holds ${list.length} values, not ${count}`, element);
    return this.finite(list, field, element);
  }

  /** Every element as a number; null with a problem where one is none. */
  finite(list: readonly JsonValue[], field: string, element: number | null): number[] | null {
    const numbers: number[] = [];
    for (const one of list) {
      if (typeof one !== 'number')
        return this.error(field, `"${field}" holds ${kindOf(one)} among its numbers`, element);
      if (!Number.isFinite(one)) return this.error(field, `"${field}" holds ${one}`, element);
      numbers.push(one);
    }
    return numbers;
  }

  /** Points of a list of [x, y]; null with a problem where one is none. */
  points(value: JsonValue | undefined, field: string, element: number | null): Point[] | null {
    if (!Array.isArray(value))
      return this.error(field, `"${field}" is ${kindOf(value)}, not a list of points`, element);
    const points: Point[] = [];
    for (const pair of value as readonly JsonValue[]) {
      const numbers = this.numbers(pair, 2, field, element);
      if (numbers === null) return null;
      points.push({ x: numbers[0] ?? 0, y: numbers[1] ?? 0 });
    }
    return points;
  }

  /** Tells of a box without area, with swapped corners or beside its image. */
  checkBox(box: Box, size: Size | null, field: string, element: number | null): void {
    if (box.x2 < box.x1 || box.y2 < box.y1) this.warn(field, 'The corners of the box are swapped', element);
    else if (box.x2 === box.x1 || box.y2 === box.y1) this.warn(field, 'The box has no area', element);
    this.checkInside(box, size, field, element);
  }

  /** Tells of a ring that crosses itself, has fewer than three corners or lies beside its image. */
  checkRing(ring: readonly Point[], size: Size | null, field: string, element: number | null): void {
    if (ring.length < 3) this.warn(field, `A polygon of ${ring.length} points has no inside`, element);
    else if (crossesItself(ring)) this.warn(field, 'The polygon crosses itself', element);
    this.checkInside(enclosing(ring), size, field, element);
  }

  /** Tells of what reaches over its image. */
  checkInside(box: Box | null, size: Size | null, field: string, element: number | null): void {
    if (box !== null && size !== null && !isInside(box, size, tolerance))
      this.warn(field, `The shape reaches over the image of ${size.width} × ${size.height} pixels`, element);
  }
}

/** The smallest box that holds all points; null where there are none. */
export function enclosing(points: readonly Point[]): Box | null {
  if (points.length === 0) return null;
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    x1 = Math.min(x1, x);
    y1 = Math.min(y1, y);
    x2 = Math.max(x2, x);
    y2 = Math.max(y2, y);
  }
  return { x1, y1, x2, y2 };
}
