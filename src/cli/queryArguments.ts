import type { RewardComponent } from '../core/reward/component';
import type { FilterChip, TraceQuery, TraceSort } from '../protocol/query';
import { UsageError } from './usage';

/** What `--where`, `--search` and `--sort` ask; columns and SQL are checked by who knows them. */
export function parseQuery(values: {
  readonly where?: string | undefined;
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
}): TraceQuery {
  const { where = '', search, sort } = values;
  if (search === '') throw new UsageError('--search: expected a text');
  const chips: FilterChip[] =
    search === undefined ? [] : [{ kind: 'text', text: search, where: 'either', matchCase: false }];
  return { chips, where: where.trim(), sort: sort === undefined ? null : sortOf(sort) };
}

const aggregates: readonly string[] = ['mean', 'std', 'min', 'max', 'spread', 'sum'] satisfies TraceSort['of'][];

/** `COLUMN`, then `,mean` and its like, then `,asc`. A column's name may hold commas: only these words are taken off. */
function sortOf(text: string): TraceSort {
  const ascending = text.endsWith(',asc');
  const rest = ascending ? text.slice(0, -',asc'.length) : text;
  const comma = rest.lastIndexOf(',');
  const last = rest.slice(comma + 1);
  const named = comma > 0 && aggregates.includes(last);
  const column = named ? rest.slice(0, comma) : rest;
  if (column === '') throw new UsageError('--sort: expected a column');
  return { column, of: named ? (last as TraceSort['of']) : 'mean', descending: !ascending };
}

/** `NAME` or `NAME=WEIGHT`. */
export function parseComponent(text: string): RewardComponent {
  const at = text.lastIndexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const weight = at < 0 ? null : Number(text.slice(at + 1).trim() || Number.NaN);
  if (name === '' || (weight !== null && !Number.isFinite(weight)))
    throw new UsageError(`--component ${text}: expected a column, or COLUMN=WEIGHT`);
  return { name, weight };
}
