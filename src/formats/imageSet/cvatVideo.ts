import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import type { Problem } from '../../core/text/problem';
import { folderOf, joined } from '../paths';
import { pythonNumber } from '../pythonNumber';
import { cvatAnnotation } from './cvatShapes';
import type { ImagePlace, ReadImage } from './imageSetFormat';
import { RecordNotes } from './recordNotes';
import { idAt } from './rowFormat';
import { type XmlElement, type XmlStretch, xmlElement } from './xml/xmlElements';

/** Tracks of a video by frame, as far as they were read. */
export interface CvatVideo {
  /** Of a frame. */
  size: Size | null;
  /** As the document states it. */
  frames: number | null;
  readonly byFrame: Map<number, DatasetAnnotation[]>;
}

/** More frames than this are listed only where they have shapes. */
const mostFrames = 1_000_000;
const endings = ['PNG', 'png', 'jpg', 'jpeg', 'JPG'];

/** What is no image: the sizes of a video, and its tracks. */
export function readVideoPart({ name, offset, bytes }: XmlStretch, file: string, video: CvatVideo): readonly Problem[] {
  if (name !== 'meta' && name !== 'track') return [];
  const element = xmlElement(bytes);
  if (element === null) return [elementTrouble(file, `A ${name} cannot be read`)];
  if (name === 'track') {
    const notes = new RecordNotes(file);
    addTrack(video, element, { file, line: null, stretch: { offset, length: bytes.length } }, notes);
    return notes.problems;
  }
  const about = descend(element, 'original_size');
  const side = (key: string) => pythonNumber(about?.children.find((one) => one.name === key)?.text ?? '');
  const [width, height] = [side('width'), side('height')];
  if (width !== null && height !== null && width > 0 && height > 0) video.size = { width, height };
  // Of a set of images the meta names no size of a video.
  if (about !== null) video.frames = pythonNumber(descend(element, 'size')?.text ?? '');
  return [];
}

function descend(element: XmlElement, name: string): XmlElement | null {
  for (const child of element.children) {
    const found = child.name === name ? child : descend(child, name);
    if (found !== null) return found;
  }
  return null;
}

export function elementTrouble(file: string, message: string): Problem {
  return { severity: 'error', file, line: null, element: null, field: null, message };
}

/** A track's shapes, each in its frame. Where it left the picture (`outside`) it has none. CVAT writes frames between keyframes too. */
function addTrack(video: CvatVideo, track: XmlElement, place: ImagePlace, notes: RecordNotes): void {
  const label = track.attributes.get('label')?.value ?? null;
  const number = track.attributes.get('id')?.value ?? null;
  for (const [at, child] of track.children.entries()) {
    const frame = pythonNumber(child.attributes.get('frame')?.value ?? '');
    if (frame === null || !Number.isInteger(frame) || frame < 0) {
      notes.error('frame', `A shape of the track ${number ?? ''} is in no frame`, at);
      continue;
    }
    if (child.attributes.get('outside')?.value === '1') continue;
    const annotation = cvatAnnotation(child, idAt(place, at), video.size, label, at, notes);
    if (annotation === null) continue;
    const attributes = {
      ...annotation.attributes,
      track: number,
      keyframe: child.attributes.get('keyframe')?.value === '1',
    };
    const known = video.byFrame.get(frame);
    if (known === undefined) video.byFrame.set(frame, [{ ...annotation, attributes }]);
    else known.push({ ...annotation, attributes });
  }
}

/** Numbers of the frames: all that the document states, or those with shapes. */
export function framesOf({ frames, byFrame }: CvatVideo): readonly number[] {
  const known = [...byFrame.keys()].sort((a, b) => a - b);
  const count = Math.max(frames ?? 0, (known.at(-1) ?? -1) + 1);
  if (frames === null || !Number.isInteger(frames) || count > mostFrames) return known;
  return Array.from({ length: count }, (_, frame) => frame);
}

/** A frame as CVAT names it when it exports images. It stands nowhere by itself: its place's line is its number, from 1 on. */
export function frameImage({ size, byFrame }: CvatVideo, file: string, frame: number): ReadImage {
  const name = `frame_${String(frame).padStart(6, '0')}`;
  const folder = folderOf(file);
  const candidates = endings.flatMap((ending) => [
    joined(folder, `images/${name}.${ending}`),
    joined(folder, `${name}.${ending}`),
  ]);
  return {
    image: {
      key: name,
      file: `${name}.PNG`,
      size,
      split: null,
      bytes: { kind: 'file', candidates },
      place: { file, line: frame + 1 },
    },
    annotations: byFrame.get(frame) ?? [],
    questions: [],
    attributes: { frame },
    problems: [],
  };
}
