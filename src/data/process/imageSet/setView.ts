import { UserError } from '../../../core/text/userError';
import type { ImageSetQuery, ImageSetView } from '../../../protocol/imageSet';
import { forEachRow } from '../columns/rowMask';
import { sortedIndices } from '../columns/sortedIndices';
import type { ColumnShelf } from './columnShelf';
import type { EffectiveTables } from './effectiveTables';
import { numbersOf } from './setChips';
import type { Matching } from './setQueries';
import { type Section, sectionsOf } from './setSections';

/** Images that match a query, in order, with their annotations that match; as they stood when it was asked. */
export class SetView {
  /** Images in the order of the grid; see `ImageSetView.order`. */
  readonly order: Uint32Array;
  /** By image: what it is sorted by; NaN where it has none. Null where nothing is sorted. */
  readonly sortValues: Float64Array | null;
  /** Distinct images, ascending. */
  readonly images: Uint32Array;
  private readonly sections: readonly Section[];
  private readonly annotationCount: number;

  /** Throws `UserError` for columns that are not there, or cannot be sorted by. */
  constructor(matching: Matching, { sort, groupBy }: ImageSetQuery, tables: EffectiveTables, shelf: ColumnShelf) {
    const rows: number[] = [];
    forEachRow(matching.image, tables.images.length, (row) => rows.push(row));
    this.images = Uint32Array.from(rows);
    let annotationCount = 0;
    forEachRow(matching.annotation, tables.annotations.length, () => annotationCount++);
    this.annotationCount = annotationCount;
    this.sortValues = sort === null ? null : valuesByImage(sort, matching, tables, shelf);
    const ordered =
      this.sortValues === null ? this.images : sorted(this.images, this.sortValues, sort?.descending ?? false);
    if (groupBy === null) {
      this.order = ordered;
      this.sections = [{ title: '', images: ordered }];
    } else {
      this.sections = sectionsOf(groupBy, ordered, matching, tables, shelf);
      this.order = joined(this.sections.map(({ images }) => images));
    }
  }

  wire(view: number): ImageSetView {
    const { images, annotationCount: annotations, order, sections } = this;
    const shown = sections.map((section) => ({ title: section.title, images: section.images.length }));
    return { view, images: images.length, annotations, order, sections: shown };
  }

  /** Null without a value; undefined where nothing is sorted. */
  sortValue(image: number): number | null | undefined {
    if (this.sortValues === null) return undefined;
    const value = this.sortValues[image] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  }
}

/** By image: its own value, or of its matching annotations' the largest or the smallest; NaN for none. Texts as their ranks. */
export function valuesByImage(
  { column: name, descending }: NonNullable<ImageSetQuery['sort']>,
  { annotation }: Matching,
  tables: EffectiveTables,
  shelf: ColumnShelf,
): Float64Array {
  const column = shelf.find(name);
  const values = shelf.valuesOf(column);
  if (column.of === 'image') {
    if (values.kind === 'number') return Float64Array.from(values.values);
    if (values.kind === 'text') return ranks(values.texts);
    if (values.kind === 'category') return namesInOrder(values.codes, values.names);
    throw new UserError(`Images cannot be sorted by “${column.name}”: one may have several.`);
  }
  const numbers = numbersOf(column, shelf);
  const extremes = new Float64Array(tables.images.length).fill(Number.NaN);
  const { images } = tables.annotations;
  forEachRow(annotation, tables.annotations.length, (row) => {
    const value = numbers[row] ?? Number.NaN;
    const image = images[row] ?? -1;
    const before = extremes[image] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    if (Number.isNaN(before) || (descending ? value > before : value < before)) extremes[image] = value;
  });
  return extremes;
}

/** Place of each text among all of them, in the order of their letters with numbers by value. */
function ranks(texts: readonly string[]): Float64Array {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const order = texts.map((_, at) => at).sort((a, b) => compare(texts[a] ?? '', texts[b] ?? ''));
  const places = new Float64Array(texts.length);
  order.forEach((at, place) => {
    places[at] = place;
  });
  return places;
}

function namesInOrder(codes: Int32Array, names: readonly string[]): Float64Array {
  const places = ranks(names);
  return Float64Array.from(codes, (code) => places[code] ?? Number.NaN);
}

/** By value, those without one last; equal ones in the order of the file. */
function sorted(images: Uint32Array, values: Float64Array, descending: boolean): Uint32Array {
  const there = images.filter((image) => !Number.isNaN(values[image]));
  const absent = images.filter((image) => Number.isNaN(values[image]));
  const keys = Float64Array.from(there, (image) => values[image] ?? 0);
  return joined([sortedIndices(keys, descending).map((at) => there[at] ?? 0), absent]);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
