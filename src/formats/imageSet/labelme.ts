import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import type { JsonObject } from '../columns';
import { imageBytes } from '../embedded';
import { counted, fileStem, folderOf, joined } from '../paths';
import { feed, isRead, type Met } from './feed';
import { baseName, FolderNames, filesEnding, firstFiles, pathFrom } from './imageFiles';
import type { ImageBytes, ImageSetDetection, ImageSetFormat, ReadImage } from './imageSetFormat';
import { jsonHead, objectOf, recordBytes } from './jsonFile';
import { labelmeAnnotation } from './labelmeShapes';
import { RecordNotes } from './recordNotes';

/**
 * labelme (`labelme/_label_file.py`) and X-AnyLabeling: a JSON file an image, with `shapes`, `imagePath` relative to it and
 * perhaps the image itself as `imageData`. Both turn images as EXIF says before they are annotated.
 */
export const labelme: ImageSetFormat = {
  id: 'labelme',
  title: 'labelme',
  frame: 'oriented',
  detect: async ({ dir, file }) => {
    const files = file === null ? await labelmeFiles(dir) : (await isLabelme(dir, file)) ? [file] : [];
    if (files.length === 0) return null;
    return { format: 'labelme', files, reason: `${counted(files.length, 'labelme file')}: shapes of one image each.` };
  },
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, _detection, { file }) => {
    const { read } = await readFile(dir, file, new FolderNames(dir));
    return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
  },
  embedded: async ({ dir }, _detection, place) => {
    const bytes = await recordBytes(dir, place, new RecordNotes(place.file));
    const document = bytes === null ? null : objectOf(bytes, new RecordNotes(place.file));
    return typeof document?.imageData === 'string' ? imageBytes(document.imageData) : null;
  },
};

const filesTried = 5;

async function labelmeFiles(dir: DirSource): Promise<readonly string[]> {
  for (const file of await firstFiles(dir, 'json', filesTried))
    if (await isLabelme(dir, file)) return filesEnding(dir, 'json');
  return [];
}

async function isLabelme(dir: DirSource, file: string): Promise<boolean> {
  if (!file.toLowerCase().endsWith('.json')) return false;
  const text = (await jsonHead(dir, file))?.text ?? '';
  // `imagePath` and a shape's type may stand behind what the head holds of a long polygon or of the image.
  return (
    /^\s*\{/.test(text) &&
    /"shapes"\s*:\s*\[/.test(text) &&
    ['"shape_type"', '"imagePath"', '"imageData"', '"points"'].some((key) => text.includes(key))
  );
}

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const file of files) yield readFile(dir, file, names);
}

async function readFile(dir: DirSource, file: string, names: FolderNames): Promise<Met> {
  const notes = new RecordNotes(file);
  const bytes = await recordBytes(dir, { file, line: null }, notes);
  const document = bytes === null ? null : objectOf(bytes, notes);
  const read = document === null ? notes.problems : await readDocument(document, file, names, notes);
  return { read, bytes: bytes?.length ?? 0 };
}

const shapeless: readonly string[] = ['shapes', 'imagePath', 'imageData', 'imageHeight', 'imageWidth'];

async function readDocument(
  document: JsonObject,
  file: string,
  names: FolderNames,
  notes: RecordNotes,
): Promise<ReadImage | readonly Problem[]> {
  if (!Array.isArray(document.shapes)) {
    notes.error('shapes', 'The file has no list of shapes: it is not of labelme');
    return notes.problems;
  }
  const size = sizeOf(document, notes);
  const bytes = await bytesOf(document, file, names, notes);
  const shapes = document.shapes as readonly JsonValue[];
  return {
    image: {
      key: bytes.kind === 'file' ? (bytes.candidates[0] ?? file) : file,
      file: typeof document.imagePath === 'string' ? document.imagePath : file,
      size,
      split: null,
      bytes,
      place: { file, line: null },
    },
    annotations: shapes
      .map((shape, at) => labelmeAnnotation(shape, at, file, size, notes))
      .filter((annotation): annotation is DatasetAnnotation => annotation !== null),
    questions: [],
    attributes: Object.fromEntries(Object.entries(document).filter(([key]) => !shapeless.includes(key))),
    problems: notes.problems,
  };
}

function sizeOf({ imageWidth: width, imageHeight: height }: JsonObject, notes: RecordNotes): Size | null {
  if (width === undefined || height === undefined || width === null || height === null) return null;
  if (isSide(width) && isSide(height)) return { width, height };
  notes.warn('imageWidth', 'imageWidth and imageHeight are no sides of an image');
  return null;
}

function isSide(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** The image inside the file wins, as in labelme; then the one that is named, then the one of that name or the file's own beside it. */
async function bytesOf(
  { imageData, imagePath }: JsonObject,
  file: string,
  names: FolderNames,
  notes: RecordNotes,
): Promise<ImageBytes> {
  if (typeof imageData === 'string' && imageData !== '') return { kind: 'embedded', file };
  const folder = folderOf(file);
  const named = typeof imagePath === 'string' ? imagePath : '';
  const stated = named === '' ? null : pathFrom(folder, named);
  if (stated !== null && !stated.endsWith('.json') && (await names.has(stated)))
    return { kind: 'file', candidates: [stated] };
  const beside = joined(folder, baseName(named));
  const found = named !== '' && beside !== file && (await names.has(beside)) ? beside : null;
  const called = found ?? (await names.imageCalled(folder, fileStem(file)));
  if (called !== null) {
    notes.warn('imagePath', `"${named}" is not there: the image beside the file is shown`);
    return { kind: 'file', candidates: [called] };
  }
  notes.warn('imagePath', `The image "${named}" was not found`);
  return { kind: 'file', candidates: [stated ?? beside] };
}
