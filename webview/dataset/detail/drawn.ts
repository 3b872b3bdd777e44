import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import { boundsOf, verticesOf } from '../../../src/core/dataset/edit/shapeGeometry';
import { twiceArea } from '../../../src/core/dataset/edit/shapeMasks';
import type { Keypoint, Point, Shape, Skeleton } from '../../../src/core/dataset/shape';
import type { Box } from '../../../src/core/geometry/box';
import { outlineOf } from '../../../src/core/mask/outline';
import { runsOf } from '../../../src/core/mask/rle';

/** An annotation as it is painted and found under the pointer. Pixels of the image. */
export interface DrawnShape {
  /** Null for a mask too ragged for an outline, for which its box is drawn. */
  readonly path: Path2D;
  /** What is inside belongs to it. */
  readonly closed: boolean;
  /** Rings of polygons are filled together, as COCO does; of a mask's border inner loops are holes. */
  readonly rule: CanvasFillRule;
  readonly bounds: Box;
  readonly area: number;
  /** Points that are painted as marks: of keypoints those that are labelled. */
  readonly marks: readonly (Point & { readonly hidden: boolean })[];
}

/** By shape: an edit makes a new one, and only that is prepared again. */
const prepared = new WeakMap<Shape, DrawnShape | null>();

/** Null for a tag, and for what has no place on a plane. */
export function drawn({ shape }: Pick<EffectiveAnnotation, 'shape'>): DrawnShape | null {
  const known = prepared.get(shape);
  if (known !== undefined) return known;
  const made = prepare(shape);
  prepared.set(shape, made);
  return made;
}

function prepare(shape: Shape): DrawnShape | null {
  const bounds = safely(() => boundsOf(shape));
  if (bounds === null || ![bounds.x1, bounds.y1, bounds.x2, bounds.y2].every(Number.isFinite)) return null;
  const closed = !['points', 'line', 'keypoints'].includes(shape.kind);
  const area = (bounds.x2 - bounds.x1) * (bounds.y2 - bounds.y1);
  const rule = shape.kind === 'polygons' ? 'nonzero' : 'evenodd';
  return { path: pathOf(shape, bounds), closed, rule, bounds, area, marks: marksOf(shape) };
}

/** By its keypoints: those beside a shape are painted with the skeleton of their category. */
const poses = new WeakMap<readonly Keypoint[], { readonly of: Skeleton | null; readonly drawn: DrawnShape | null }>();

/** Keypoints beside a shape; null where none is labelled. */
export function drawnPose(points: readonly Keypoint[], skeleton: Skeleton | null): DrawnShape | null {
  const known = poses.get(points);
  if (known !== undefined && known.of === skeleton) return known.drawn;
  const made = prepare({ kind: 'keypoints', points, names: skeleton?.names ?? [], skeleton: skeleton?.skeleton ?? [] });
  poses.set(points, { of: skeleton, drawn: made });
  return made;
}

/** A mask from a file may be none; its annotation is listed all the same. */
function safely<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function pathOf(shape: Shape, bounds: Box): Path2D {
  const path = new Path2D();
  switch (shape.kind) {
    case 'mask': {
      const { counts, size } = shape.mask;
      const loops = safely(() => outlineOf(runsOf(counts, size), size[0]));
      if (loops === null) path.rect(bounds.x1, bounds.y1, bounds.x2 - bounds.x1, bounds.y2 - bounds.y1);
      for (const loop of loops ?? []) ring(path, pairs(loop));
      return path;
    }
    case 'polygons':
      // All the same way round, so that one inside another leaves no hole.
      for (const points of shape.rings) ring(path, twiceArea(points) < 0 ? points.toReversed() : points);
      return path;
    case 'circle':
      path.ellipse(shape.centre.x, shape.centre.y, Math.abs(shape.radius), Math.abs(shape.radius), 0, 0, 2 * Math.PI);
      return path;
    case 'line':
      open(path, shape.points);
      return path;
    case 'keypoints':
      for (const [from, to] of shape.skeleton) {
        const [a, b] = [shape.points[from], shape.points[to]];
        if (a !== undefined && b !== undefined && a.visibility > 0 && b.visibility > 0) open(path, [a, b]);
      }
      return path;
    case 'points':
      return path;
    default:
      ring(path, verticesOf(shape));
      return path;
  }
}

function marksOf(shape: Shape): DrawnShape['marks'] {
  if (shape.kind === 'points') return shape.points.map((point) => ({ ...point, hidden: false }));
  if (shape.kind !== 'keypoints') return [];
  return shape.points
    .filter(({ visibility }) => visibility > 0)
    .map(({ x, y, visibility }) => ({ x, y, hidden: visibility === 1 }));
}

function* pairs(loop: Float32Array): Generator<Point> {
  for (let i = 0; i < loop.length; i += 2) yield { x: loop[i] ?? 0, y: loop[i + 1] ?? 0 };
}

function ring(path: Path2D, points: Iterable<Point>): void {
  open(path, points);
  path.closePath();
}

function open(path: Path2D, points: Iterable<Point>): void {
  let first = true;
  for (const { x, y } of points) {
    if (first) path.moveTo(x, y);
    else path.lineTo(x, y);
    first = false;
  }
}
