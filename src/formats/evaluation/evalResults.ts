import { areaOf } from '../../core/mask/rle';
import type { EvalMask, ResultTable } from '../../core/metric/coco/tables';
import type { ByteSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import { UserError } from '../../core/text/userError';
import { isObject } from '../columns';
import { documentElements } from './documentElements';
import { EvalProblems, fourNumbers, isId, segmentationRuns } from './evalColumns';
import type { EvalTruth } from './evalTruth';

/** One result, as a file of results or a trace has it. */
export interface EvalResult {
  /** Ordinals in the ground truth. */
  readonly image: number;
  readonly category: number;
  /** x, y, width, height; null for one of a mask alone. */
  readonly box: readonly [number, number, number, number] | null;
  /** Null where boxes are compared. */
  readonly mask: { readonly area: number; readonly read: () => EvalMask } | null;
  readonly score: number;
}

export interface EvalResults {
  readonly table: ResultTable;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/**
 * Reads a list of results in COCO's layout. Of what belongs to no image or category of the ground truth it is said so; a file that
 * is no list throws a `UserError`.
 */
export async function readEvalResults(
  source: ByteSource,
  truth: EvalTruth,
  masks: boolean,
  lvis: boolean,
): Promise<EvalResults> {
  const problems = new EvalProblems(source.path);
  const results: EvalResult[] = [];
  for await (const elements of documentElements(source)) {
    for (const { list, index, value } of elements) {
      if (list !== '') throw new UserError(`${source.path}: no list of results, as COCO has it`);
      const result = resultOf(value, index, truth, masks, problems);
      if (result !== null) results.push(result);
    }
  }
  return { table: resultTable(results, truth, masks, lvis), problems: problems.list, problemCount: problems.count };
}

function resultOf(
  value: JsonValue | undefined,
  index: number,
  truth: EvalTruth,
  masks: boolean,
  problems: EvalProblems,
): EvalResult | null {
  const wrong = (field: string | null, message: string): null => {
    problems.add(index, field, message);
    return null;
  };
  if (!isObject(value)) return wrong(null, 'is no object');
  const { image_id: imageId, category_id: categoryId, bbox, segmentation, score } = value;
  const image = isId(imageId) ? truth.imageOf.get(imageId) : undefined;
  if (image === undefined) return wrong('image_id', `${JSON.stringify(imageId)} is no image of the ground truth`);
  const category = isId(categoryId) ? truth.categoryOf.get(categoryId) : undefined;
  if (category === undefined)
    return wrong('category_id', `${JSON.stringify(categoryId)} is no category of the ground truth`);
  if (typeof score !== 'number' || Number.isNaN(score)) return wrong('score', 'is missing, or no number');
  const box = fourNumbers(bbox);
  if (box === null && !masks) return wrong('bbox', 'is not four numbers x, y, width, height');
  if (!masks) return { image, category, box, mask: null, score };
  try {
    const read = () => segmentationRuns(segmentation, truth.images[image]?.size ?? null);
    return { image, category, box, mask: { area: areaOf(read().runs), read }, score };
  } catch (error) {
    if (UserError.is(error)) return wrong('segmentation', error.message);
    throw error;
  }
}

/** LVIS keeps the best of an image, all categories together. */
const lvisResults = 300;

/**
 * Results as columns. Of masks the area decides, but of their boxes where the first result states one: so does pycocotools. LVIS:
 * results of categories that are neither in the image nor known to be absent do not count.
 */
export function resultTable(all: readonly EvalResult[], truth: EvalTruth, masks: boolean, lvis: boolean): ResultTable {
  const byBox = all[0]?.box != null;
  const rows = lvis ? ofLvis(all, truth) : all;
  return {
    length: rows.length,
    image: Int32Array.from(rows, ({ image }) => image),
    category: Int32Array.from(rows, ({ category }) => category),
    boxes: Float64Array.from({ length: rows.length * 4 }, (_, i) => rows[i >> 2]?.box?.[i & 3] ?? 0),
    areas: Float64Array.from(rows, ({ box, mask }) =>
      (!masks || byBox) && box !== null ? box[2] * box[3] : (mask?.area ?? 0),
    ),
    scores: Float64Array.from(rows, ({ score }) => score),
    lenient: lvis
      ? Uint8Array.from(rows, ({ image, category }) => (lists(truth, image, category, 'unexhausted') ? 1 : 0))
      : null,
    mask: masks ? (row) => rows[row]?.mask?.read() ?? { runs: new Uint32Array(0), height: 1 } : null,
  };
}

function ofLvis(all: readonly EvalResult[], truth: EvalTruth): readonly EvalResult[] {
  const { table, categories } = truth;
  const present = new Set(Array.from(table.image, (image, i) => image * categories.length + (table.category[i] ?? 0)));
  const byImage = new Map<number, EvalResult[]>();
  for (const result of all) {
    const rows = byImage.get(result.image);
    if (rows === undefined) byImage.set(result.image, [result]);
    else rows.push(result);
  }
  return [...byImage.values()]
    .flatMap((rows) =>
      rows.length <= lvisResults ? rows : rows.sort((a, b) => b.score - a.score).slice(0, lvisResults),
    )
    .filter(
      ({ image, category }) =>
        present.has(image * categories.length + category) || lists(truth, image, category, 'absent'),
    );
}

function lists(truth: EvalTruth, image: number, category: number, which: 'absent' | 'unexhausted'): boolean {
  const id = truth.categories[category]?.id;
  return id !== undefined && (truth.images[image]?.[which].includes(id) ?? false);
}
