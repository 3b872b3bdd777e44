import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { Keypoint, Shape, Skeleton } from '../../../core/dataset/shape';
import type { Box } from '../../../core/geometry/box';
import type { JsonValue } from '../../../core/text/jsonValue';
import type { JsonObject } from '../../columns';
import { boxOfCocoShape, cocoShape } from './cocoShape';

export interface CocoAnnotationContext {
  readonly id: string;
  readonly label: string | null;
  readonly keypoints: Skeleton | null;
}

const known = new Set(
  'id image_id category_id bbox segmentation area iscrowd ignore score keypoints num_keypoints'.split(' '),
);

/**
 * An element of a COCO document's `annotations`, or of a results file, with everything it says.
 * @param note told of a mask or keypoints that cannot be drawn, which stay among the attributes.
 */
export function cocoAnnotation(
  element: JsonObject,
  context: CocoAnnotationContext,
  note: (field: string, message: string) => void,
): DatasetAnnotation {
  const drawn = cocoShape(element.segmentation);
  const stated = boxOf(element.bbox);
  const keypoints = keypointsOf(element.keypoints);
  const segmented = drawn === null || typeof drawn === 'string' ? null : drawn;
  const box = stated ?? (segmented === null ? null : boxOfCocoShape(segmented));
  const { area, score } = element;
  const shown = new Set(known);
  const leave = (field: string, message: string) => {
    shown.delete(field);
    note(field, message);
  };
  if (typeof drawn === 'string') leave('segmentation', `"segmentation" ${drawn}.`);
  if (keypoints === null && isFilled(element.keypoints))
    leave('keypoints', '"keypoints" is no list of x, y and visibility in turn.');
  return {
    id: context.id,
    label: context.label,
    shape: segmented ?? plainShape(box, keypoints, context.keypoints),
    box,
    area: finite(area),
    crowd: isSet(element.iscrowd),
    ignore: isSet(element.ignore),
    score: finite(score),
    ...(keypoints === null ? {} : { keypoints }),
    attributes: rest(element, shown),
  };
}

/** Fields that are not read into anything else, by the file's own names. */
export function rest(element: JsonObject, without: ReadonlySet<string>): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(element).filter(([name]) => !without.has(name) && name !== '__proto__'));
}

/** Names and skeleton of a category's keypoints, which the file counts from 1; null where it has none. */
export function categoryKeypoints({ keypoints, skeleton }: JsonObject): Skeleton | null {
  if (!Array.isArray(keypoints)) return null;
  const names = (keypoints as readonly JsonValue[]).map((name) => (typeof name === 'string' ? name : ''));
  const pairs = (Array.isArray(skeleton) ? (skeleton as readonly JsonValue[]) : []).flatMap((pair) => {
    const [a, b] = Array.isArray(pair) ? (pair as readonly JsonValue[]) : [];
    const valid = isPlace(a, names.length) && isPlace(b, names.length);
    return valid ? [[a - 1, b - 1] as const] : [];
  });
  return { names, skeleton: pairs };
}

function isPlace(value: JsonValue | undefined, count: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= count;
}

function plainShape(box: Box | null, points: readonly Keypoint[] | null, named: Skeleton | null): Shape {
  if (box !== null) return { kind: 'box', box };
  if (points !== null) return { kind: 'keypoints', points, names: named?.names ?? [], skeleton: named?.skeleton ?? [] };
  return { kind: 'tag' };
}

function boxOf(value: JsonValue | undefined): Box | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [x, y, width, height] = (value as readonly JsonValue[]).map(finite);
  if (typeof x !== 'number' || typeof y !== 'number' || typeof width !== 'number' || typeof height !== 'number')
    return null;
  return { x1: x, y1: y, x2: x + width, y2: y + height };
}

/** x, y and visibility in turn; null where they are not. */
function keypointsOf(value: JsonValue | undefined): readonly Keypoint[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length % 3 !== 0) return null;
  const points: Keypoint[] = [];
  for (let i = 0; i < value.length; i += 3) {
    const [x, y, v] = value.slice(i, i + 3) as readonly JsonValue[];
    if (typeof x !== 'number' || typeof y !== 'number') return null;
    // Results write a score where ground truth has the visibility.
    points.push({ x, y, visibility: v === 0 || v === 1 || v === 2 ? v : 2 });
  }
  return points;
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function finite(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isSet(value: JsonValue | undefined): boolean {
  return value === true || (typeof value === 'number' && value !== 0);
}
