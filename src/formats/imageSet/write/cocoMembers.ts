import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { turnedCorners } from '../../../core/dataset/edit/shapeGeometry';
import type { Keypoint, Point, Shape } from '../../../core/dataset/shape';
import type { Size } from '../../../core/geometry/box';
import { cocoPolygonRuns, unionRuns } from '../../../core/mask/cocoPolygon';
import { areaOf, runsOf } from '../../../core/mask/rle';
import type { JsonValue } from '../../../core/text/jsonValue';
import type { JsonObject } from '../../columns';
import { boxOfShape } from '../plainAnnotation';
import type { RecordNotes } from '../recordNotes';
import { rounded } from './boxNumbers';
import { unwritable } from './recordWriter';

/** What COCO states of an annotation's shape, without its ids. */
export function cocoMembers(annotation: DatasetAnnotation, size: Size | null, notes: RecordNotes): JsonObject {
  const { shape, crowd, ignore, score, attributes } = annotation;
  const segmentation = segmentationOf(shape, notes);
  const box = annotation.box ?? boxOfShape(shape);
  const area = annotation.area ?? areaOfShape(annotation, size);
  const keypoints = shape.kind === 'keypoints' ? shape.points : annotation.keypoints;
  return {
    ...(box === null ? {} : { bbox: [box.x1, box.y1, rounded(box.x2 - box.x1), rounded(box.y2 - box.y1)] }),
    ...(area === null ? {} : { area }),
    iscrowd: crowd ? 1 : 0,
    ...(segmentation === null ? {} : { segmentation }),
    ...(keypoints === undefined ? {} : keypointMembers(keypoints)),
    ...(ignore ? { ignore: 1 } : {}),
    ...(score === null ? {} : { score }),
    ...attributes,
  };
}

/** Polygons or compressed runs; null for a box, and with a word for what is neither. */
export function segmentationOf(shape: Shape, notes: RecordNotes): JsonValue | null {
  const stated = cocoSegmentation(shape);
  const isNone = stated !== null || shape.kind === 'box' || shape.kind === 'keypoints' || shape.kind === 'tag';
  return isNone ? stated : unwritable(notes, shape.kind, 'COCO');
}

/** Polygons as lists of x and y, masks as compressed runs; null for what is neither. @param written a coordinate as it is to stand there. */
export function cocoSegmentation(shape: Shape, written = (value: number) => value): JsonValue | null {
  if (shape.kind === 'mask') return { size: shape.mask.size, counts: shape.mask.counts };
  return ringsOf(shape)?.map((ring) => flat(ring).map(written)) ?? null;
}

export function keypointMembers(points: readonly Keypoint[]): JsonObject {
  return {
    keypoints: points.flatMap(({ x, y, visibility }) => [x, y, visibility]),
    num_keypoints: points.filter(({ visibility }) => visibility > 0).length,
  };
}

/** As pycocotools counts it: pixels of the mask, of polygons too; a box has width times height. Null where the image's size is needed and not known. */
export function areaOfShape({ shape, box }: DatasetAnnotation, size: Size | null): number | null {
  if (shape.kind === 'mask') return areaOf(runsOf(shape.mask.counts, shape.mask.size));
  const rings = ringsOf(shape);
  if (rings !== null && rings.length > 0)
    return size === null ? null : areaOf(unionRuns(rings.map((ring) => cocoPolygonRuns(flat(ring), size))));
  const around = boxOfShape(shape) ?? box;
  return around === null ? null : rounded((around.x2 - around.x1) * (around.y2 - around.y1));
}

function ringsOf(shape: Shape): readonly (readonly Point[])[] | null {
  if (shape.kind === 'polygons') return shape.rings;
  if (shape.kind === 'quad') return [shape.points];
  return shape.kind === 'turnedBox' ? [turnedCorners(shape.box, shape.angle)] : null;
}

function flat(points: readonly Point[]): number[] {
  return points.flatMap(({ x, y }) => [x, y]);
}
