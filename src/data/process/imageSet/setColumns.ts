import { resizedSide } from '../../../core/dataset/presets';
import { videoMark } from '../../../protocol/imageSet';
import type { ColumnInfo } from '../../../protocol/query';
import { annotationFlag } from './annotationTable';
import type { EffectiveTables } from './effectiveTables';
import { imageSources } from './imageSources';
import { frameMarks, videosOf } from './setVideos';

type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** What a column's values are, by image or by annotation. */
export type ColumnValues =
  /** NaN where there is none. */
  | { readonly kind: 'number'; readonly values: Numbers }
  /** Index into `names`; −1 where there is none. */
  | { readonly kind: 'category'; readonly codes: Int32Array; readonly names: readonly string[] }
  /** Too many distinct texts to list. */
  | { readonly kind: 'text'; readonly texts: readonly string[] }
  /** Any number of names each: those of `rows[i]` is `names[codes[i]]`, ascending by row. */
  | {
      readonly kind: 'tags';
      readonly rows: Uint32Array;
      readonly codes: Uint32Array;
      readonly names: readonly string[];
    };

export interface SetColumn {
  /** Its name in SQL and in chips. */
  readonly name: string;
  readonly of: 'image' | 'annotation';
  readonly kind: ColumnInfo['kind'];
  readonly role: ColumnInfo['role'];
  readonly about: string;
  /** Numbers that only tell things apart: in groups each has a section of its own. */
  readonly apart?: boolean;
  /** Made when first asked for, from the tables as they stand then. */
  readonly make: (tables: EffectiveTables) => ColumnValues;
}

/** Sides of the squares whose area tells COCO's objects apart (`areaRng` of `cocoeval.py`). */
const [smallSide, mediumSide] = [32, 96];
export const sizeNames = ['small', 'medium', 'large'] as const;

