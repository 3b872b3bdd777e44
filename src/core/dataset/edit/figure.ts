import type { Box } from '../../geometry/box';
import type { DatasetAnnotation } from '../datasetImage';
import type { Keypoint, Point } from '../shape';
import { fitted, hasVertices, verticesOf, withVertex } from './shapeGeometry';
import { pivotOf, turnedPoint, turnedShape } from './turning';

/** What of an annotation is moved, turned and reshaped: COCO's people have a shape and keypoints beside it. */
export type Figure = Pick<DatasetAnnotation, 'shape' | 'keypoints'>;

/** The keypoints of an annotation, of whichever kind it is; null for none. */
export function poseOf({ shape, keypoints }: Figure): readonly Keypoint[] | null {
  return shape.kind === 'keypoints' ? shape.points : (keypoints ?? null);
}

/** With other keypoints; an annotation without any has them beside its shape from now on. */
export function withPose(figure: Figure, points: readonly Keypoint[]): Figure {
  const { shape } = figure;
  if (shape.kind !== 'keypoints') return { ...figure, keypoints: points };
  return { ...figure, shape: { ...shape, points }, ...(figure.keypoints === undefined ? {} : { keypoints: points }) };
}

/** What is pulled one by one: the corners of the shape, then the keypoints beside it. */
export function handlesOf({ shape, keypoints }: Figure): readonly (Point | Keypoint)[] {
  const corners = hasVertices(shape) ? verticesOf(shape) : [];
  return shape.kind === 'keypoints' ? corners : [...corners, ...(keypoints ?? [])];
}

/** Keypoints that are not labelled have no place. */
export function isPlaced(point: Point | Keypoint): boolean {
  return !('visibility' in point) || point.visibility !== 0;
}

/** Which keypoint a handle is; null for a corner. */
export function keypointAt(figure: Figure, handle: number): number | null {
  const { shape } = figure;
  const at = handle - (hasVertices(shape) && shape.kind !== 'keypoints' ? verticesOf(shape).length : 0);
  return at < 0 || at >= (poseOf(figure)?.length ?? 0) ? null : at;
}

/** The figure with one handle elsewhere. */
export function withHandle(figure: Figure, handle: number, to: Point): Figure {
  const at = keypointAt(figure, handle);
  const pose = poseOf(figure);
  if (at === null || pose === null) return { ...figure, shape: withVertex(figure.shape, handle, to) };
  return withPose(
    figure,
    pose.map((point, i) => (i === at ? { ...point, ...to } : point)),
  );
}

/** Moved and stretched with what encloses the shape; keypoints go with it. */
export function fittedFigure(figure: Figure, from: Box, to: Box): Figure {
  const { shape, keypoints } = figure;
  const next = fitted(shape, from, to);
  if (next.kind === 'keypoints') return withPose(figure, next.points);
  if (keypoints === undefined) return { ...figure, shape: next };
  const pose = fitted({ kind: 'keypoints', points: keypoints, names: [], skeleton: [] }, from, to);
  return { shape: next, keypoints: pose.kind === 'keypoints' ? pose.points : keypoints };
}

/** Turned by `angle` radians, clockwise on screen; null for what cannot be turned. */
export function turnedFigure(figure: Figure, angle: number): Figure | null {
  const { shape, keypoints } = figure;
  const [next, pivot] = [turnedShape(shape, angle), pivotOf(shape)];
  if (next === null || pivot === null) return null;
  if (next.kind === 'keypoints') return withPose(figure, next.points);
  if (keypoints === undefined) return { ...figure, shape: next };
  return {
    shape: next,
    keypoints: keypoints.map((point) => (isPlaced(point) ? turnedPoint(point, angle, pivot) : point)),
  };
}
