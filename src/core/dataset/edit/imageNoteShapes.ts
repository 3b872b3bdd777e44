import { isBox, isNumber, isObject, isText, isTexts, isTrue, type Member } from '../../annotation/noteChecks';
import type { JsonValue } from '../../text/jsonValue';
import { verdicts } from './imageNotes';

/** What each member of an image's notes may hold. */
export const imageMembers: Readonly<Record<string, Member>> = {
  annotations: { by: 'name', value: isAnnotationEdit },
  verdict: { by: null, value: (value) => verdicts.some((verdict) => verdict === value) },
  tags: { by: null, value: isTexts },
  split: { by: null, value: isText },
  reviewed: { by: null, value: isTrue },
  questions: { by: 'index', value: isText },
  answers: { by: 'index', value: isText },
};

/** Corners of one annotation: an outline of a large mask has thousands. */
const maxPoints = 200_000;
/** UTF-16 units of a mask's runs: those of a picture of 100 megapixels that is all noise. */
const maxCounts = 20_000_000;

/** Members that are not known are another version's, and kept. */
function isAnnotationEdit(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  if (value.removed !== undefined) return value.removed === true;
  const { label, shape, box, area, crowd, ignore, score, attributes, keypoints } = value;
  return (
    orNull(label, isText) &&
    isShape(shape) &&
    orNull(box, isBox) &&
    orNull(area, isNumber) &&
    typeof crowd === 'boolean' &&
    typeof ignore === 'boolean' &&
    orNull(score, isNumber) &&
    isObject(attributes) &&
    (keypoints === undefined || isPoints(keypoints, isKeypoint))
  );
}

function isShape(shape: JsonValue | undefined): boolean {
  if (!isObject(shape)) return false;
  const check = typeof shape.kind === 'string' && Object.hasOwn(shapes, shape.kind) ? shapes[shape.kind] : undefined;
  return check?.(shape) ?? false;
}

type Fields = { readonly [name: string]: JsonValue };

const shapes: Readonly<Record<string, (shape: Fields) => boolean>> = {
  box: ({ box }) => box !== undefined && isBox(box),
  turnedBox: ({ box, angle }) => box !== undefined && isBox(box) && isNumber(angle),
  quad: ({ points }) => isPoints(points, isPoint) && (points as readonly JsonValue[]).length === 4,
  polygons: ({ rings }) => Array.isArray(rings) && rings.every((ring: JsonValue) => isPoints(ring, isPoint)),
  maskPicture: ({ picture }) => isObject(picture) && isObject(picture.source) && isNumber(picture.above),
  mask: ({ mask }) => isObject(mask) && isSides(mask.size) && isCounts(mask.counts),
  keypoints: ({ points, names, skeleton }) =>
    isPoints(points, isKeypoint) && isTexts(names ?? null) && Array.isArray(skeleton) && skeleton.every(isPair),
  points: ({ points }) => isPoints(points, isPoint),
  line: ({ points }) => isPoints(points, isPoint),
  circle: ({ centre, radius }) => centre !== undefined && isPoint(centre) && isNumber(radius),
  tag: () => true,
};

function isPoints(points: JsonValue | undefined, check: (point: JsonValue) => boolean): boolean {
  return Array.isArray(points) && points.length <= maxPoints && points.every(check);
}

function isPoint(point: JsonValue): boolean {
  return isObject(point) && isNumber(point.x) && isNumber(point.y);
}

function isKeypoint(point: JsonValue): boolean {
  return isPoint(point) && isObject(point) && [0, 1, 2].some((visibility) => visibility === point.visibility);
}

function isPair(pair: JsonValue): boolean {
  return isSides(pair);
}

/** Two whole numbers that are not negative. */
function isSides(pair: JsonValue | undefined): boolean {
  return (
    Array.isArray(pair) && pair.length === 2 && pair.every((n: JsonValue) => Number.isInteger(n) && Number(n) >= 0)
  );
}

function isCounts(counts: JsonValue | undefined): boolean {
  return typeof counts === 'string' && counts.length <= maxCounts;
}

function orNull(value: JsonValue | undefined, check: (value: JsonValue) => boolean): boolean {
  return value === null || (value !== undefined && check(value));
}
