import { cvat } from '../cvat';
import { type XmlElement, xmlElement } from '../xml/xmlElements';
import { placeIn } from './changes';
import { changedElement } from './cvatChange';
import { newElement } from './cvatText';
import { trackEditor } from './cvatTracks';
import type { Edit } from './edits';
import type { ImageSetWriter } from './imageSetWriter';
import { fileEach, type RecordEditor, type RecordToEdit, recordWriter } from './recordWriter';

/** CVAT for images 1.1, and the tracks of a video. */
export const cvatWriter: ImageSetWriter = {
  formats: [cvat.id],
  write: (target, detection, curation, host) => {
    // Tracks that are added to any frame of the document are numbered on.
    const editTracks = trackEditor();
    const edit: RecordEditor = (record) =>
      record.image.place.stretch === undefined ? editTracks(record) : imageEdits(record);
    return recordWriter(cvat, edit, fileEach).write(target, detection, curation, host);
  },
};

function imageEdits({ bytes, base, changed, removed, added, notes }: RecordToEdit): readonly Edit[] {
  const element = xmlElement(bytes);
  if (element === null) return [];
  const edits: Edit[] = [];
  for (const { before, after } of changed) {
    const node = element.children[placeIn(before)];
    if (node !== undefined) edits.push(...changedElement(node, before, after, notes));
  }
  for (const one of removed) {
    const at = placeIn(one);
    const node = element.children[at];
    const from = at === 0 ? tagEnd(bytes, element) : element.children[at - 1]?.end;
    if (node !== undefined && from !== undefined) edits.push({ offset: from, length: node.end - from, text: '' });
  }
  const texts = added.map((one) => newElement(one, notes)).filter((text) => text !== null);
  edits.push(...addedElements(bytes, element, texts));
  return edits.map((edit) => ({ ...edit, offset: edit.offset + base }));
}

/** Behind the element's first tag, whose attributes may hold a `>`. */
function tagEnd(bytes: Uint8Array, { start, attributes }: XmlElement): number {
  const last = [...attributes.values()].at(-1);
  return bytes.indexOf(0x3e, last?.end ?? start) + 1;
}

/** Behind the last child, in a line of its own where the others are. */
function addedElements(bytes: Uint8Array, element: XmlElement, texts: readonly string[]): readonly Edit[] {
  if (texts.length === 0) return [];
  const last = element.children.at(-1);
  const before = last === undefined ? element.start : (element.children.at(-2)?.end ?? tagEnd(bytes, element));
  const between = last === undefined ? '\n' : new TextDecoder().decode(bytes.subarray(before, last.start));
  const text = texts.map((one) => between + one).join('');
  if (element.close !== null)
    return [{ offset: last?.end ?? element.close, length: 0, text: last === undefined ? `${text}\n` : text }];
  // `<image … />` is opened for its first child.
  const slash = bytes.lastIndexOf(0x2f, element.end);
  return [{ offset: slash, length: element.end - slash, text: `>${text}\n</${element.name}>` }];
}
