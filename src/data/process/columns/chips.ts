import { UserError } from '../../../core/text/userError';
import type { FilterChip } from '../../../protocol/query';
import type { CategoryColumn } from './categoryColumn';
import type { ColumnStore } from './columnStore';
import type { NumberColumn } from './numberColumn';
import { emptyMask, intersect } from './rowMask';

/** A chip that the columns alone can answer. */
export type ColumnChip = Exclude<FilterChip, { readonly kind: 'text' }>;

/** Rows below `rows` that match. Throws `UserError` for a column that is not there, or of another kind. */
export function matchingRows(chip: ColumnChip, store: ColumnStore, rows: number): Uint32Array {
  switch (chip.kind) {
    case 'range':
      return inRange(numbersOf(store, chip.column), chip.from, chip.to, rows);
    case 'category':
      return inCategory(namesOf(store, chip.column), chip.values, rows);
    case 'lasso':
      return inPolygon(numbersOf(store, chip.x), numbersOf(store, chip.y), chip.points, rows);
  }
}

/** Throws `UserError`, which names the columns there are, when there is none of numbers by that name. */
export function numbersOf(store: ColumnStore, name: string): NumberColumn {
  const column = store.find(name);
  if (column?.kind === 'number') return column.data;
  if (column !== null) throw new UserError(`The column “${name}” holds names, not numbers.`);
  throw unknownColumn(store, name);
}

function namesOf(store: ColumnStore, name: string): CategoryColumn {
  const column = store.find(name);
  if (column?.kind === 'category') return column.data;
  if (column !== null) throw new UserError(`The column “${name}” holds numbers, not names.`);
  throw unknownColumn(store, name);
}

export function unknownColumn(store: ColumnStore, name: string): UserError {
  return new UserError(`The trace has no column “${name}”. ${knownColumns(store)}`);
}

/** One sentence for messages. */
export function knownColumns(store: ColumnStore): string {
  const names = store.infos().map((info) => info.name);
  const shown = names.slice(0, 40).join(', ');
  return `Columns: ${shown}${names.length > 40 ? ` and ${names.length - 40} more` : ''}.`;
}

function inRange(column: NumberColumn, from: number | null, to: number | null, rows: number): Uint32Array {
  const { values } = column;
  const low = from ?? Number.NEGATIVE_INFINITY;
  const high = to ?? Number.POSITIVE_INFINITY;
  const mask = emptyMask(rows);
  const end = Math.min(rows, values.length);
  for (let row = 0; row < end; row++) {
    const value = values[row] ?? Number.NaN;
    if (value >= low && value <= high) mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  }
  return intersect(mask, column.there.toWords(rows));
}

function inCategory(column: CategoryColumn, names: readonly string[], rows: number): Uint32Array {
  const wanted = new Uint8Array(column.names.length);
  for (const name of names) {
    const code = column.codeOf(name);
    if (code !== null) wanted[code] = 1;
  }
  const { codes } = column;
  const mask = emptyMask(rows);
  const end = Math.min(rows, codes.length);
  for (let row = 0; row < end; row++)
    if (wanted[codes[row] ?? 0] === 1) mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  return intersect(mask, column.there.toWords(rows));
}

type Point = readonly [number, number];

/** Even-odd rule. A polygon of fewer than three points holds nothing. */
function inPolygon(x: NumberColumn, y: NumberColumn, points: readonly Point[], rows: number): Uint32Array {
  const mask = emptyMask(rows);
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const [left, right] = [xs.reduce((a, b) => Math.min(a, b), Infinity), xs.reduce((a, b) => Math.max(a, b), -Infinity)];
  const [top, bottom] = [ys.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.max(a, b), -Infinity)];
  const end = points.length < 3 ? 0 : Math.min(rows, x.values.length, y.values.length);
  for (let row = 0; row < end; row++) {
    const px = x.values[row] ?? Number.NaN;
    const py = y.values[row] ?? Number.NaN;
    if (!(px >= left && px <= right && py >= top && py <= bottom)) continue;
    if (isInside(px, py, xs, ys)) mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
  }
  return intersect(intersect(mask, x.there.toWords(rows)), y.there.toWords(rows));
}

export function isInside(px: number, py: number, xs: readonly number[], ys: readonly number[]): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [xi, yi, xj, yj] = [xs[i] ?? 0, ys[i] ?? 0, xs[j] ?? 0, ys[j] ?? 0];
    if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
