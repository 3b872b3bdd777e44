import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Point, Shape } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject, kindOf } from '../columns';
import { plainAnnotation } from './plainAnnotation';
import type { RecordNotes } from './recordNotes';

/** Keys of a shape that are read here; the others are its attributes. `mask` is a picture, and large. */
const readKeys: readonly string[] = ['label', 'points', 'shape_type', 'mask'];

/**
 * One of `shapes` in a file of labelme (`labelme/_shape.py`) or X-AnyLabeling, in pixels of the image as EXIF turns it; null
 * with a problem where it has no place.
 */
export function labelmeAnnotation(
  value: JsonValue,
  at: number,
  file: string,
  size: Size | null,
  notes: RecordNotes,
): DatasetAnnotation | null {
  if (!isObject(value)) return notes.error('shapes', `"shapes" holds ${kindOf(value)}`, at);
  const points = notes.points(value.points, 'points', at);
  if (points === null) return null;
  const shape = shapeOf(value, points, at, notes);
  if (shape === null) return null;
  const label = typeof value.label === 'string' ? value.label : null;
  if (label === null) notes.warn('label', `"label" is ${kindOf(value.label)}, not text`, at);
  const annotation = plainAnnotation(`${file}#${at}`, label, shape, {
    ignore: value.difficult === true,
    score: typeof value.score === 'number' && Number.isFinite(value.score) ? value.score : null,
    attributes: attributesOf(value),
  });
  const box = shape.kind === 'maskPicture' ? cornerBox(points) : annotation.box;
  if (shape.kind === 'box') notes.checkBox(shape.box, size, 'points', at);
  else notes.checkInside(box, size, 'points', at);
  if (shape.kind === 'polygons') for (const ring of shape.rings) notes.checkRing(ring, null, 'points', at);
  return { ...annotation, box };
}

function attributesOf(value: JsonObject): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !readKeys.includes(key)));
}

function shapeOf(value: JsonObject, points: readonly Point[], at: number, notes: RecordNotes): Shape | null {
  const type = value.shape_type ?? 'polygon';
  const few = (count: number) => notes.error('points', `A ${type} of ${points.length} points: ${count} are needed`, at);
  const [a, b] = points;
  switch (type) {
    case 'polygon':
      return a === undefined ? few(3) : { kind: 'polygons', rings: [points] };
    case 'rectangle':
      // labelme writes two corners, X-AnyLabeling all four.
      if (points.length === 4) return cornersShape(points);
      return a === undefined || b === undefined ? few(2) : boxShape(a, b);
    case 'rotation':
    case 'oriented_rectangle':
    case 'quadrilateral':
      return points.length === 4 ? { kind: 'quad', points } : few(4);
    case 'circle':
      if (a === undefined || b === undefined) return few(2);
      return { kind: 'circle', centre: a, radius: Math.hypot(b.x - a.x, b.y - a.y) };
    case 'point':
    case 'points':
      return a === undefined ? few(1) : { kind: 'points', points };
    case 'line':
    case 'linestrip':
      return b === undefined ? few(2) : { kind: 'line', points };
    case 'mask':
      return a === undefined ? few(2) : maskShape(value, a, at, notes);
    default:
      notes.warn('shape_type', `"${String(type).slice(0, 40)}" is no known shape: its points are shown`, at);
      return a === undefined ? few(1) : { kind: 'points', points };
  }
}

function boxShape(a: Point, b: Point): Shape {
  return { kind: 'box', box: { x1: a.x, y1: a.y, x2: b.x, y2: b.y } };
}

/** A box where the four corners are one's that is not turned, a quadrilateral otherwise. */
function cornersShape(points: readonly Point[]): Shape {
  const [a, b, c, d] = points;
  const straight = a?.y === b?.y && b?.x === c?.x && c?.y === d?.y && d?.x === a?.x;
  return straight && a !== undefined && c !== undefined ? boxShape(a, c) : { kind: 'quad', points };
}

function cornerBox(points: readonly Point[]) {
  const [a, b] = points;
  // The corners are the mask's first and last pixel.
  return a === undefined || b === undefined ? null : { x1: a.x, y1: a.y, x2: b.x + 1, y2: b.y + 1 };
}

/** A PNG of zeros and ones whose first pixel is the first corner. */
function maskShape({ mask }: JsonObject, corner: Point, at: number, notes: RecordNotes): Shape | null {
  if (typeof mask !== 'string' || mask === '')
    return notes.error('mask', `"mask" is ${kindOf(mask)}, not a picture in base64`, at);
  const place = { x: Math.trunc(corner.x), y: Math.trunc(corner.y) };
  return { kind: 'maskPicture', picture: { source: { kind: 'base64', base64: mask }, at: place, above: 0 } };
}
