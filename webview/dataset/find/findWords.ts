import type { ImageSetQuery, ImageSetView } from '../../../src/protocol/imageSet';
import { difficultyColumn } from '../../../src/protocol/imageSetScores';
import type { ColumnInfo } from '../../../src/protocol/query';
import { chipWords, columnsOfChips } from '../../filter/chipWords';
import { count, counted } from '../../rollouts/words';

export const isFiltered = (query: ImageSetQuery): boolean => query.chips.length > 0 || query.where.trim() !== '';

export const isEverything = (query: ImageSetQuery): boolean =>
  !isFiltered(query) && query.sort === null && query.groupBy === null;

/** `1,204 of 100,000 images · 3,420 annotations`. */
export function foundWords({ images, annotations }: ImageSetView, of: number): string {
  return `${count(images)} of ${counted(of, 'image')} · ${counted(annotations, 'annotation')}`;
}

/** The whole query on a line: what a saved one is known by. */
export function queryWords({ chips, where, sort, groupBy }: ImageSetQuery): string {
  const parts = chips.map(chipWords);
  if (where !== '') parts.push(`WHERE ${where.replace(/\s+/g, ' ')}`);
  if (sort !== null) parts.push(`sorted by ${sortWords(sort)}`);
  if (groupBy !== null) parts.push(`grouped by ${groupBy}`);
  return parts.join(' · ');
}

export const sortWords = ({ column, descending }: NonNullable<ImageSetQuery['sort']>): string =>
  `${column}, ${descending ? 'largest' : 'smallest'} first`;

/** Columns that a query names; what SQL names only DuckDB knows. */
export function columnsOf({ chips, sort, groupBy }: ImageSetQuery): readonly string[] {
  return [...columnsOfChips(chips), ...(sort === null ? [] : [sort.column]), ...(groupBy === null ? [] : [groupBy])];
}

/** Columns of the query whose values mean what a definition says: it is shown. */
export const definedColumns = (query: ImageSetQuery, columns: readonly ColumnInfo[]): readonly ColumnInfo[] =>
  columns.filter(({ name }) => name === difficultyColumn && columnsOf(query).includes(name));
