import type { Size } from '../../core/geometry/box';
import { areaOf } from '../../core/mask/rle';
import type { TruthTable } from '../../core/metric/coco/tables';
import type { ByteSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import { UserError } from '../../core/text/userError';
import { isObject } from '../columns';
import { documentElements } from './documentElements';
import { byId, type EvalId, EvalProblems, fourNumbers, isId, segmentationRuns } from './evalColumns';

export interface EvalImage {
  readonly id: EvalId;
  /** `file_name`, or the end of LVIS's `coco_url`; '' where there is none. */
  readonly file: string;
  readonly size: Size | null;
  /** LVIS: ids of categories known to be absent, and of those not annotated to the end. */
  readonly absent: readonly EvalId[];
  readonly unexhausted: readonly EvalId[];
}

export interface EvalCategory {
  readonly id: EvalId;
  readonly name: string;
  /** LVIS: `r`, `c` or `f`; null without. */
  readonly frequency: string | null;
}

/** Ground truth of a COCO or LVIS document; ordinals of the table are places in `images` and `categories`. */
export interface EvalTruth {
  /** In ascending order of ids. */
  readonly images: readonly EvalImage[];
  readonly categories: readonly EvalCategory[];
  readonly imageOf: ReadonlyMap<EvalId, number>;
  readonly categoryOf: ReadonlyMap<EvalId, number>;
  readonly table: TruthTable;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

export interface TruthOptions {
  readonly masks: boolean;
  /** LVIS has no crowds and keeps `ignore`; pycocotools takes `iscrowd` for both, whatever `ignore` says. */
  readonly lvis: boolean;
}

interface Row {
  readonly id: EvalId;
  readonly image: EvalId;
  readonly category: EvalId;
  readonly box: readonly [number, number, number, number];
  readonly area: number;
  readonly crowd: boolean;
  readonly ignore: boolean;
  readonly segmentation: JsonValue | undefined;
  readonly element: number;
}

/**
 * Reads a document of COCO's layout. What is broken is a problem and left out; a document without images or annotations throws
 * a `UserError`.
 */
export async function readEvalTruth(source: ByteSource, options: TruthOptions): Promise<EvalTruth> {
  const problems = new EvalProblems(source.path);
  const images = new Map<EvalId, EvalImage>();
  const categories = new Map<EvalId, EvalCategory>();
  const rows: Row[] = [];
  let lists = 0;
  for await (const elements of documentElements(source)) {
    for (const { list, index, value } of elements) {
      const known = list === 'images' || list === 'categories' || list === 'annotations';
      if (!known) continue;
      lists++;
      if (!isObject(value)) problems.add(index, list, 'is no object');
      else if (list === 'images') addImage(images, value, index, problems);
      else if (list === 'categories') addCategory(categories, value, index, problems);
      else {
        const row = rowOf(value, index, options, problems);
        if (row !== null) rows.push(row);
      }
    }
  }
  if (lists === 0 || images.size === 0)
    throw new UserError(`${source.path}: no document with images and annotations, as COCO and LVIS have them`);
  return finished(images, categories, rows, options, problems);
}

type JsonObject = { readonly [key: string]: JsonValue };

function addImage(images: Map<EvalId, EvalImage>, value: JsonObject, index: number, problems: EvalProblems): void {
  const { id, file_name: name, coco_url: url, width, height } = value;
  if (!isId(id) || images.has(id)) {
    problems.add(index, 'images.id', idTrouble(id));
    return;
  }
  const isSide = (side: JsonValue | undefined): side is number =>
    typeof side === 'number' && Number.isInteger(side) && side > 0;
  images.set(id, {
    id,
    file: typeof name === 'string' ? name : typeof url === 'string' ? (url.split('/').at(-1) ?? '') : '',
    size: isSide(width) && isSide(height) ? { width, height } : null,
    absent: idsOf(value.neg_category_ids),
    unexhausted: idsOf(value.not_exhaustive_category_ids),
  });
}

const idTrouble = (id: JsonValue | undefined): string =>
  isId(id) ? `${id} is taken by an earlier one` : 'is missing, or no id';
const idsOf = (value: JsonValue | undefined): readonly EvalId[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isId) : [];

function addCategory(
  categories: Map<EvalId, EvalCategory>,
  { id, name, frequency }: JsonObject,
  index: number,
  problems: EvalProblems,
): void {
  if (!isId(id) || categories.has(id)) {
    problems.add(index, 'categories.id', idTrouble(id));
    return;
  }
  categories.set(id, {
    id,
    name: typeof name === 'string' ? name : String(id),
    frequency: typeof frequency === 'string' ? frequency : null,
  });
}

function rowOf(value: JsonObject, index: number, { masks, lvis }: TruthOptions, problems: EvalProblems): Row | null {
  const { id, image_id: image, category_id: category, bbox, area, iscrowd, ignore, segmentation } = value;
  const wrong = (field: string, message: string): null => {
    problems.add(index, `annotations.${field}`, message);
    return null;
  };
  if (!isId(image)) return wrong('image_id', 'is missing, or no id');
  if (!isId(category)) return wrong('category_id', 'is missing, or no id');
  const box = fourNumbers(bbox);
  if (box === null && !masks) return wrong('bbox', 'is not four numbers x, y, width, height');
  const crowd = !lvis && isSet(iscrowd);
  return {
    // pycocotools needs ids; without one nothing but its own numbering could be meant.
    id: isId(id) ? id : index + 1,
    image,
    category,
    box: box ?? [0, 0, 0, 0],
    area: typeof area === 'number' ? area : Number.NaN,
    crowd,
    ignore: lvis ? isSet(ignore) : crowd,
    segmentation: masks ? segmentation : undefined,
    element: index,
  };
}

const isSet = (value: JsonValue | undefined): boolean =>
  value === true || (typeof value === 'number' && value !== 0 && !Number.isNaN(value));

function finished(
  images: ReadonlyMap<EvalId, EvalImage>,
  categories: Map<EvalId, EvalCategory>,
  read: readonly Row[],
  { masks }: TruthOptions,
  problems: EvalProblems,
): EvalTruth {
  const own = (row: Row): boolean => {
    if (!images.has(row.image)) problems.add(row.element, 'annotations.image_id', `${row.image} is no image's id`);
    else if (!categories.has(row.category))
      problems.add(row.element, 'annotations.category_id', `${row.category} is no category's id`);
    else return true;
    return false;
  };
  const sortedImages = [...images.values()].sort((a, b) => byId(a.id, b.id));
  const sortedCategories = [...categories.values()].sort((a, b) => byId(a.id, b.id));
  const imageOf = new Map(sortedImages.map(({ id }, i) => [id, i]));
  const categoryOf = new Map(sortedCategories.map(({ id }, i) => [id, i]));
  const drawn = (row: Row) => segmentationRuns(row.segmentation, images.get(row.image)?.size ?? null);
  const rows = read.filter(own).filter((row) => !masks || isDrawn(row, drawn, problems));
  const areas = rows.map((row) => (Number.isNaN(row.area) ? areaWithout(row, masks, drawn, problems) : row.area));
  const table: TruthTable = {
    length: rows.length,
    image: Int32Array.from(rows, ({ image }) => imageOf.get(image) ?? 0),
    category: Int32Array.from(rows, ({ category }) => categoryOf.get(category) ?? 0),
    boxes: Float64Array.from(rows.flatMap(({ box }) => box)),
    areas: Float64Array.from(areas),
    crowd: Uint8Array.from(rows, ({ crowd }) => (crowd ? 1 : 0)),
    ignore: Uint8Array.from(rows, ({ ignore }) => (ignore ? 1 : 0)),
    zeroId: Uint8Array.from(rows, ({ id }) => (id === 0 ? 1 : 0)),
    mask: masks ? (row) => drawn(rows[row] ?? missingRow()) : null,
  };
  const { list, count } = problems;
  return {
    images: sortedImages,
    categories: sortedCategories,
    imageOf,
    categoryOf,
    table,
    problems: list,
    problemCount: count,
  };
}

function missingRow(): never {
  throw new Error('no such row');
}

function isDrawn(row: Row, drawn: (row: Row) => unknown, problems: EvalProblems): boolean {
  try {
    drawn(row);
    return true;
  } catch (error) {
    if (!UserError.is(error)) throw error;
    problems.add(row.element, 'annotations.segmentation', error.message);
    return false;
  }
}

/** pycocotools does not run without `area`; the box's or the mask's stands in, and the report says so. */
function areaWithout(
  row: Row,
  masks: boolean,
  drawn: (row: Row) => { readonly runs: Uint32Array },
  problems: EvalProblems,
): number {
  problems.add(row.element, 'annotations.area', `is missing: the ${masks ? 'mask' : 'box'}'s own is taken`);
  return masks ? areaOf(drawn(row).runs) : row.box[2] * row.box[3];
}
