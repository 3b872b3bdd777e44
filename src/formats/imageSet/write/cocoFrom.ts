import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { Keypoint } from '../../../core/dataset/shape';
import type { Box, Size } from '../../../core/geometry/box';
import type { JsonValue } from '../../../core/text/jsonValue';
import { areaOfShape, cocoSegmentation } from './cocoMembers';

type JsonObject = { readonly [name: string]: JsonValue };

/** Digits behind the point that COCO's own files have. */
const digits = 100;

/**
 * An annotation of any format as an element of COCO's `annotations` (cocodataset.org, *data format*): polygons as lists of
 * x and y, masks as compressed RLE, turned boxes and quadrilaterals as polygons of four corners. Null for what COCO
 * has no place for: tags, lines, loose points, masks in pictures of their own without a box.
 * @param ids with the size of the image: areas of polygons are counted in it.
 */
export function cocoAnnotation(
  annotation: DatasetAnnotation,
  ids: { readonly id: number; readonly image: number; readonly category: number; readonly size: Size | null },
): JsonObject | null {
  const { shape, box, area, crowd, ignore, score, attributes, keypoints } = annotation;
  if (box === null || shape.kind === 'line' || shape.kind === 'points' || shape.kind === 'tag') return null;
  const segmentation = cocoSegmentation(shape, short);
  const points = shape.kind === 'keypoints' ? shape.points : keypoints;
  const own = { ...(ignore ? { ignore: 1 } : {}), ...(score === null ? {} : { score }) };
  return {
    id: ids.id,
    image_id: ids.image,
    category_id: ids.category,
    bbox: bboxOf(box),
    area: area ?? areaOfShape(annotation, ids.size) ?? Math.abs((box.x2 - box.x1) * (box.y2 - box.y1)),
    iscrowd: crowd ? 1 : 0,
    ...(segmentation === null ? {} : { segmentation }),
    ...(points === undefined ? {} : keypointsOf(points)),
    ...own,
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
}

/** COCO's `[x, y, width, height]`, corners ordered. */
export function bboxOf({ x1, y1, x2, y2 }: Box): readonly number[] {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)].map(short);
}

function keypointsOf(points: readonly Keypoint[]): JsonObject {
  return {
    keypoints: points.flatMap(({ x, y, visibility }) =>
      visibility === 0 ? [0, 0, 0] : [short(x), short(y), visibility],
    ),
    num_keypoints: points.filter(({ visibility }) => visibility > 0).length,
  };
}

function short(value: number): number {
  return Math.round(value * digits) / digits;
}

/** A line of a YOLO label file: class, then centre and sides relative to the image. Null for a tag. */
export function yoloLine(
  { box }: DatasetAnnotation,
  category: number,
  size: { readonly width: number; readonly height: number },
): string | null {
  if (box === null) return null;
  const part = (value: number) => String(Math.round(value * 1e6) / 1e6);
  const [w, h] = [Math.abs(box.x2 - box.x1), Math.abs(box.y2 - box.y1)];
  const centre = [(box.x1 + box.x2) / 2 / size.width, (box.y1 + box.y2) / 2 / size.height];
  return [category, ...[...centre, w / size.width, h / size.height].map(part)].join(' ');
}
