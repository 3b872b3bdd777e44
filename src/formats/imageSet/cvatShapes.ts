import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Keypoint, Point, Shape } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import { countsOf, runsOfPixels } from '../../core/mask/cocoMask';
import type { JsonValue } from '../../core/text/jsonValue';
import { pythonNumber } from '../pythonNumber';
import { plainAnnotation } from './plainAnnotation';
import type { RecordNotes } from './recordNotes';
import type { XmlElement } from './xml/xmlElements';

/** Attributes that make the shape; the others are what is said of it. */
const geometry: readonly string[] =
  'label points xtl ytl xbr ybr rotation rle left top width height cx cy rx ry frame'.split(' ');
const mostPixels = 1 << 28;
const ellipseCorners = 64;

/** A shape of CVAT's XML 1.1; null with a problem where it has no place, and for elements that are no shape. */
export function cvatAnnotation(
  element: XmlElement,
  id: string,
  size: Size | null,
  label: string | null,
  at: number,
  notes: RecordNotes,
): DatasetAnnotation | null {
  const shape = shapeOf(element, size, at, notes);
  if (shape === null) return null;
  const annotation = plainAnnotation(id, textAt(element, 'label') ?? label, shape, {
    attributes: attributesOf(element),
  });
  if (shape.kind === 'box') notes.checkBox(shape.box, size, 'box', at);
  else notes.checkInside(annotation.box, size, element.name, at);
  if (shape.kind === 'polygons' && element.name === 'polygon')
    for (const ring of shape.rings) notes.checkRing(ring, null, 'points', at);
  return annotation;
}

function textAt(element: XmlElement, name: string): string | null {
  return element.attributes.get(name)?.value ?? null;
}

function attributesOf(element: XmlElement): Readonly<Record<string, JsonValue>> {
  const own = [...element.attributes]
    .filter(([name]) => !geometry.includes(name))
    .map(([name, { value }]) => [name, value]);
  const named = element.children
    .filter(({ name }) => name === 'attribute')
    .map((one) => [textAt(one, 'name') ?? '', one.text.trim()]);
  return Object.fromEntries([...own, ...named]);
}

/** Finite numbers of several attributes; null with a problem where one is none. */
function numbersAt(element: XmlElement, names: readonly string[], at: number, notes: RecordNotes): number[] | null {
  const values = names.map((name) => pythonNumber(textAt(element, name) ?? ''));
  const wrong = values.findIndex((value) => value === null || !Number.isFinite(value));
  if (wrong < 0) return values.map((value) => value ?? 0);
  const [name = ''] = names.slice(wrong);
  return notes.error(name, `"${name}" of the ${element.name} is "${(textAt(element, name) ?? '').slice(0, 40)}"`, at);
}

function shapeOf(element: XmlElement, size: Size | null, at: number, notes: RecordNotes): Shape | null {
  switch (element.name) {
    case 'box': {
      const corners = numbersAt(element, ['xtl', 'ytl', 'xbr', 'ybr'], at, notes);
      if (corners === null) return null;
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = corners;
      const box = { x1, y1, x2, y2 };
      const angle = angleOf(element);
      return angle === 0 ? { kind: 'box', box } : { kind: 'turnedBox', box, angle };
    }
    case 'polygon':
    case 'polyline':
    case 'points': {
      const points = pointsOf(element, at, notes);
      if (points === null) return null;
      if (element.name === 'polygon') return { kind: 'polygons', rings: [points] };
      return { kind: element.name === 'points' ? 'points' : 'line', points };
    }
    case 'ellipse':
      return ellipseOf(element, at, notes);
    case 'mask':
      return maskOf(element, size, at, notes);
    case 'skeleton':
      return skeletonOf(element, at, notes);
    case 'tag':
      return { kind: 'tag' };
    default:
      notes.warn(element.name.slice(0, 40), `A ${element.name.slice(0, 40)} cannot be shown`, at);
      return null;
  }
}

