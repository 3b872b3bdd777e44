/** What the list can be sorted and filtered by. Columns are numbers or names over the rows of a trace. */
export interface ColumnInfo {
  /** Its name in SQL and in chips: a logged name as it is, ours as `reward`, `step`, `regions`, `badge` … */
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** `total`: the logged reward. `component`: named so by the user, a config or a profile. `field`: any other logged one. */
  readonly role: 'total' | 'component' | 'field' | 'derived';
  /** Of a component: its factor in the total, null where nobody said. */
  readonly weight?: number | null;
  /** Rows that have a value; NaN is one. */
  readonly present: number;
  /** Of the finite values; NaN when there is none. */
  readonly min: number;
  readonly max: number;
  /** Distinct values of a category, at most 256, the most frequent first; empty for numbers. */
  readonly values: readonly string[];
  /** What it counts, one sentence, for derived ones; '' for logged ones. */
  readonly about: string;
}

export type FilterChip =
  /** Both ends belong to the range; null leaves it open. Absent values and NaN never match. */
  | { readonly kind: 'range'; readonly column: string; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'category'; readonly column: string; readonly values: readonly string[] }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly where: 'prompt' | 'response' | 'either';
      readonly matchCase: boolean;
    }
  /** Points (x, y) inside a polygon drawn in a scatter of two columns. */
  | {
      readonly kind: 'lasso';
      readonly x: string;
      readonly y: string;
      readonly points: readonly (readonly [number, number])[];
    };

/** Groups are ordered by an aggregate of a column over their matching rows; rows inside by the column itself. */
export interface TraceSort {
  readonly column: string;
  /** `spread`: max − min. */
  readonly of: 'mean' | 'std' | 'min' | 'max' | 'spread' | 'sum';
  readonly descending: boolean;
}

/** All chips and the SQL condition must hold. The empty query is every row in the order of the file. */
export interface TraceQuery {
  readonly chips: readonly FilterChip[];
  /** What stands behind WHERE, over the columns of `ColumnInfo`; '' for none. NaN is above every number there: `isnan`. */
  readonly where: string;
  readonly sort: TraceSort | null;
}

export const everything: TraceQuery = { chips: [], where: '', sort: null };

/** What a query found, as it stood when it was asked: rows that a live run adds later are not in it. */
export interface TraceView {
  /** Names the view in later calls; a trace keeps the last few. */
  readonly view: number;
  readonly rows: number;
  /** Ids of the groups with at least one matching row, in order. */
  readonly groups: Uint32Array;
  /** Matching rows of each, in step with `groups`. */
  readonly sizes: Uint32Array;
}

/** A query the user keeps by name. */
export interface SavedQuery {
  readonly name: string;
  readonly query: TraceQuery;
}
