import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Skeleton } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import type { DirSource } from '../../core/ports';
import type { OpenTarget } from '../format';
import { readHead } from '../head';
import { counted, folderOf } from '../paths';
import { feed, type Met } from './feed';
import { FolderNames, filesBelow, firstFiles, isImageName } from './imageFiles';
import { orientedSize, readImageHeader } from './imageHeader';
import type { ImageSetDetection, ImageSetFormat } from './imageSetFormat';
import { RecordNotes } from './recordNotes';
import { configOfFolder, labelFileOf, readYoloConfig, splitImages, type YoloConfig } from './yoloConfig';
import { type YoloDialect, type YoloTask, yoloAnnotation } from './yoloLine';

/**
 * Ultralytics' YOLO: a text file of labels an image, for detection, segmentation, turned boxes and poses (docs.ultralytics.com,
 * datasets). OpenCV, with which it reads images, turns them as EXIF says.
 */
export const yolo: ImageSetFormat = {
  id: 'yolo',
  title: 'YOLO',
  frame: 'oriented',
  detect,
  scan: async ({ dir }, detection, sink) => {
    const set = await openYolo(dir, detection);
    for (const [number, name] of set.dialect.names) sink.label(name, skeletonOf(set, number));
    if (set.doubt !== null) sink.problem(set.doubt);
    await feed(records(dir, set), sink);
  },
  readImage: async ({ dir }, detection, { file }) => {
    const { dialect } = await openYolo(dir, detection);
    const { annotations } = await readLabels(dir, file, dialect);
    return { annotations, questions: [], attributes: {} };
  },
};

const filesTried = 20;

async function detect({ dir, file }: OpenTarget): Promise<ImageSetDetection | null> {
  const yamls = file !== null ? (/\.ya?ml$/i.test(file) ? [file] : []) : await rootYamls(dir);
  for (const yaml of yamls) {
    const config = await readYoloConfig(dir, yaml);
    if (config === null || config.splits.length === 0) continue;
    const reason = `${yaml} has ${counted(config.names.size, 'name')} of classes and says where the images of YOLO lie.`;
    return { format: 'yolo', files: [yaml], reason };
  }
  if (file !== null) return null;
  const label = (await labelFiles(dir))[0];
  if (label === undefined) return null;
  return { format: 'yolo', files: [], reason: `Labels of YOLO beside images, as in ${label}.` };
}

async function rootYamls(dir: DirSource): Promise<readonly string[]> {
  const entries = await dir.list('');
  return entries.filter(({ kind, name }) => kind === 'file' && /\.ya?ml$/i.test(name)).map(({ name }) => name);
}

/** YOLO states no bones: they would be guessed. */
function skeletonOf({ config, dialect: { keypoints } }: OpenedYolo, number: number): Skeleton | undefined {
  if (keypoints === null) return undefined;
  const own = config.keypointNames.get(number) ?? [];
  return { names: Array.from({ length: keypoints[0] }, (_, i) => own[i] ?? ''), skeleton: [] };
}

/** The first text files that hold a line of labels, each with an image that it is the label file of. */
async function labelFiles(dir: DirSource): Promise<readonly string[]> {
  const names = new FolderNames(dir);
  const found: string[] = [];
  for (const file of await firstFiles(dir, 'txt', filesTried)) {
    const [first] = await headLines(dir, file);
    if (first === undefined || !/^\d{1,6}(?:\s+[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?){4,}\s*$/.test(first)) continue;
    const stem = file.slice(file.lastIndexOf('/') + 1, -4);
    const folder = folderOf(file);
    const images = folder
      .split('/')
      .map((part) => (part === 'labels' ? 'images' : part))
      .join('/');
    if ((await names.imageCalled(images, stem)) !== null) found.push(file);
  }
  return found;
}

async function headLines(dir: DirSource, file: string): Promise<readonly string[]> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return head?.lines ?? [];
}

/** A set with how its lines are read. */
export interface OpenedYolo {
  readonly config: YoloConfig;
  readonly dialect: YoloDialect;
  readonly doubt: Parameters<Parameters<ImageSetFormat['scan']>[2]['problem']>[0] | null;
}

/** Every image that is read asks for it. */
const opened = new WeakMap<ImageSetDetection, Promise<OpenedYolo>>();

export function openYolo(dir: DirSource, detection: ImageSetDetection): Promise<OpenedYolo> {
  const known = opened.get(detection) ?? openAnew(dir, detection);
  opened.set(detection, known);
  return known;
}

