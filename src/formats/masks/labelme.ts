import type { Polygon } from '../../core/mask/polygon';
import { UserError } from '../../core/text/userError';

/** A shape that has an inside. */
export interface LabelledShape {
  readonly label: string;
  /** In pixels of the image; filled by the even-odd rule. */
  readonly polygon: Polygon;
}

export interface LabelmeFile {
  /** As written: relative to the file. Null where no image is named: then it is the one called as the file is. */
  readonly imagePath: string | null;
  readonly shapes: readonly LabelledShape[];
}

const circleCorners = 64;

/**
 * Polygons, rectangles (two corners, or four as X-AnyLabeling writes them), rotated boxes and circles (middle and a point on
 * it) of a labelme file (`labelme/label_file.py`), which X-AnyLabeling writes too. Shapes without an inside and labelme's
 * embedded masks are left out. Null for a document that is none; throws `UserError` for a shape whose points are no numbers.
 */
export function readLabelme(document: unknown): LabelmeFile | null {
  if (!isRecord(document) || !Array.isArray(document.shapes)) return null;
  const shapes = (document.shapes as readonly unknown[]).flatMap((shape, at) => shapeOf(shape, at));
  const { imagePath } = document;
  // Some files, labelme's own tutorial among them, name themselves.
  const isNamed = typeof imagePath === 'string' && imagePath !== '' && !/\.json$/i.test(imagePath);
  return { imagePath: isNamed ? imagePath : null, shapes };
}

function shapeOf(shape: unknown, at: number): LabelledShape[] {
  if (!isRecord(shape) || typeof shape.label !== 'string') throw new UserError(`shapes[${at}] has no label`);
  const { label } = shape;
  const kind = shape.shape_type ?? 'polygon';
  if (kind !== 'polygon' && kind !== 'rectangle' && kind !== 'rotation' && kind !== 'circle') return [];
  const points = pointsOf(shape.points, at);
  if (kind === 'polygon' || kind === 'rotation' || points.length > 2)
    return points.length < 3 ? [] : [{ label, polygon: points }];
  const [a, b] = points;
  if (a === undefined || b === undefined) return [];
  if (kind === 'rectangle') return [{ label, polygon: [a, [b[0], a[1]], b, [a[0], b[1]]] }];
  const radius = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const polygon = Array.from({ length: circleCorners }, (_, i) => {
    const angle = (2 * Math.PI * i) / circleCorners;
    return [a[0] + radius * Math.cos(angle), a[1] + radius * Math.sin(angle)] as const;
  });
  return [{ label, polygon }];
}

function pointsOf(points: unknown, at: number): Polygon {
  if (!Array.isArray(points)) throw new UserError(`shapes[${at}] has no points`);
  return (points as readonly unknown[]).map((point) => {
    const [x, y] = Array.isArray(point) ? (point as readonly unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y))
      throw new UserError(`shapes[${at}].points holds what is no point`);
    return [x, y] as const;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
