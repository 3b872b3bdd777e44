import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Point, Shape } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject, kindOf } from '../columns';
import { counted, fileStem } from '../paths';
import { fileFormat, splitOfFolder } from './fileFormat';
import type { FolderNames } from './imageFiles';
import { jsonHead, objectOf } from './jsonFile';
import { nearbyImage } from './nearbyImage';
import { plainAnnotation } from './plainAnnotation';
import type { RecordNotes } from './recordNotes';

/**
 * SODA-A: a JSON file an image with `poly`, four corners in pixels, and `category_id`, of which 9 is to be ignored; split
 * versions have `cat_id` and `trunc` (`mmrotate/datasets/sodaa.py`). mmcv turns images as EXIF says.
 */
export const sodaA = fileFormat({
  id: 'soda-a',
  title: 'SODA-A',
  frame: 'oriented',
  ending: 'json',
  claims: async (dir, file) => {
    const text = (await jsonHead(dir, file))?.text ?? '';
    // SODA-D's annotations have `poly` too when it was split, but belong to images by number.
    return /"annotations"\s*:\s*\[/.test(text) && text.includes('"poly"') && !text.includes('"image_id"');
  },
  reason: (files) => `${counted(files, 'file')} of SODA-A: turned boxes of one image each.`,
  read: async (bytes, file, names, notes) => {
    const document = objectOf(bytes, notes);
    return document === null ? null : readDocument(document, file, names, notes);
  },
});

/** By number; the tenth is `ignore`. */
export const sodaClasses = [
  'airplane',
  'helicopter',
  'small-vehicle',
  'large-vehicle',
  'ship',
  'container',
  'storage-tank',
  'swimming-pool',
  'windmill',
  'ignore',
];
const ignored = 9;
const readKeys: readonly string[] = ['poly'];

async function readDocument(document: JsonObject, file: string, names: FolderNames, notes: RecordNotes) {
  if (!Array.isArray(document.annotations))
    return notes.error('annotations', 'The file has no list of annotations: it is not of SODA-A');
  const stated = Array.isArray(document.images) ? (document.images as readonly JsonValue[])[0] : document.images;
  const about = isObject(stated) ? stated : {};
  const size = sizeOf(about);
  const stem = typeof about.file_name === 'string' ? fileStem(about.file_name) : fileStem(file);
  const found = await nearbyImage(names, file, stem);
  const name = found ?? `${stem}.jpg`;
  const categories = categoryNames(document.categories);
  return {
    image: {
      key: name,
      file: name,
      size,
      split: splitOfFolder(file),
      bytes: { kind: 'file', candidates: [name] } as const,
      place: { file, line: null },
    },
    annotations: (document.annotations as readonly JsonValue[])
      .map((value, at) => sodaAnnotation(value, at, file, size, categories, notes))
      .filter((annotation): annotation is DatasetAnnotation => annotation !== null),
    questions: [],
    attributes: about,
  };
}

function sizeOf({ width, height }: JsonObject): Size | null {
  const isSide = (side: JsonValue | undefined): side is number => Number.isInteger(side) && Number(side) > 0;
  return isSide(width) && isSide(height) ? { width, height } : null;
}

function categoryNames(value: JsonValue | undefined): ReadonlyMap<JsonValue, string> {
  const named = (Array.isArray(value) ? (value as readonly JsonValue[]) : []).filter(isObject);
  const stated = named.flatMap(({ id, name }) => (typeof name === 'string' ? [[id ?? null, name] as const] : []));
  return new Map(stated.length > 0 ? stated : sodaClasses.map((name, id) => [id, name]));
}

/** One of `annotations`; null with a problem where it has no place. */
function sodaAnnotation(
  value: JsonValue,
  at: number,
  file: string,
  size: Size | null,
  categories: ReadonlyMap<JsonValue, string>,
  notes: RecordNotes,
): DatasetAnnotation | null {
  if (!isObject(value)) return notes.error('annotations', `"annotations" holds ${kindOf(value)}`, at);
  const poly = Array.isArray(value.poly) ? notes.finite(value.poly as readonly JsonValue[], 'poly', at) : null;
  if (poly === null)
    return Array.isArray(value.poly) ? null : notes.error('poly', `"poly" is ${kindOf(value.poly)}`, at);
  if (poly.length < 6 || poly.length % 2 === 1)
    return notes.error('poly', `"poly" holds ${poly.length} numbers, which are no corners`, at);
  const points: Point[] = Array.from({ length: poly.length / 2 }, (_, i) => ({
    x: poly[i * 2] ?? 0,
    y: poly[i * 2 + 1] ?? 0,
  }));
  notes.checkRing(points, size, 'poly', at);
  const isQuad = points.length === 4;
  if (!isQuad) notes.warn('poly', `"poly" has ${points.length} corners: loaders of SODA-A leave the object out`, at);
  const shape: Shape = isQuad ? { kind: 'quad', points } : { kind: 'polygons', rings: [points] };
  const id = value.category_id ?? value.cat_id ?? null;
  const label = categories.get(id) ?? (id === null ? null : String(id));
  if (label === null) notes.warn('category_id', 'The object has no category', at);
  return plainAnnotation(`${file}#${at}`, label, shape, {
    ignore: !isQuad || id === ignored || value.ignore === 1 || value.ignore === true,
    area: typeof value.area === 'number' && Number.isFinite(value.area) ? value.area : null,
    attributes: Object.fromEntries(Object.entries(value).filter(([key]) => !readKeys.includes(key))),
  });
}