/** Columns that every set has. */
export const ownColumns: readonly SetColumn[] = [
  category('label', 'annotation', 'Name of the annotation’s category.', ({ annotations, labels }) => ({
    codes: annotations.labels.subarray(0, annotations.length),
    names: labels.list,
  })),
  ofAnnotations('area', 'Area as the file states it, in pixels squared; COCO’s is the mask’s.', (t, at) => t.areas[at]),
  ofAnnotations('boxArea', 'Area of the box, in pixels squared.', ({ x1, y1, x2, y2 }, at) =>
    Math.abs(((x2[at] ?? 0) - (x1[at] ?? 0)) * ((y2[at] ?? 0) - (y1[at] ?? 0))),
  ),
  number('relativeArea', 'annotation', 'Area of the box as a part of its image’s, 0 to 1.', relativeAreas),
  number(
    'resizedArea',
    'annotation',
    `Area of the box once the image’s longer side is ${resizedSide} pixels, in those pixels squared.`,
    resizedAreas,
  ),
  ofAnnotations('boxWidth', 'Width of the box, in pixels.', ({ x1, x2 }, at) =>
    Math.abs((x2[at] ?? 0) - (x1[at] ?? 0)),
  ),
  ofAnnotations('boxHeight', 'Height of the box, in pixels.', ({ y1, y2 }, at) =>
    Math.abs((y2[at] ?? 0) - (y1[at] ?? 0)),
  ),
  ofAnnotations('aspect', 'Width of the box divided by its height.', ({ x1, y1, x2, y2 }, at) =>
    finite(Math.abs(((x2[at] ?? 0) - (x1[at] ?? 0)) / ((y2[at] ?? 0) - (y1[at] ?? 0)))),
  ),
  number('centreX', 'annotation', 'Centre of the box, 0 at the image’s left edge, 1 at its right.', (tables) =>
    centres(tables, tables.annotations.x1, tables.annotations.x2, tables.images.widths),
  ),
  number('centreY', 'annotation', 'Centre of the box, 0 at the image’s upper edge, 1 at its lower.', (tables) =>
    centres(tables, tables.annotations.y1, tables.annotations.y2, tables.images.heights),
  ),
  ofAnnotations('score', 'Score of a result.', ({ scores }, at) => scores[at]),
  ofAnnotations('crowd', '1 where the annotation stands for a crowd, else 0.', ({ flags }, at) =>
    (flags[at] ?? 0) & annotationFlag.crowd ? 1 : 0,
  ),
  ofAnnotations('ignore', '1 where the file says not to count the annotation, else 0.', ({ flags }, at) =>
    (flags[at] ?? 0) & annotationFlag.ignore ? 1 : 0,
  ),
  category(
    'size',
    'annotation',
    'COCO’s size: small below 32², medium below 96², large; by the stated area, by the box’s where none is stated.',
    sizes,
  ),
  number('width', 'image', 'Width of the image, in pixels.', ({ images }) => sides(images.widths, images.length)),
  number('height', 'image', 'Height of the image, in pixels.', ({ images }) => sides(images.heights, images.length)),
  number('annotations', 'image', 'Annotations of the image.', (tables) => {
    const { starts } = tables.byImage();
    return Float64Array.from({ length: tables.images.length }, (_, i) => (starts[i + 1] ?? 0) - (starts[i] ?? 0));
  }),
  number('labels', 'image', 'Different labels among the image’s annotations.', labelsPerImage),
  category('split', 'image', 'Split of the image, as the set names it.', ({ images }) => ({
    codes: images.splitOf.subarray(0, images.length),
    names: images.splits.list,
  })),
  category(
    'source',
    'image',
    'Dataset that the image’s record names, else the set’s file or folder that the record is in.',
    ({ images }) => imageSources(images),
  ),
  category('folder', 'image', 'Folder in the image’s name.', foldersOfImages),
  category(
    'video',
    'image',
    'Video that the image is a frame of, by its folder and name or as the set states it.',
    (t) => ({
      codes: videosOf(t).codes,
      names: videosOf(t).videos,
    }),
  ),
  number('frame', 'image', 'Number of the frame in its video.', (tables) => videosOf(tables).frames),
  number(
    'time',
    'image',
    'Time of the frame in its video, in seconds, where its name tells.',
    (t) => videosOf(t).times,
  ),
  number(
    'keyframe',
    'image',
    '1 where somebody drew in the frame: CVAT’s keyframes, else frames with annotations.',
    keyframes,
  ),
  {
    name: 'file',
    of: 'image',
    kind: 'category',
    role: 'derived',
    about: 'Name of the image, as the set has it.',
    make: ({ images }) => ({ kind: 'text', texts: images.files }),
  },
  {
    name: 'key',
    of: 'image',
    kind: 'category',
    role: 'derived',
    about: 'The image’s id in the set, or its name where it has none.',
    make: ({ images }) => ({ kind: 'text', texts: images.keys }),
  },
];

type AnnotationColumns = EffectiveTables['annotations'];

function number(
  name: string,
  of: SetColumn['of'],
  about: string,
  make: (tables: EffectiveTables) => Numbers,
): SetColumn {
  return { name, of, kind: 'number', role: 'derived', about, make: (t) => ({ kind: 'number', values: make(t) }) };
}

function ofAnnotations(
  name: string,
  about: string,
  value: (of: AnnotationColumns, at: number) => number | undefined,
): SetColumn {
  return number(name, 'annotation', about, ({ annotations }) => {
    const values = new Float64Array(annotations.length);
    for (let at = 0; at < values.length; at++) values[at] = value(annotations, at) ?? Number.NaN;
    return values;
  });
}

