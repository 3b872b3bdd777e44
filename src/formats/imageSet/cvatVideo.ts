import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import { folderOf, joined } from '../paths';
import { pythonNumber } from '../pythonNumber';
import { cvatAnnotation } from './cvatShapes';
import type { ImagePlace, ReadImage } from './imageSetFormat';
import type { RecordNotes } from './recordNotes';
import { idAt } from './rowFormat';
import type { XmlElement } from './xml/xmlElements';

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

/** A track's shapes, each in its frame. Where it left the picture (`outside`) it has none. CVAT writes frames between keyframes too. */
export function addTrack(video: CvatVideo, track: XmlElement, place: ImagePlace, notes: RecordNotes): void {
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
