import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { runsOf } from '../../../core/mask/rle';
import type { ByteSource } from '../../../core/ports';
import type { JsonValue } from '../../../core/text/jsonValue';
import { isObject, type JsonObject } from '../../columns';
import { cocoAnnotation } from '../coco/cocoAnnotation';
import { keyInFile } from '../coco/imageKey';
import { type JsonNode, jsonAt, jsonNode, memberOf } from '../json/jsonNode';
import { RecordNotes } from '../recordNotes';
import { xywhOf } from './boxNumbers';
import { changedAttributes, same } from './changes';
import { CocoDocument } from './cocoDocument';
import { areaOfShape, cocoMembers, keypointMembers, segmentationOf } from './cocoMembers';
import { type Edit, spliced } from './edits';
import type { Curation, ImageSetWriter, WriteHost, WrittenFile } from './imageSetWriter';
import { JsonEdits } from './jsonEdits';
import { flatText, pythonStyle } from './jsonText';

/** COCO, LVIS and SODA-D documents of any size, and lists of results: elements are found by streaming, and the rest is copied. */
export const cocoWriter: ImageSetWriter = {
  formats: ['coco', 'lvis', 'coco-results'],
  write: async function* ({ dir }, { files }, curation, host): AsyncGenerator<WrittenFile, void> {
    const earlier = new Set<string>();
    for (const file of files) {
      const source = await dir.open(file);
      if (source === null) continue;
      const isCopy = curation.keep === null && curation.changes.size === 0;
      const edits = isCopy ? [] : await editsOf(source, file, curation, host, earlier);
      yield { path: file, bytes: spliced(source, edits) };
    }
  },
};

/** @param earlier ids of images in the files before, to which those of this one are added. */
async function editsOf(
  source: ByteSource,
  file: string,
  { changes, keep }: Curation,
  host: WriteHost,
  earlier: Set<string>,
): Promise<readonly Edit[]> {
  // Ids of annotations too may be counted from 1 in each file.
  const afters = new Map([...changes].map(([key, list]) => [key, new Map(list.map(({ id, after }) => [id, after]))]));
  const document = await CocoDocument.read(source, {
    keyOf: (id) => (earlier.has(id) ? keyInFile(id, file) : id),
    wantsImage: (key) => changes.has(key),
    after: (id, imageKey) => afters.get(imageKey)?.get(id),
    keep,
  });
  const notes = new RecordNotes(file);
  const edits: Edit[] = [];
  for (const { id, imageKey, offset, bytes } of document.wanted) {
    const after = afters.get(imageKey)?.get(id);
    if (after !== null && after !== undefined) edits.push(...changedElement(bytes, offset, id, after, document, notes));
  }
  const found = new Map<string, Set<string>>();
  for (const { id, imageKey } of document.wanted)
    found.set(imageKey, (found.get(imageKey) ?? new Set<string>()).add(id));
  const added: string[] = [];
  for (const [key, list] of changes) {
    const image = document.images.get(key);
    if ((image === undefined && !document.isResults) || keep?.(key) === false) continue;
    for (const { id, after } of list) {
      if (found.get(key)?.has(id)) continue;
      if (after === null) notes.warn('annotations', `The annotation ${id} is not in the file, and cannot be removed`);
      else added.push(newElement(after, image?.id ?? Number(key), document, notes));
    }
  }
  edits.push(...document.listEdits(added));
  for (const problem of notes.problems) host.problem(problem);
  for (const id of document.imageIds) earlier.add(id);
  return edits;
}

function newElement(
  annotation: DatasetAnnotation,
  imageId: JsonValue,
  document: CocoDocument,
  notes: RecordNotes,
): string {
  const category = document.categoryOf(annotation.label, notes);
  const size = document.sizeOf(imageId);
  const element: JsonObject = {
    ...(document.isResults ? {} : { id: document.nextId() }),
    image_id: imageId,
    ...(category === null ? {} : { category_id: category }),
    ...cocoMembers(annotation, size, notes),
  };
  return flatText(element, document.comma, pythonStyle.colon);
}

/** Edits of one element: what the change does not touch stays, numbers as they are written. */
function changedElement(
  bytes: Uint8Array,
  offset: number,
  id: string,
  after: DatasetAnnotation,
  document: CocoDocument,
  notes: RecordNotes,
): readonly Edit[] {
  const node = jsonNode(bytes);
  const element = jsonAt(bytes, node);
  if (!isObject(element)) return [];
  const label = document.labelOf(element.category_id);
  const before = cocoAnnotation(element, { id, label, keypoints: null }, () => undefined);
  const edits = new JsonEdits(bytes, offset);
  edits.setMembers(node, {
    ...changedAttributes(before, after),
    ...shapeMembers(bytes, node, before, after, document, notes),
    ...(before.label === after.label ? {} : named('category_id', document.categoryOf(after.label, notes))),
    ...(before.crowd === after.crowd ? {} : { iscrowd: after.crowd ? 1 : 0 }),
    ...(before.ignore === after.ignore ? {} : { ignore: after.ignore ? 1 : 0 }),
    ...(before.score === after.score || after.score === null ? {} : { score: after.score }),
  });
  return edits.edits;
}

function named(key: string, value: JsonValue | null): JsonObject {
  return value === null ? {} : { [key]: value };
}

function shapeMembers(
  bytes: Uint8Array,
  node: JsonNode,
  before: DatasetAnnotation,
  after: DatasetAnnotation,
  document: CocoDocument,
  notes: RecordNotes,
): JsonObject {
  const isSameShape = same(before.shape, after.shape);
  const isSameBox = same(before.box, after.box);
  const isSamePose = same(before.keypoints, after.keypoints);
  const members: Record<string, JsonValue> = {};
  const bbox = memberOf(node, 'bbox')?.value;
  if (!isSameBox && after.box !== null)
    members.bbox = bbox === undefined ? xywh(after) : xywhOf(after.box, before.box, bbox, bytes);
  if (!isSameShape && after.shape.kind !== 'keypoints') {
    const old = memberOf(node, 'segmentation')?.value;
    const fresh = segmentationOf(after.shape, notes);
    if (fresh !== null) members.segmentation = asBefore(fresh, after, old, bytes);
    else if (old !== undefined && after.shape.kind === 'box') members.segmentation = [];
  }
  const keypoints = after.shape.kind === 'keypoints' ? after.shape.points : after.keypoints;
  if ((!isSamePose || (!isSameShape && after.shape.kind === 'keypoints')) && keypoints !== undefined)
    Object.assign(members, keypointMembers(keypoints));
  const isStale = !(isSameShape && isSameBox) && after.area === before.area;
  const size = isStale ? document.sizeOf(jsonAt(bytes, memberOf(node, 'image_id')?.value ?? node)) : null;
  const area = isStale ? areaOfShape(after, size) : after.area;
  if (area !== null && area !== before.area && !document.isResults) members.area = area;
  return members;
}

function xywh({ box }: DatasetAnnotation): JsonValue {
  return box === null ? [] : [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1];
}

/** Runs as a list where the file has them so. */
function asBefore(
  fresh: JsonValue,
  { shape }: DatasetAnnotation,
  old: JsonNode | undefined,
  bytes: Uint8Array,
): JsonValue {
  const counts = memberOf(old, 'counts')?.value;
  if (shape.kind !== 'mask' || counts === undefined || !Array.isArray(jsonAt(bytes, counts))) return fresh;
  return { size: shape.mask.size, counts: [...runsOf(shape.mask.counts, shape.mask.size)] };
}
