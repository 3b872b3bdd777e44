import type { ResultTable, TruthTable } from './tables';

/** Rows of one category in one image: annotations in the order of the file, results best score first. */
export interface Cell {
  readonly image: number;
  readonly truth: Int32Array;
  readonly results: Int32Array;
}

export interface CategoryCells {
  /** Ordinal; −1 where all categories are one. */
  readonly category: number;
  /** By image, those without a row left out. */
  readonly cells: readonly Cell[];
}

/** Rows by category and image. Of equal scores the earlier row comes first; a score that is no number comes last. */
export function categoryCells(truth: TruthTable, results: ResultTable, agnostic: boolean): readonly CategoryCells[] {
  const categories = 1 + Math.max(highest(truth.category), highest(results.category));
  const images = 1 + Math.max(highest(truth.image), highest(results.image));
  const given = new Grouped(truth, images, categories, agnostic);
  const found = new Grouped(results, images, categories, agnostic);
  const { scores } = results;
  return Array.from({ length: agnostic ? 1 : categories }, (_, group) => {
    const cells: Cell[] = [];
    const from = { truth: given.start(group), results: found.start(group) };
    const end = { truth: given.start(group + 1), results: found.start(group + 1) };
    while (from.truth < end.truth || from.results < end.results) {
      const image = Math.min(given.imageAt(from.truth, end.truth), found.imageAt(from.results, end.results));
      const truthTo = given.after(from.truth, end.truth, image);
      const resultsTo = found.after(from.results, end.results, image);
      const ranked = found.order.slice(from.results, resultsTo).sort((a, b) => byScore(scores, a, b));
      cells.push({ image, truth: given.order.slice(from.truth, truthTo), results: ranked });
      from.truth = truthTo;
      from.results = resultsTo;
    }
    return { category: agnostic ? -1 : group, cells };
  });
}

/** Descending; stable where a stable sort calls it. */
export function byScore(scores: Float64Array, a: number, b: number): number {
  const [first, second] = [scores[a] ?? Number.NaN, scores[b] ?? Number.NaN];
  if (first === second) return 0;
  if (Number.isNaN(first)) return Number.isNaN(second) ? 0 : 1;
  return Number.isNaN(second) ? -1 : second - first;
}

/** Rows sorted by category, then image, then place in the file; where categories are one, by image, then category. */
class Grouped {
  readonly order: Int32Array;
  private readonly starts: Int32Array;
  private readonly image: Int32Array;

  constructor({ length, image, category }: TruthTable | ResultTable, images: number, categories: number, one: boolean) {
    this.image = image;
    const rows = Int32Array.from({ length }, (_, i) => i);
    const [first, second] = one
      ? [sortedBy(rows, category, categories), image]
      : [sortedBy(rows, image, images), category];
    this.order = sortedBy(first, second, one ? images : categories);
    this.starts = one ? Int32Array.of(0, length) : startsOf(category, categories);
  }

  start(group: number): number {
    return this.starts[group] ?? 0;
  }

  imageAt(at: number, end: number): number {
    return at < end ? (this.image[this.order[at] ?? 0] ?? 0) : Number.POSITIVE_INFINITY;
  }

  after(at: number, end: number, image: number): number {
    let to = at;
    while (to < end && this.imageAt(to, end) === image) to++;
    return to;
  }
}

/** Counting sort, stable. */
function sortedBy(rows: Int32Array, keys: Int32Array, count: number): Int32Array {
  const next = startsOf(keys, count);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const key = keys[row] ?? 0;
    const at = next[key] ?? 0;
    sorted[at] = row;
    next[key] = at + 1;
  }
  return sorted;
}

function startsOf(keys: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 0; key < count; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  return starts;
}

function highest(values: Int32Array): number {
  return values.reduce((a, b) => Math.max(a, b), -1);
}