async function openAnew(dir: DirSource, { files: [yaml] }: ImageSetDetection): Promise<OpenedYolo> {
  const config = (yaml === undefined ? null : await readYoloConfig(dir, yaml)) ?? (await configOfFolder(dir));
  const { names, keypoints } = config;
  if (keypoints !== null) return { config, dialect: { task: 'pose', names, keypoints }, doubt: null };
  if (config.task !== null) return { config, dialect: { task: config.task, names, keypoints }, doubt: null };
  const { task, certain } = await taskByLines(dir);
  const message =
    'Lines of 9 numbers are turned boxes or polygons of 4 corners; they are read as turned boxes. "task: segment" in data.yaml says otherwise.';
  const doubt = { severity: 'warning', file: yaml ?? '', line: null, element: null, field: 'task', message } as const;
  return { config, dialect: { task, names, keypoints }, doubt: certain ? null : doubt };
}

/** By the first label files: corners in lines of other than 9 numbers are polygons; where all have 9, they are taken for turned boxes. */
async function taskByLines(dir: DirSource): Promise<{ task: YoloTask; certain: boolean }> {
  let nine = 0;
  let longer = 0;
  for (const file of await labelFiles(dir))
    for (const line of await headLines(dir, file)) {
      const count = line.trim().split(/\s+/).length;
      // A confidence makes it one more; boxes have 5 or 6.
      if (count === 9 || count === 10) nine++;
      else if (count >= 7) longer++;
    }
  if (longer > 0) return { task: 'segment', certain: true };
  return nine > 0 ? { task: 'obb', certain: false } : { task: 'detect', certain: true };
}

/** Images of a set with their split, each once. */
async function* yoloImages(
  dir: DirSource,
  { config }: OpenedYolo,
): AsyncGenerator<{ readonly file: string; readonly split: string | null }, void> {
  const seen = new Set<string>();
  for (const { split, paths } of config.splits)
    for await (const file of splitImages(dir, paths, (folder) => filesBelow(dir, folder))) {
      if (!seen.has(file)) yield { file, split };
      seen.add(file);
    }
  if (seen.size > 0) return;
  for await (const file of filesBelow(dir)) {
    const [, split] = /(?:^|\/)images\/(train|val|valid|test)[^/]*\//.exec(file) ?? [];
    if (isImageName(file)) yield { file, split: split ?? null };
  }
}

async function* records(dir: DirSource, set: OpenedYolo): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  const labels = new Map<string, Set<string>>();
  for await (const { file, split } of yoloImages(dir, set)) {
    const { annotations, problems, size, bytes } = await readLabels(dir, file, set.dialect);
    const place = { file, line: null };
    const image = { key: file, file, size, split, bytes: { kind: 'file', candidates: [file] } as const, place };
    yield { read: { image, annotations, questions: [], attributes: {}, problems }, bytes };
    const label = labelFileOf(file);
    const folder = folderOf(label);
    if (!labels.has(folder)) labels.set(folder, new Set([...(await names.in(folder))].filter(isLabelName)));
    labels.get(folder)?.delete(label.slice(label.lastIndexOf('/') + 1));
  }
  for (const [folder, lonely] of labels)
    yield { read: [...lonely].map((name) => lonelyLabels(folder === '' ? name : `${folder}/${name}`)), bytes: 0 };
}

const isLabelName = (name: string): boolean => name.endsWith('.txt') && name !== 'classes.txt';

function lonelyLabels(file: string) {
  const message = 'The labels belong to no image: none has their name';
  return { severity: 'warning', file, line: null, element: null, field: null, message } as const;
}

/** Labels in pixels of the image as EXIF turns it; an image without a label file is background. */
async function readLabels(dir: DirSource, image: string, dialect: YoloDialect) {
  const file = labelFileOf(image);
  const notes = new RecordNotes(file);
  const [picture, source] = [await dir.open(image), await dir.open(file)];
  const header = picture === null ? null : await readImageHeader(picture);
  const size: Size | null = header === null ? null : orientedSize(header);
  if (picture === null) notes.error(null, `The image ${image} is not there`);
  const bytes = source === null ? new Uint8Array() : await source.read(0, await source.size());
  const lines = new TextDecoder('utf-8').decode(bytes).split('\n');
  if (size === null && bytes.length > 0)
    notes.error(null, 'Labels count in parts of the image, whose size cannot be read: none is shown');
  const problems = [...notes.problems];
  const annotations: DatasetAnnotation[] = [];
  for (const [i, line] of size === null ? [] : lines.entries()) {
    if (line.trim() === '' || size === null) continue;
    const lineNotes = new RecordNotes(file, i + 1);
    const annotation = yoloAnnotation(line, `${file}#${i + 1}`, dialect, size, lineNotes);
    problems.push(...lineNotes.problems);
    if (annotation !== null) annotations.push(annotation);
  }
  return { annotations, problems, size, bytes: bytes.length };
}
