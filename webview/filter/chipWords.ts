import type { FilterChip } from '../../src/protocol/query';
import { count } from '../rollouts/words';

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
  if (to === null) return 'has a value';
  const end = Number(to.toPrecision(12));
  return end > to ? `< ${plain(end)}` : `≤ ${plain(to)}`;
}

/** Columns that chips name. */
export function columnsOfChips(chips: readonly FilterChip[]): readonly string[] {
  return chips.flatMap((chip) => {
    if (chip.kind === 'text') return [];
    return chip.kind === 'lasso' ? [chip.x, chip.y] : [chip.column];
  });
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
