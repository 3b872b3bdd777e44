/** Something wrong with the user's data that the user can find and mend: names file, line and field. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Path relative to the trace's root, with forward slashes. */
  readonly file: string;
  /** 1-based line in the file; null when the problem is the file's. */
  readonly line: number | null;
  /** 0-based element where a line or document holds a list; null otherwise. */
  readonly element: number | null;
  /** Field or column name; null when the whole row is meant. */
  readonly field: string | null;
  readonly message: string;
}
