import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { Point, Shape } from '../../../core/dataset/shape';
import { pixelsOfRuns } from '../../../core/mask/cocoMask';
import { runsOf } from '../../../core/mask/rle';
import { boxOfRuns } from '../../../core/mask/runsBox';
import { escapeXml } from '../../../core/picture/escapeXml';
import type { RecordNotes } from '../recordNotes';
import type { XmlElement } from '../xml/xmlElements';
import { rounded } from './boxNumbers';
import type { Edit } from './edits';
import { unwritable } from './recordWriter';

/** An element of CVAT's XML 1.1. */
export interface CvatElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Gives an element an attribute, behind the others where it has none of that name. */
export function attributeEdit({ name: tag, start, attributes }: XmlElement, name: string, value: string): Edit {
  const known = attributes.get(name);
  if (known !== undefined) return { offset: known.start, length: known.end - known.start, text: escapeXml(value) };
  const last = [...attributes.values()].at(-1);
  const offset = last === undefined ? start + 1 + tag.length : last.end + 1;
  return { offset, length: 0, text: ` ${name}="${escapeXml(value)}"` };
}

/** A shape of an image as somebody draws one; null with a word for what CVAT has no element for. */
export function newElement(annotation: DatasetAnnotation, notes: RecordNotes): string | null {
  const written = shapeText(annotation.shape, notes);
  if (written === null) return null;
  const all = { label: annotation.label ?? '', source: 'manual', occluded: '0', ...written.attributes, z_order: '0' };
  const named = Object.entries(annotation.attributes).map(
    ([name, value]) => `<attribute name="${escapeXml(name)}">${escapeXml(String(value))}</attribute>`,
  );
  return elementText(written.name, all, named.join(''));
}

export function elementText(name: string, values: Readonly<Record<string, string>>, content: string): string {
  const attributes = Object.entries(values).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${attributes.join('')}>${content}</${name}>`;
}

/** What states a shape; null with a word where nothing does. */
export function shapeText(shape: Shape, notes: RecordNotes): CvatElement | null {
  switch (shape.kind) {
    case 'box':
    case 'turnedBox': {
      const { x1, y1, x2, y2 } = shape.box;
      // CVAT counts from 0 to 360, and leaves it out where nothing is turned.
      const degrees = shape.kind === 'box' ? 0 : ((shape.angle * 180) / Math.PI + 360) % 360;
      const corners = { xtl: text(x1), ytl: text(y1), xbr: text(x2), ybr: text(y2) };
      return { name: 'box', attributes: degrees === 0 ? corners : { ...corners, rotation: text(degrees) } };
    }
    case 'quad':
      return { name: 'polygon', attributes: { points: pointsText(shape.points) } };
    case 'polygons': {
      const [ring, ...more] = shape.rings;
      if (ring === undefined || more.length > 0) return unwritable(notes, 'polygon of several rings', 'CVAT');
      return { name: 'polygon', attributes: { points: pointsText(ring) } };
    }
    case 'line':
      return { name: 'polyline', attributes: { points: pointsText(shape.points) } };
    case 'points':
      return { name: 'points', attributes: { points: pointsText(shape.points) } };
    case 'circle': {
      const { centre, radius } = shape;
      return {
        name: 'ellipse',
        attributes: { cx: text(centre.x), cy: text(centre.y), rx: text(radius), ry: text(radius) },
      };
    }
    case 'mask':
      return maskText(shape, notes);
    case 'tag':
      return { name: 'tag', attributes: {} };
    default:
      return unwritable(notes, shape.kind, 'CVAT');
  }
}

/** Runs along the rows of the smallest window around the mask, beginning with 0s. */
function maskText({ mask }: Extract<Shape, { kind: 'mask' }>, notes: RecordNotes): CvatElement | null {
  const [height, width] = mask.size;
  const runs = runsOf(mask.counts, mask.size);
  const box = boxOfRuns(runs, height);
  if (box === null) return unwritable(notes, 'empty mask', 'CVAT');
  const pixels = pixelsOfRuns(runs, width, height);
  const rle: number[] = [0];
  let value = 0;
  for (let y = box.y1; y < box.y2; y++)
    for (let x = box.x1; x < box.x2; x++) {
      if ((pixels[y * width + x] ?? 0) !== value) {
        value = 1 - value;
        rle.push(0);
      }
      rle[rle.length - 1] = (rle.at(-1) ?? 0) + 1;
    }
  const window = { left: text(box.x1), top: text(box.y1), width: text(box.x2 - box.x1), height: text(box.y2 - box.y1) };
  return { name: 'mask', attributes: { rle: rle.join(', '), ...window } };
}

function pointsText(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${text(x)},${text(y)}`).join(';');
}

function text(value: number): string {
  return String(rounded(value));
}
