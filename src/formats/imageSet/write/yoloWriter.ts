import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { turnedCorners } from '../../../core/dataset/edit/shapeGeometry';
import type { Point } from '../../../core/dataset/shape';
import type { Size } from '../../../core/geometry/box';
import type { DirSource } from '../../../core/ports';
import type { OpenTarget } from '../../format';
import type { ImageSetDetection } from '../imageSetFormat';
import { boxOfShape } from '../plainAnnotation';
import type { RecordNotes } from '../recordNotes';
import { openYolo, yolo } from '../yolo';
import { labelFileOf } from '../yoloConfig';
import type { YoloDialect } from '../yoloLine';
import { rounded } from './boxNumbers';
import { placeIn, same } from './changes';
import type { Curation, ImageSetWriter, WriteHost } from './imageSetWriter';
import { LineEdits } from './lines';
import { type RecordEditor, type RecordFiles, recordWriter } from './recordWriter';

/** YOLO's label files, with `data.yaml` or `classes.txt` as they are. */
export const yoloWriter: ImageSetWriter = {
  formats: ['yolo'],
  write: (target, detection, curation, host) => write(target, detection, curation, host),
};

async function* write(target: OpenTarget, detection: ImageSetDetection, curation: Curation, host: WriteHost) {
  const { dialect } = await openYolo(target.dir, detection);
  const writer = recordWriter(yolo, editorOf(dialect), files);
  yield* writer.write(target, detection, curation, host);
}

const files: RecordFiles = {
  fileOf: ({ place }) => labelFileOf(place.file),
  others: async (dir: DirSource, { files: yaml }) => {
    const beside = ['classes.txt', 'labels/classes.txt'];
    const there = await Promise.all(beside.map((path) => dir.open(path)));
    return [...yaml, ...beside.filter((_, i) => there[i] !== null)];
  },
};

const editorOf =
  (dialect: YoloDialect): RecordEditor =>
  ({ bytes, image, changed, removed, added, notes }) => {
    const { size } = image;
    if (size === null) {
      notes.error(null, 'The size of the image cannot be read: its labels stay as they are');
      return [];
    }
    const edits = new LineEdits(bytes);
    for (const { before, after } of changed) {
      const line = placeIn(before);
      edits.setWords(line, changedWords(edits.words(line), before, after, dialect, size, notes));
    }
    for (const one of removed) edits.remove(placeIn(one));
    edits.add(added.flatMap((one) => newLine(one, dialect, size, notes)));
    return edits.edits;
  };

function changedWords(
  words: readonly string[],
  before: DatasetAnnotation,
  after: DatasetAnnotation,
  dialect: YoloDialect,
  size: Size,
  notes: RecordNotes,
): readonly string[] {
  const cls = before.label === after.label ? words[0] : classOf(after, dialect, notes);
  const isMoved = !same([before.shape, before.keypoints], [after.shape, after.keypoints]);
  const [old, fresh] = [partsOf(before, dialect, size), isMoved ? partsOf(after, dialect, size) : null];
  if (fresh === null) return [cls ?? words[0] ?? '0', ...words.slice(1)];
  const isSameLength = old?.length === fresh.length;
  const parts = fresh.map((part, i) => (isSameLength && old?.[i] === part ? (words[i + 1] ?? '') : text(part)));
  const score = before.score === null ? [] : words.slice(-1);
  return [cls ?? words[0] ?? '0', ...parts, ...score];
}

function newLine(annotation: DatasetAnnotation, dialect: YoloDialect, size: Size, notes: RecordNotes): string[] {
  const [cls, parts] = [classOf(annotation, dialect, notes), partsOf(annotation, dialect, size)];
  if (parts === null) notes.warn(null, `A shape of the kind "${annotation.shape.kind}" cannot be written as YOLO`);
  return cls === null || parts === null ? [] : [[cls, ...parts.map(text)].join(' ')];
}

function text(part: number): string {
  return String(rounded(part));
}

function classOf({ label }: DatasetAnnotation, { names }: YoloDialect, notes: RecordNotes): string | null {
  for (const [cls, name] of names) if (name === label) return String(cls);
  if (label !== null && /^\d{1,6}$/.test(label)) return label;
  return notes.error('class', `The set's description has no class "${label ?? ''}"`);
}

/** Parts of the sides as a line has them after the class; null for a shape that YOLO has no lines for. */
export function partsOf(
  { shape, box, keypoints }: DatasetAnnotation,
  dialect: YoloDialect,
  { width, height }: Size,
): number[] | null {
  const flat = (points: readonly Point[]) => points.flatMap(({ x, y }) => [x / width, y / height]);
  const corners =
    shape.kind === 'quad'
      ? shape.points
      : shape.kind === 'turnedBox'
        ? turnedCorners(shape.box, shape.angle)
        : shape.kind === 'polygons' && shape.rings.length === 1
          ? shape.rings[0]
          : undefined;
  if (dialect.task !== 'pose' && dialect.task !== 'detect' && corners !== undefined) return flat(corners);
  if (dialect.task === 'obb' && shape.kind === 'box') return flat(turnedCorners(shape.box, 0));
  const around = boxOfShape(shape) ?? box;
  if (around === null) return null;
  const { x1, y1, x2, y2 } = around;
  const centre = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
  const [count, dimensions] = dialect.keypoints ?? [0, 0];
  const places = shape.kind === 'keypoints' ? shape.points : (keypoints ?? []);
  const marked = Array.from({ length: count }, (_, i) => places[i] ?? { x: 0, y: 0, visibility: 0 });
  const numbers = marked.flatMap(({ x, y, visibility }) =>
    [x / width, y / height, visibility].slice(0, dimensions === 3 ? 3 : 2),
  );
  return [...centre, ...numbers];
}
