import { inMask } from '../columns/rowMask';
import { bucketed } from './buckets';
import type { ColumnShelf } from './columnShelf';
import type { EffectiveTables } from './effectiveTables';
import type { ColumnValues } from './setColumns';
import type { Matching } from './setQueries';

/** Images under one title, in their order. */
export interface Section {
  readonly title: string;
  readonly images: Uint32Array;
}

/** Sections there are at most; images of other names are in the last. */
const mostSections = 1000;

/**
 * Images by a column: each under every name that it has, or that its matching annotations have, in the order in which the set
 * names them; numbers in buckets. Those without a value come last.
 * @param images in the order in which they stand in their sections.
 */
export function sectionsOf(
  name: string,
  images: Uint32Array,
  matching: Matching,
  tables: EffectiveTables,
  shelf: ColumnShelf,
): readonly Section[] {
  const column = shelf.find(name);
  const values = shelf.valuesOf(column);
  const { codes, titles } =
    column.apart && values.kind === 'number' ? apart(column.name, values.values) : coded(values, tables.images.length);
  const codesOf = column.of === 'image' ? codes : throughAnnotations(codes, matching, tables);
  const sections: number[][] = titles.map(() => []);
  const without: number[] = [];
  const lastImage = new Int32Array(titles.length).fill(-1);
  for (const image of images) {
    let any = false;
    for (const code of codesOf(image)) {
      if (code < 0) continue;
      any = true;
      if (lastImage[code] === image) continue;
      lastImage[code] = image;
      sections[code]?.push(image);
    }
    if (!any) without.push(image);
  }
  const found = sections.map((own, code) => ({ title: titles[code] ?? '', images: Uint32Array.from(own) }));
  const none = { title: `no ${column.name}`, images: Uint32Array.from(without) };
  return [...found, none].filter((section) => section.images.length > 0);
}

interface Coded {
  /** Indices into `titles` of a row; −1 for none. */
  readonly codes: (row: number) => Iterable<number>;
  readonly titles: readonly string[];
}

/** A section for each number, as far as there may be so many. */
function apart(name: string, values: ArrayLike<number>): Coded {
  const numbers = [...new Set(Array.from(values))].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const listed = numbers.slice(0, mostSections - 1);
  const byNumber = new Map(numbers.map((value, at) => [value, Math.min(at, listed.length)]));
  const titles = [...listed.map((value) => `${name} ${value}`), 'others'];
  return { codes: (row) => [byNumber.get(values[row] ?? Number.NaN) ?? -1], titles };
}

function coded(values: ColumnValues, rows: number): Coded {
  switch (values.kind) {
    case 'category':
      return { codes: (row) => [values.codes[row] ?? -1], titles: values.names };
    case 'number': {
      const { codes, titles } = bucketed(values.values);
      return { codes: (row) => [codes[row] ?? -1], titles };
    }
    case 'text': {
      const titles = [...new Set(values.texts)].slice(0, mostSections - 1);
      const byText = new Map(titles.map((title, code) => [title, code]));
      return { codes: (row) => [byText.get(values.texts[row] ?? '') ?? titles.length], titles: [...titles, 'others'] };
    }
    case 'tags': {
      const own: number[][] = Array.from({ length: rows }, () => []);
      values.rows.forEach((row, i) => {
        own[row]?.push(values.codes[i] ?? -1);
      });
      return { codes: (row) => own[row] ?? [], titles: values.names };
    }
  }
}

/** Codes of an image's matching annotations. */
function throughAnnotations(codes: Coded['codes'], { annotation }: Matching, tables: EffectiveTables): Coded['codes'] {
  const { starts, order } = tables.byImage();
  return function* (image) {
    for (let i = starts[image] ?? 0; i < (starts[image + 1] ?? 0); i++) {
      const row = order[i] ?? 0;
      if (inMask(annotation, row)) yield* codes(row);
    }
  };
}
