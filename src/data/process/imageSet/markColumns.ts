import { verdicts } from '../../../core/dataset/edit/imageNotes';
import type { ImageSetMarks, ImageValues } from '../../../protocol/imageSet';
import type { EffectiveTables } from './effectiveTables';
import type { ColumnValues, SetColumn } from './setColumns';

/** What people said of images, as columns; images are found by their keys, also those that are read later. */
export function markColumns(marks: ImageSetMarks): readonly SetColumn[] {
  const own = (name: string, kind: SetColumn['kind'], about: string, make: SetColumn['make']): SetColumn => ({
    name,
    of: 'image',
    kind,
    role: 'derived',
    about,
    make,
  });
  const numbers = (value: (mark: ImageSetMarks[number]) => number) => (tables: EffectiveTables) => {
    const values = new Float64Array(tables.images.length);
    for (const mark of marks) {
      const index = tables.images.indexOf(mark.key);
      if (index !== null) values[index] = value(mark);
    }
    return { kind: 'number', values } as const;
  };
  const tags = [...new Set(marks.flatMap((mark) => mark.tags))].sort();
  return [
    own(
      'reviewed',
      'number',
      '1 where somebody marked the image as reviewed, else 0.',
      numbers((mark) => (mark.reviewed ? 1 : 0)),
    ),
    own(
      'edits',
      'number',
      'Annotations of the image that were added, changed or removed here.',
      numbers((mark) => mark.edits),
    ),
    own('verdict', 'category', 'What was decided about the image: accept, reject or needs-work.', ({ images }) => {
      const codes = new Int32Array(images.length).fill(-1);
      for (const { key, verdict } of marks) {
        const index = images.indexOf(key);
        if (index !== null && verdict !== null) codes[index] = verdicts.indexOf(verdict);
      }
      return { kind: 'category', codes, names: verdicts };
    }),
    own('tag', 'category', 'Tags of the image; it may have several.', (tables) => tagValues(marks, tags, tables)),
    own('split', 'category', 'Split of the image: the one it was moved to, else as the set names it.', ({ images }) => {
      const names = [...new Set([...images.splits.list, ...marks.flatMap(({ split }) => split ?? [])])];
      const codes = images.splitOf.slice(0, images.length);
      for (const { key, split } of marks) {
        const index = images.indexOf(key);
        if (index !== null && split !== null) codes[index] = names.indexOf(split);
      }
      return { kind: 'category', codes, names };
    }),
  ];
}

/** A number by image that others know: rewards of its rollouts, scores out of a table. */
export function valueColumn({ name, about, images, values }: ImageValues): SetColumn {
  return {
    name,
    of: 'image',
    kind: 'number',
    role: 'field',
    about,
    make: (tables) => {
      const all = new Float64Array(tables.images.length).fill(Number.NaN);
      images.forEach((image, at) => {
        if (image < all.length) all[image] = values[at] ?? Number.NaN;
      });
      return { kind: 'number', values: all };
    },
  };
}

function tagValues(marks: ImageSetMarks, names: readonly string[], { images }: EffectiveTables): ColumnValues {
  const pairs = marks.flatMap(({ key, tags }) => {
    const row = images.indexOf(key);
    return row === null ? [] : tags.map((tag) => [row, names.indexOf(tag)] as const);
  });
  pairs.sort(([a], [b]) => a - b);
  return {
    kind: 'tags',
    rows: Uint32Array.from(pairs, ([row]) => row),
    codes: Uint32Array.from(pairs, ([, code]) => code),
    names,
  };
}
