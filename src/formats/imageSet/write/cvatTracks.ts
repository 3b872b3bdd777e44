import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { DirSource } from '../../../core/ports';
import { type CvatVideo, readVideoPart } from '../cvatVideo';
import type { RecordNotes } from '../recordNotes';
import { type XmlElement, xmlChildren, xmlElement } from '../xml/xmlElements';
import { placeIn } from './changes';
import { changedElement } from './cvatChange';
import { attributeEdit, elementText, shapeText } from './cvatText';
import type { Edit } from './edits';
import { type RecordToEdit, unwritable } from './recordWriter';

/** What new tracks of a document need: behind which byte they stand, and what they are numbered by. */
interface TrackEnd {
  readonly offset: number;
  readonly frames: number | null;
  nextId: number;
}

/**
 * Edits tracks of a video frame by frame. A shape that changes becomes a keyframe, one that goes ends its track until the next frame,
 * which becomes a keyframe too, and one that is added is a track of one frame. What CVAT computed between keyframes stays as written.
 */
export function trackEditor(): (record: RecordToEdit) => Promise<readonly Edit[]> {
  const ends = new Map<string, Promise<TrackEnd>>();
  /** A shape may become one by an edit of its own, and by the removal of the one in front. */
  const keyframes = new Set<string>();
  return async ({ bytes, image, changed, removed, added, notes, dir }) => {
    const { file } = image.place;
    const edits: Edit[] = [];
    const keyframe = (node: XmlElement, offset: number): readonly Edit[] => {
      const key = `${file}:${offset + node.start}`;
      if (keyframes.has(key) || node.attributes.get('keyframe')?.value === '1') return [];
      keyframes.add(key);
      return [attributeEdit(node, 'keyframe', '1')];
    };
    for (const { before, after } of changed) {
      const { node, offset } = shapeAt(bytes, before);
      if (node === undefined) continue;
      if (before.label !== after.label)
        notes.warn('label', 'A label belongs to a whole track: it stays as it was in this frame');
      const own = changedElement(node, withoutTrack(before), { ...withoutTrack(after), label: before.label }, notes);
      if (own.length > 0) edits.push(...moved([...own, ...keyframe(node, offset)], offset));
    }
    for (const one of removed) {
      const { node, next, offset } = shapeAt(bytes, one);
      if (node === undefined) continue;
      const own = [attributeEdit(node, 'outside', '1'), ...keyframe(node, offset)];
      edits.push(...moved(next === undefined ? own : [...own, ...keyframe(next, offset)], offset));
    }
    for (const one of added) {
      const end = await (ends.get(file) ?? remembered(ends, file, trackEnd(dir, file)));
      const text = newTrack(one, (image.place.line ?? 1) - 1, end, notes);
      if (text !== null) edits.push({ offset: end.offset, length: 0, text: `\n  ${text}` });
    }
    return edits;
  };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, value: Promise<T>): Promise<T> {
  known.set(key, value);
  return value;
}

/** A shape by the id that `addTrack` gave it, the track's offset and its place in it; and the shape behind it. */
function shapeAt(bytes: Uint8Array, annotation: DatasetAnnotation) {
  const offset = Number(/:(\d+)#\d+$/.exec(annotation.id)?.[1] ?? 0);
  const children = xmlElement(bytes.subarray(offset))?.children ?? [];
  const at = placeIn(annotation);
  return { offset, node: children[at], next: children[at + 1] };
}

function moved(edits: readonly Edit[], by: number): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, offset: edit.offset + by }));
}

/** Without what the reader adds to a shape of a track. */
function withoutTrack(annotation: DatasetAnnotation): DatasetAnnotation {
  const { track: _track, keyframe: _keyframe, ...attributes } = annotation.attributes;
  return { ...annotation, attributes };
}

async function trackEnd(dir: DirSource, file: string): Promise<TrackEnd> {
  const video: CvatVideo = { size: null, frames: null, byFrame: new Map() };
  const [source, ids] = [await dir.open(file), [] as number[]];
  let offset = 0;
  if (source !== null)
    for await (const child of xmlChildren(source)) {
      offset = child.offset + child.bytes.length;
      if (child.name === 'meta') readVideoPart(child, file, video);
      else ids.push(trackId(xmlElement(child.bytes)));
    }
  return { offset, frames: video.frames, nextId: ids.reduce((most, id) => Math.max(most, id), -1) + 1 };
}

function trackId(track: XmlElement | null): number {
  const id = Number(track?.attributes.get('id')?.value ?? -1);
  return Number.isInteger(id) ? id : -1;
}

/** A track of one frame, which CVAT ends by a shape outside in the frame behind it; null for what no track holds. */
function newTrack(
  { label, shape }: DatasetAnnotation,
  frame: number,
  end: TrackEnd,
  notes: RecordNotes,
): string | null {
  const written = shapeText(shape, notes);
  if (written === null) return null;
  if (shape.kind === 'tag') return unwritable(notes, 'tag', 'a track of CVAT');
  const at = (number: number, outside: '0' | '1') =>
    elementText(
      written.name,
      { frame: String(number), keyframe: '1', outside, occluded: '0', ...written.attributes, z_order: '0' },
      '',
    );
  const isLast = end.frames !== null && frame + 1 >= end.frames;
  const shapes = [at(frame, '0'), ...(isLast ? [] : [at(frame + 1, '1')])];
  const content = `${shapes.map((one) => `\n    ${one}`).join('')}\n  `;
  return elementText('track', { id: String(end.nextId++), label: label ?? '', source: 'manual' }, content);
}
