import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { Point, Shape } from '../../../core/dataset/shape';
import { pixelsOfRuns } from '../../../core/mask/cocoMask';
import { runsOf } from '../../../core/mask/rle';
import { boxOfRuns } from '../../../core/mask/runsBox';
import { escapeXml } from '../../../core/picture/escapeXml';
import { cvat } from '../cvat';
import type { RecordNotes } from '../recordNotes';
import { type XmlElement, xmlElement } from '../xml/xmlElements';
import { rounded } from './boxNumbers';
import { placeIn, same } from './changes';
import type { Edit } from './edits';
import { fileEach, recordWriter, unwritable } from './recordWriter';

/** CVAT for images 1.1. Tracks of a video are keyframes and what was computed between them: they are copied as they are. */
export const cvatWriter = recordWriter(
  cvat,
  ({ bytes, base, image, changed, removed, added, notes }) => {
    const element = image.place.stretch === undefined ? null : xmlElement(bytes);
    if (element === null) {
      notes.warn(null, 'Tracks of a video stay as they were: only annotations of images are written');
      return [];
    }
    const edits: Edit[] = [];
    for (const { before, after } of changed) {
      const node = element.children[placeIn(before)];
      if (node !== undefined) edits.push(...changedElement(node, before, after, notes));
    }
    for (const one of removed) {
      const at = placeIn(one);
      const node = element.children[at];
      const from = at === 0 ? tagEnd(bytes, element.start) : element.children[at - 1]?.end;
      if (node !== undefined && from !== undefined) edits.push({ offset: from, length: node.end - from, text: '' });
    }
    const texts = added.map((one) => newElement(one, notes)).filter((text) => text !== null);
    edits.push(...addedElements(bytes, element, texts));
    return edits.map((edit) => ({ ...edit, offset: edit.offset + base }));
  },
  fileEach,
);

function tagEnd(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(0x3e, from) + 1;
}

/** Behind the last child, in a line of its own where the others are. */
function addedElements(bytes: Uint8Array, element: XmlElement, texts: readonly string[]): readonly Edit[] {
  if (texts.length === 0) return [];
  const last = element.children.at(-1);
  const before = last === undefined ? element.start : (element.children.at(-2)?.end ?? tagEnd(bytes, element.start));
  const between = last === undefined ? '\n' : new TextDecoder().decode(bytes.subarray(before, last.start));
  const text = texts.map((one) => between + one).join('');
  if (element.close !== null)
    return [{ offset: last?.end ?? element.close, length: 0, text: last === undefined ? `${text}\n` : text }];
  // `<image … />` is opened for its first child.
  const slash = bytes.lastIndexOf(0x2f, element.end);
  return [{ offset: slash, length: element.end - slash, text: `>${text}\n</${element.name}>` }];
}

function changedElement(
  node: XmlElement,
  before: DatasetAnnotation,
  after: DatasetAnnotation,
  notes: RecordNotes,
): Edit[] {
  const edits: Edit[] = [];
  const set = (name: string, value: string) => {
    const attribute = node.attributes.get(name);
    if (attribute === undefined) notes.warn(name, `The ${node.name} has no "${name}" to change`);
    else if (attribute.value !== value)
      edits.push({ offset: attribute.start, length: attribute.end - attribute.start, text: escapeXml(value) });
  };
  if (before.label !== after.label) set('label', after.label ?? '');
  for (const [name, value] of Object.entries(after.attributes))
    if (!same(before.attributes[name], value)) setNamed(node, name, String(value), set, edits);
  if (same(before.shape, after.shape)) return edits;
  const written = shapeText(after.shape, notes);
  if (written === null) return edits;
  if (written.name !== node.name) {
    notes.warn(node.name, `A ${node.name} cannot become a ${written.name}: it stays as it was`);
    return edits;
  }
  for (const [name, value] of Object.entries(written.attributes)) {
    const old = node.attributes.get(name)?.value;
    if (old === undefined && name === 'rotation') {
      // CVAT leaves it out where nothing is turned.
      if (Number(value) !== 0) edits.push({ offset: attributesEnd(node), length: 0, text: ` rotation="${value}"` });
      continue;
    }
    // A number that is equal stays as it is written: CVAT writes two digits.
    if (old === undefined || value.includes(',') || Number(old) !== Number(value)) set(name, value);
  }
  return edits;
}

/** Behind the closing quote of the last attribute. */
function attributesEnd(node: XmlElement): number {
  return Math.max(...[...node.attributes.values()].map(({ end }) => end)) + 1;
}

/** A named attribute of CVAT is an element, one of the format an attribute of XML. */
function setNamed(
  node: XmlElement,
  name: string,
  value: string,
  set: (name: string, value: string) => void,
  edits: Edit[],
): void {
  const child = node.children.find((one) => one.name === 'attribute' && one.attributes.get('name')?.value === name);
  if (child === undefined || child.close === null) set(name, value);
  else {
    const length = new TextEncoder().encode(escapeXml(child.text)).length;
    edits.push({ offset: child.close - length, length, text: escapeXml(value) });
  }
}

interface Written {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function newElement(annotation: DatasetAnnotation, notes: RecordNotes): string | null {
  const written = shapeText(annotation.shape, notes);
  if (written === null) return null;
  const all = { label: annotation.label ?? '', source: 'manual', occluded: '0', ...written.attributes, z_order: '0' };
  const isTurned = Number(written.attributes.rotation ?? 0) !== 0;
  const stated = Object.entries(all).filter(([name]) => name !== 'rotation' || isTurned);
  const attributes = stated.map(([name, value]) => `${name}="${escapeXml(value)}"`);
  const named = Object.entries(annotation.attributes).map(
    ([name, value]) => `<attribute name="${escapeXml(name)}">${escapeXml(String(value))}</attribute>`,
  );
  return `<${written.name} ${attributes.join(' ')}>${named.join('')}</${written.name}>`;
}

function shapeText(shape: Shape, notes: RecordNotes): Written | null {
  switch (shape.kind) {
    case 'box':
    case 'turnedBox': {
      const { x1, y1, x2, y2 } = shape.box;
      const degrees = shape.kind === 'box' ? 0 : (shape.angle * 180) / Math.PI;
      const corners = { xtl: text(x1), ytl: text(y1), xbr: text(x2), ybr: text(y2) };
      // CVAT counts from 0 to 360.
      return { name: 'box', attributes: { ...corners, rotation: text((degrees + 360) % 360) } };
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
function maskText({ mask }: Extract<Shape, { kind: 'mask' }>, notes: RecordNotes): Written | null {
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
