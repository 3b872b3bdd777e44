import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { Keypoint, Point } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import { plainAnnotation } from './plainAnnotation';
import { enclosing, type RecordNotes } from './recordNotes';

/** What the lines of a set's label files hold, by Ultralytics' names. */
export type YoloTask = 'detect' | 'segment' | 'obb' | 'pose';

/** How the lines of a set are read. */
export interface YoloDialect {
  readonly task: YoloTask;
  /** Names of the classes by number. */
  readonly names: ReadonlyMap<number, string>;
  /** Keypoints of an object and numbers of each: 2, or 3 with visibility. Null where the task is none of poses. */
  readonly keypoints: readonly [count: number, dimensions: number] | null;
}

const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
/** Parts of a side: annotators round, and Ultralytics clips this much. */
const tolerance = 0.01;

/** The numbers of a line, of which the first is the class; null with a problem where one is none. */
function yoloNumbers(line: string, notes: RecordNotes): readonly number[] | null {
  const numbers: number[] = [];
  for (const word of line.split(/\s+/)) {
    if (word === '') continue;
    if (!number.test(word)) return notes.error(null, `"${word.slice(0, 40)}" is no number`);
    numbers.push(Number(word));
  }
  return numbers;
}

/**
 * One line of a label file: the class, then parts of the image's sides — centre, width and height (detect, pose) or corners
 * (segment, OBB) —, then a confidence in predictions. Null with a problem where it has no place.
 */
export function yoloAnnotation(
  line: string,
  id: string,
  dialect: YoloDialect,
  size: Size,
  notes: RecordNotes,
): DatasetAnnotation | null {
  const [cls, ...parts] = yoloNumbers(line, notes) ?? [];
  if (cls === undefined) return null;
  const label = dialect.names.get(cls) ?? String(cls);
  if (dialect.names.size > 0 && !dialect.names.has(cls)) notes.warn('class', `The class ${cls} has no name`);
  const [count, dimensions] = dialect.keypoints ?? [0, 0];
  const isBox = parts.length === 4 || parts.length === 5 || dialect.task === 'pose';
  const most = isBox ? 4 + count * dimensions : parts.length - (parts.length % 2);
  const least = isBox ? 4 : 6;
  if (parts.length < least || (isBox && parts.length !== most && parts.length !== most + 1))
    return notes.error(null, `The line has ${parts.length + 1} numbers, which ${dialect.task} labels never have`);
  const score = parts.length === most ? null : (parts[most] ?? null);
  const isTold = checkParts(isBox ? parts.slice(0, 4) : parts.slice(0, most), notes);
  if (!isBox) return ringAnnotation(id, label, pointsOf(parts.slice(0, most), size), dialect.task, score, notes);
  const [x = 0, y = 0, w = 0, h = 0] = parts;
  const box = {
    x1: (x - w / 2) * size.width,
    y1: (y - h / 2) * size.height,
    x2: (x + w / 2) * size.width,
    y2: (y + h / 2) * size.height,
  };
  notes.checkBox(box, isTold ? null : size, 'box', null);
  const keypoints = keypointsOf(parts.slice(4, most), dimensions, size);
  return plainAnnotation(id, label, { kind: 'box', box }, { score, ...(count > 0 ? { keypoints } : {}) });
}

function ringAnnotation(
  id: string,
  label: string,
  points: readonly Point[],
  task: YoloTask,
  score: number | null,
  notes: RecordNotes,
): DatasetAnnotation {
  notes.checkRing(points, null, 'points', null);
  const isQuad = task === 'obb' && points.length === 4;
  if (task === 'obb' && !isQuad) notes.warn('points', `A turned box has 4 corners, not ${points.length}`);
  const shape = isQuad ? ({ kind: 'quad', points } as const) : ({ kind: 'polygons', rings: [points] } as const);
  return plainAnnotation(id, label, shape, { score, box: enclosing(points) });
}

/** Whether something was told. */
function checkParts(parts: readonly number[], notes: RecordNotes): boolean {
  const out = parts.find((part) => part < -tolerance || part > 1 + tolerance);
  if (out !== undefined) notes.warn(null, `${out} is no part of a side: labels count from 0 to 1`);
  return out !== undefined;
}

function pointsOf(parts: readonly number[], { width, height }: Size): Point[] {
  return Array.from({ length: parts.length / 2 }, (_, i) => ({
    x: (parts[i * 2] ?? 0) * width,
    y: (parts[i * 2 + 1] ?? 0) * height,
  }));
}

function keypointsOf(parts: readonly number[], dimensions: number, { width, height }: Size): Keypoint[] {
  if (dimensions === 0) return [];
  return Array.from({ length: parts.length / dimensions }, (_, i) => {
    const at = i * dimensions;
    const stated = dimensions === 3 ? Math.round(parts[at + 2] ?? 0) : 2;
    // Predictions write a confidence from 0 to 1 in place of the visibility.
    const visibility = stated === 0 || stated === 1 ? stated : 2;
    return { x: (parts[at] ?? 0) * width, y: (parts[at + 1] ?? 0) * height, visibility };
  });
}
