import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import type { DirSource } from '../../core/ports';
import type { Problem } from '../../core/text/problem';
import type { OpenTarget } from '../format';
import { counted, folderOf } from '../paths';
import { pythonNumber } from '../pythonNumber';
import { smallHead } from './cvatHead';
import { cvatAnnotation } from './cvatShapes';
import { type CvatVideo, elementTrouble, frameImage, framesOf, readVideoPart } from './cvatVideo';
import { feed, isRead, type Met } from './feed';
import { firstFiles, pathFrom } from './imageFiles';
import type { ImagePlace, ImageSetDetection, ImageSetFormat, ReadImage } from './imageSetFormat';
import { recordBytes } from './jsonFile';
import { RecordNotes } from './recordNotes';
import { idAt } from './rowFormat';
import { type XmlElement, type XmlStretch, xmlChildren, xmlElement } from './xml/xmlElements';

/**
 * CVAT for images and for video 1.1: one XML document with an `image` each, or with tracks whose shapes belong to frames. CVAT
 * turns images as EXIF says.
 */
export const cvat: ImageSetFormat = {
  id: 'cvat-xml',
  title: 'CVAT',
  frame: 'oriented',
  detect,
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, detection, place) => {
    if (place.stretch === undefined) return (await videoOf(dir, detection, place.file)).content(place);
    const notes = new RecordNotes(place.file);
    const bytes = await recordBytes(dir, place, notes);
    const read =
      bytes === null ? [] : readImageElement({ name: 'image', offset: place.stretch.offset, bytes }, place.file);
    return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
  },
};

const filesTried = 5;
const own: readonly string[] = ['name', 'width', 'height', 'subset'];

async function detect({ dir, file }: OpenTarget): Promise<ImageSetDetection | null> {
  const names =
    file === null ? await firstFiles(dir, 'xml', filesTried) : file.toLowerCase().endsWith('.xml') ? [file] : [];
  const files: string[] = [];
  for (const name of names) {
    const head = await smallHead(dir, name);
    if (/<annotations[\s>]/.test(head) && /<version>\s*1\.\d\s*<\/version>/.test(head)) files.push(name);
  }
  return files.length === 0
    ? null
    : { format: 'cvat-xml', files, reason: `${counted(files.length, 'file')} of CVAT's XML 1.1.` };
}

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  for (const file of files) {
    const source = await dir.open(file);
    if (source === null) continue;
    const video: CvatVideo = { size: null, frames: null, byFrame: new Map() };
    let images = 0;
    let last = '';
    for await (const child of xmlChildren(source)) {
      last = child.name;
      if (child.name === 'image') {
        images++;
        yield { read: readImageElement(child, file), bytes: child.bytes.length };
      } else yield { read: readVideoPart(child, file, video), bytes: child.bytes.length };
    }
    if (last === '') yield { read: [elementTrouble(file, 'The document has no elements that can be read')], bytes: 0 };
    if (images > 0 || (video.byFrame.size === 0 && video.frames === null)) continue;
    for (const frame of framesOf(video)) yield { read: frameImage(video, file, frame), bytes: 0 };
  }
}

const videos = new WeakMap<ImageSetDetection, Map<string, Promise<{ content: (place: ImagePlace) => ReadImage }>>>();

/** Tracks are read whole: a frame's shapes stand all over the document. */
function videoOf(dir: DirSource, detection: ImageSetDetection, file: string) {
  const known = videos.get(detection) ?? new Map();
  videos.set(detection, known);
  const reading = known.get(file) ?? readVideo(dir, file);
  known.set(file, reading);
  return reading;
}

async function readVideo(dir: DirSource, file: string) {
  const video: CvatVideo = { size: null, frames: null, byFrame: new Map() };
  const source = await dir.open(file);
  if (source !== null) for await (const child of xmlChildren(source)) readVideoPart(child, file, video);
  return { content: ({ line }: ImagePlace) => frameImage(video, file, (line ?? 1) - 1) };
}

function readImageElement({ offset, bytes }: XmlStretch, file: string): ReadImage | readonly Problem[] {
  const element = xmlElement(bytes);
  if (element === null) return [elementTrouble(file, 'An image cannot be read: its tags do not match')];
  const place: ImagePlace = { file, line: null, stretch: { offset, length: bytes.length } };
  const notes = new RecordNotes(file);
  const name = element.attributes.get('name')?.value ?? '';
  if (name === '') notes.error('name', 'The image has no name');
  const size = sizeOf(element, notes);
  const annotations: DatasetAnnotation[] = [];
  for (const [at, child] of element.children.entries()) {
    const annotation = cvatAnnotation(child, idAt(place, at), size, null, at, notes);
    if (annotation !== null) annotations.push(annotation);
  }
  const inside = pathFrom(folderOf(file), name);
  const beside = inside === null ? [] : [inside, pathFrom(folderOf(file), `images/${name}`) ?? inside];
  const about = [...element.attributes].filter(([key]) => !own.includes(key)).map(([key, { value }]) => [key, value]);
  return {
    image: {
      key: name === '' ? `${file}:${offset}` : name,
      file: name,
      size,
      split: element.attributes.get('subset')?.value ?? null,
      bytes: { kind: 'file', candidates: [...beside, name].filter((one) => one !== '') },
      place,
    },
    annotations,
    questions: [],
    attributes: Object.fromEntries(about),
    problems: notes.problems,
  };
}

function sizeOf({ attributes }: XmlElement, notes: RecordNotes): Size | null {
  const [width, height] = ['width', 'height'].map((key) => pythonNumber(attributes.get(key)?.value ?? ''));
  if (width && height && Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)
    return { width, height };
  notes.warn('width', 'The image states no size');
  return null;
}
