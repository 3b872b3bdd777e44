import type { ColumnInfo } from '../../src/protocol/query';

/** A part of the condition that may become a column's name. */
export interface NamePart {
  readonly from: number;
  readonly text: string;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** The name being written before the caret, a quote before it taken along; null inside of a string and behind a number. */
export function namePart(where: string, caret: number): NamePart | null {
  let quote: string | null = null;
  let start = 0;
  for (let i = 0; i < caret; i++) {
    const at = where[i];
    if (quote !== null) {
      if (at === quote) quote = null;
    } else if (at === '"' || at === "'") {
      quote = at;
      start = i;
    }
  }
  if (quote === "'") return null;
  if (quote === '"') return { from: start, text: where.slice(start + 1, caret) };
  let from = caret;
  while (from > 0 && wordCharacter.test(where[from - 1] ?? '')) from--;
  const text = where.slice(from, caret);
  return /^\d/.test(text) ? null : { from, text };
}

const most = 40;

/** Columns whose names hold the part, those that begin with it first. */
export function completions(columns: readonly ColumnInfo[], part: string): readonly ColumnInfo[] {
  const wanted = part.toLowerCase();
  const found = columns.filter(({ name }) => name.toLowerCase().includes(wanted));
  const first = found.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return [...first, ...found.filter((column) => !first.includes(column))].slice(0, most);
}

/** A column's name as SQL takes it: quoted unless it is a plain word. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Words that a log's column may be called and that DuckDB reads otherwise. */
const reserved = new Set(
  'all and any as asc both case cast check collate column constraint create default desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit not null offset on only or order placing primary qualify references returning select some symmetric table then to trailing true union unique using variadic when where window with'.split(
    ' ',
  ),
);