function category(
  name: string,
  of: SetColumn['of'],
  about: string,
  make: (tables: EffectiveTables) => { codes: Int32Array; names: readonly string[] },
): SetColumn {
  return { name, of, kind: 'category', role: 'derived', about, make: (t) => ({ kind: 'category', ...make(t) }) };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

function relativeAreas({ annotations, images }: EffectiveTables): Float64Array {
  const { x1, y1, x2, y2, images: of } = annotations;
  const values = new Float64Array(annotations.length);
  for (let at = 0; at < values.length; at++) {
    const image = of[at] ?? -1;
    const whole = (images.widths[image] ?? 0) * (images.heights[image] ?? 0);
    const box = Math.abs(((x2[at] ?? 0) - (x1[at] ?? 0)) * ((y2[at] ?? 0) - (y1[at] ?? 0)));
    values[at] = whole > 0 ? box / whole : Number.NaN;
  }
  return values;
}

function resizedAreas({ annotations, images }: EffectiveTables): Float64Array {
  const { x1, y1, x2, y2, images: of } = annotations;
  const values = new Float64Array(annotations.length);
  for (let at = 0; at < values.length; at++) {
    const image = of[at] ?? -1;
    const longer = Math.max(images.widths[image] ?? 0, images.heights[image] ?? 0);
    const box = Math.abs(((x2[at] ?? 0) - (x1[at] ?? 0)) * ((y2[at] ?? 0) - (y1[at] ?? 0)));
    values[at] = longer > 0 ? box * (resizedSide / longer) ** 2 : Number.NaN;
  }
  return values;
}

function centres(
  { annotations }: EffectiveTables,
  from: Float64Array,
  to: Float64Array,
  sidesOf: Int32Array,
): Float64Array {
  const values = new Float64Array(annotations.length);
  for (let at = 0; at < values.length; at++) {
    const side = sidesOf[annotations.images[at] ?? -1] ?? 0;
    values[at] = side > 0 ? ((from[at] ?? 0) + (to[at] ?? 0)) / 2 / side : Number.NaN;
  }
  return values;
}

function sizes({ annotations }: EffectiveTables): { codes: Int32Array; names: readonly string[] } {
  const { areas, x1, y1, x2, y2 } = annotations;
  const codes = new Int32Array(annotations.length);
  for (let at = 0; at < codes.length; at++) {
    const stated = areas[at] ?? Number.NaN;
    const box = Math.abs(((x2[at] ?? 0) - (x1[at] ?? 0)) * ((y2[at] ?? 0) - (y1[at] ?? 0)));
    const area = Number.isNaN(stated) ? box : stated;
    codes[at] = Number.isNaN(area) ? -1 : area < smallSide ** 2 ? 0 : area < mediumSide ** 2 ? 1 : 2;
  }
  return { codes, names: sizeNames };
}

/** 0 stands for a size that nobody stated. */
function sides(values: Int32Array, length: number): Float64Array {
  return Float64Array.from(values.subarray(0, length), (side) => (side > 0 ? side : Number.NaN));
}

function labelsPerImage(tables: EffectiveTables): Float64Array {
  const { starts, order } = tables.byImage();
  const values = new Float64Array(tables.images.length);
  const seen = new Int32Array(tables.labels.list.length).fill(-1);
  for (let image = 0; image < values.length; image++)
    for (let i = starts[image] ?? 0; i < (starts[image + 1] ?? 0); i++) {
      const label = tables.annotations.labels[order[i] ?? 0] ?? -1;
      if (label < 0 || seen[label] === image) continue;
      seen[label] = image;
      values[image] = (values[image] ?? 0) + 1;
    }
  return values;
}

/** NaN for images that are no frames. */
function keyframes(tables: EffectiveTables): Float64Array {
  const { codes } = videosOf(tables);
  const marks = frameMarks(tables);
  return Float64Array.from(codes, (code, image) =>
    code < 0 ? Number.NaN : ((marks[image] ?? 0) & videoMark.keyframe) === 0 ? 0 : 1,
  );
}

function foldersOfImages({ images }: EffectiveTables): { codes: Int32Array; names: readonly string[] } {
  const names: string[] = [];
  const known = new Map<string, number>();
  const codes = new Int32Array(images.length).fill(-1);
  for (let index = 0; index < codes.length; index++) {
    const folder = /^(.*)[\\/]/.exec(images.files[index] ?? '')?.[1];
    if (folder === undefined) continue;
    const code = known.get(folder) ?? names.push(folder) - 1;
    known.set(folder, code);
    codes[index] = code;
  }
  return { codes, names };
}
