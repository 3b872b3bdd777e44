import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { escapeXml } from '../../../core/picture/escapeXml';
import type { RecordNotes } from '../recordNotes';
import type { XmlElement } from '../xml/xmlElements';
import { same } from './changes';
import { attributeEdit, shapeText } from './cvatText';
import type { Edit } from './edits';

/** Edits of an element of CVAT that state what changed of its annotation. */
export function changedElement(
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
    if (old === undefined && name === 'rotation') edits.push(attributeEdit(node, name, value));
    // A number that is equal stays as it is written: CVAT writes two digits.
    else if (old === undefined || value.includes(',') || Number(old) !== Number(value)) set(name, value);
  }
  const isStraight = written.attributes.rotation === undefined && node.attributes.has('rotation');
  if (isStraight) set('rotation', '0');
  return edits;
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
