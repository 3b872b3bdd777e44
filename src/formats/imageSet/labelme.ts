import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import type { JsonValue } from '../../core/text/jsonValue';
import type { JsonObject } from '../columns';
import { imageBytes } from '../embedded';
import { counted, fileStem, folderOf, joined } from '../paths';
import { fileFormat } from './fileFormat';
import { baseName, type FolderNames, pathFrom } from './imageFiles';
import type { ImageBytes } from './imageSetFormat';
import { jsonHead, objectOf } from './jsonFile';
import { labelmeAnnotation } from './labelmeShapes';
import { RecordNotes } from './recordNotes';

/**
 * labelme (`labelme/_label_file.py`) and X-AnyLabeling: a JSON file an image, with `shapes`, `imagePath` relative to it and
 * perhaps the image itself as `imageData`. Both turn images as EXIF says before they are annotated.
 */
export const labelme = fileFormat({
  id: 'labelme',
  title: 'labelme',
  frame: 'oriented',
  ending: 'json',
  claims: async (dir, file) => {
    const text = (await jsonHead(dir, file))?.text ?? '';
    // `imagePath` and a shape's type may stand behind what the head holds of a long polygon or of the image.
    return (
      /^\s*\{/.test(text) &&
      /"shapes"\s*:\s*\[/.test(text) &&
      ['"shape_type"', '"imagePath"', '"imageData"', '"points"'].some((key) => text.includes(key))
    );
  },
  reason: (files) => `${counted(files, 'labelme file')}: shapes of one image each.`,
  read: async (bytes, file, names, notes) => {
    const document = objectOf(bytes, notes);
    return document === null ? null : readDocument(document, file, names, notes);
  },
  embedded: (bytes, { file }) => {
    const document = objectOf(bytes, new RecordNotes(file));
    return typeof document?.imageData === 'string' ? imageBytes(document.imageData) : null;
  },
});

const shapeless: readonly string[] = ['shapes', 'imagePath', 'imageData', 'imageHeight', 'imageWidth'];

async function readDocument(document: JsonObject, file: string, names: FolderNames, notes: RecordNotes) {
  if (!Array.isArray(document.shapes))
    return notes.error('shapes', 'The file has no list of shapes: it is not of labelme');
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
  return { kind: 'file', candidates: [stated ?? beside] };
}