/** CVAT turns clockwise, in degrees. */
function angleOf(element: XmlElement): number {
  const degrees = pythonNumber(textAt(element, 'rotation') ?? '0') ?? 0;
  return Number.isFinite(degrees) ? (degrees * Math.PI) / 180 : 0;
}

function pointsOf(element: XmlElement, at: number, notes: RecordNotes): Point[] | null {
  const points: Point[] = [];
  for (const pair of (textAt(element, 'points') ?? '').split(';')) {
    const [x, y, ...more] = pair.split(',').map((word) => pythonNumber(word) ?? Number.NaN);
    if (x === undefined || y === undefined || more.length > 0 || !Number.isFinite(x) || !Number.isFinite(y))
      return notes.error('points', `"${pair.slice(0, 40)}" is no point`, at);
    points.push({ x, y });
  }
  return points;
}

function ellipseOf(element: XmlElement, at: number, notes: RecordNotes): Shape | null {
  const numbers = numbersAt(element, ['cx', 'cy', 'rx', 'ry'], at, notes);
  if (numbers === null) return null;
  const [cx = 0, cy = 0, rx = 0, ry = 0] = numbers;
  if (rx === ry) return { kind: 'circle', centre: { x: cx, y: cy }, radius: rx };
  const angle = angleOf(element);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const ring = Array.from({ length: ellipseCorners }, (_, i) => {
    const t = (2 * Math.PI * i) / ellipseCorners;
    const [x, y] = [rx * Math.cos(t), ry * Math.sin(t)];
    return { x: cx + x * cos - y * sin, y: cy + x * sin + y * cos };
  });
  return { kind: 'polygons', rings: [ring] };
}

/** Runs go along the rows of a window of the image, beginning with 0s; COCO's go down the columns of the whole of it. */
function maskOf(element: XmlElement, size: Size | null, at: number, notes: RecordNotes): Shape | null {
  const numbers = numbersAt(element, ['left', 'top', 'width', 'height'], at, notes);
  if (numbers === null) return null;
  if (size === null || size.width * size.height > mostPixels)
    return notes.error('mask', 'The size of the image is needed for a mask', at);
  const [left = 0, top = 0, width = 0, height = 0] = numbers;
  if (left < 0 || top < 0 || width < 1 || height < 1 || left + width > size.width || top + height > size.height)
    return notes.error('mask', `The mask's window reaches over the image of ${size.width} × ${size.height} pixels`, at);
  const pixels = new Uint8Array(size.width * size.height);
  let place = 0;
  for (const [i, word] of (textAt(element, 'rle') ?? '').split(',').entries()) {
    const run = pythonNumber(word) ?? -1;
    if (!Number.isInteger(run) || run < 0 || place + run > width * height)
      return notes.error('rle', `Run ${i + 1} of the mask does not fit into its window`, at);
    for (let end = place + run; place < end; place++)
      if (i % 2 === 1) pixels[(top + Math.floor(place / width)) * size.width + left + (place % width)] = 1;
  }
  if (place !== width * height)
    return notes.error('rle', `The mask's runs cover ${place} of ${width * height} pixels`, at);
  const counts = countsOf(runsOfPixels(pixels, size.width, size.height));
  return { kind: 'mask', mask: { size: [size.height, size.width], counts } };
}

function skeletonOf(element: XmlElement, at: number, notes: RecordNotes): Shape | null {
  const joints = element.children.filter(({ name }) => name === 'points');
  const points: Keypoint[] = [];
  for (const joint of joints) {
    const [point] = pointsOf(joint, at, notes) ?? [];
    if (point === undefined) return null;
    const visibility = textAt(joint, 'outside') === '1' ? 0 : textAt(joint, 'occluded') === '1' ? 1 : 2;
    points.push({ ...point, visibility });
  }
  return { kind: 'keypoints', points, names: joints.map((joint) => textAt(joint, 'label') ?? ''), skeleton: [] };
}
