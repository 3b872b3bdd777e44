import type { FilterChip, TraceQuery, TraceSort } from '../../../src/protocol/query';
import { count, counted } from '../words';

/** A number as a person would type it. */
export function plain(value: number): string {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return text.replace('-', '−');
}

/** What a chip asks, as short as it can be said. */
export function chipWords(chip: FilterChip): string {
  switch (chip.kind) {
    case 'range':
      return `${chip.column} ${rangeWords(chip.from, chip.to)}`;
    case 'category':
      return chip.values.length <= 2
        ? `${chip.column}: ${chip.values.map(nameless).join(', ')}`
        : `${chip.column}: ${count(chip.values.length)} values`;
    case 'text':
      return `“${chip.text}”${chip.where === 'either' ? '' : ` in ${chip.where}s`}`;
    case 'lasso':
      return `${chip.x} × ${chip.y}: drawn area`;
  }
}

/** An empty name is a value too. */
export const nameless = (value: string): string => (value === '' ? '(empty)' : value);

function rangeWords(from: number | null, to: number | null): string {
  if (from !== null && to !== null) return from === to ? `= ${plain(from)}` : `${plain(from)} – ${plain(to)}`;
  if (from !== null) return `≥ ${plain(from)}`;
  return to === null ? 'has a value' : `≤ ${plain(to)}`;
}

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
export function columnsOf(query: TraceQuery): readonly string[] {
  const names = query.chips.flatMap((chip) => {
    if (chip.kind === 'text') return [];
    return chip.kind === 'lasso' ? [chip.x, chip.y] : [chip.column];
  });
  return [...new Set(query.sort === null ? names : [...names, query.sort.column])];
}

/** `1,204 of 96,000 rollouts · 310 groups`. */
export function foundWords(rows: number, of: number, groups: number): string {
  return `${count(rows)} of ${counted(of, 'rollout')} · ${counted(groups, 'group')}`;
}

/** A number field's text: null for an empty one, a sentence for what is no number. */
export function parseEnd(text: string): number | null | string {
  const trimmed = text
    .trim()
    .replace('−', '-')
    .replaceAll(/(?<=\d),(?=\d{3}(?:\D|$))/g, '');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : `“${text.trim()}” is not a number.`;
}
