import { UserError } from '../../../core/text/userError';
import type { FilterChip } from '../../../protocol/query';
import { isInside } from '../columns/chips';
import { emptyMask } from '../columns/rowMask';
import type { ColumnShelf } from './columnShelf';
import type { ColumnValues, SetColumn } from './setColumns';

/** Rows of one kind, images or annotations, that a chip lets through. */
export interface ChipMatch {
  readonly of: SetColumn['of'];
  readonly mask: Uint32Array;
}

/** Throws `UserError` for a column that is not there, or of another kind. */
export function matchingChip(
  chip: FilterChip,
  shelf: ColumnShelf,
  rows: Readonly<Record<SetColumn['of'], number>>,
): ChipMatch {
  switch (chip.kind) {
    case 'range': {
      const column = shelf.find(chip.column);
      const values = numbersOf(column, shelf);
      const [low, high] = [chip.from ?? Number.NEGATIVE_INFINITY, chip.to ?? Number.POSITIVE_INFINITY];
      const mask = emptyMask(rows[column.of]);
      for (let row = 0; row < values.length; row++) {
        const value = values[row] ?? Number.NaN;
        if (value >= low && value <= high) mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
      }
      return { of: column.of, mask };
    }
    case 'category': {
      const column = shelf.find(chip.column);
      return { of: column.of, mask: named(column, shelf.valuesOf(column), chip.values, rows[column.of]) };
    }
    case 'lasso': {
      const [x, y] = [shelf.find(chip.x), shelf.find(chip.y)];
      if (x.of !== y.of) throw new UserError(`“${x.name}” and “${y.name}” do not belong to the same rows.`);
      return { of: x.of, mask: inLasso(numbersOf(x, shelf), numbersOf(y, shelf), chip.points, rows[x.of]) };
    }
    case 'text':
      return { of: 'image', mask: withText(chip.text, chip.matchCase, shelf, rows.image) };
  }
}

export function numbersOf(column: SetColumn, shelf: ColumnShelf): ArrayLike<number> {
  const values = shelf.valuesOf(column);
  if (values.kind !== 'number') throw new UserError(`The column “${column.name}” holds names, not numbers.`);
  return values.values;
}

function named(column: SetColumn, values: ColumnValues, wanted: readonly string[], rows: number): Uint32Array {
  if (values.kind === 'number') throw new UserError(`The column “${column.name}” holds numbers, not names.`);
  const mask = emptyMask(rows);
  const mark = (row: number) => {
    mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  };
  const names = new Set(wanted);
  if (values.kind === 'text') {
    for (let row = 0; row < values.texts.length; row++) if (names.has(values.texts[row] ?? '')) mark(row);
    return mask;
  }
  const isWanted = Uint8Array.from(values.names, (name) => (names.has(name) ? 1 : 0));
  const { codes } = values;
  for (let i = 0; i < codes.length; i++)
    if (isWanted[codes[i] ?? -1] === 1) mark(values.kind === 'tags' ? (values.rows[i] ?? 0) : i);
  return mask;
}

function inLasso(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  points: readonly (readonly [number, number])[],
  rows: number,
): Uint32Array {
  const mask = emptyMask(rows);
  const [xs, ys] = [points.map(([px]) => px), points.map(([, py]) => py)];
  for (let row = 0; row < Math.min(x.length, y.length); row++) {
    const [px, py] = [x[row] ?? Number.NaN, y[row] ?? Number.NaN];
    if (points.length > 2 && !Number.isNaN(px + py) && isInside(px, py, xs, ys))
      mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  }
  return mask;
}

/** Images whose name or key holds a text. */
function withText(text: string, matchCase: boolean, shelf: ColumnShelf, rows: number): Uint32Array {
  const mask = emptyMask(rows);
  const wanted = matchCase ? text : text.toLowerCase();
  for (const name of ['file', 'key']) {
    const values = shelf.valuesOf(shelf.find(name));
    if (values.kind !== 'text') continue;
    for (let row = 0; row < Math.min(rows, values.texts.length); row++) {
      const own = values.texts[row] ?? '';
      if ((matchCase ? own : own.toLowerCase()).includes(wanted))
        mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
    }
  }
  return mask;
}
