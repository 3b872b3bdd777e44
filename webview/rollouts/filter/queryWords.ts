import type { TraceQuery, TraceSort } from '../../../src/protocol/query';
import { chipWords, columnsOfChips } from '../../filter/chipWords';
import { count, counted } from '../words';

export function sortWords(sort: TraceSort): string {
  return `${sort.of} ${sort.column}, ${sort.descending ? 'highest' : 'lowest'} first`;
}

/** The whole query on a line: what a saved one is known by. */
export function queryWords(query: TraceQuery): string {
  const parts = query.chips.map(chipWords);
  if (query.where !== '') parts.push(`WHERE ${query.where.replace(/\s+/g, ' ')}`);
  if (query.sort !== null) parts.push(`sorted by ${sortWords(query.sort)}`);
  return parts.join(' · ');
}

export const isEverything = (query: TraceQuery): boolean => !isFiltered(query) && query.sort === null;
export const isFiltered = (query: TraceQuery): boolean => query.chips.length > 0 || query.where.trim() !== '';

/** Columns that chips and sort name; what SQL names only DuckDB knows. */
export function columnsOf({ chips, sort }: TraceQuery): readonly string[] {
  const names = columnsOfChips(chips);
  return [...new Set(sort === null ? names : [...names, sort.column])];
}

/** `1,204 of 96,000 rollouts · 310 groups`. */
export function foundWords(rows: number, of: number, groups: number): string {
  return `${count(rows)} of ${counted(of, 'rollout')} · ${counted(groups, 'group')}`;
}
