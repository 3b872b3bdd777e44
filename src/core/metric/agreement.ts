/** How far two raters agree on the same things. */
export interface Agreement {
  /** Things that both labelled. */
  readonly count: number;
  /** Share on which they say the same, 0–1; null for nothing. */
  readonly accuracy: number | null;
  /**
   * Cohen's κ: agreement above what their own habits alone would bring, 1 at most. Null for nothing, and where both say one thing only:
   * chance alone agrees there.
   */
  readonly kappa: number | null;
  /** Labels that either gave, sorted. */
  readonly labels: readonly string[];
  /** Counts: rows by what the first says, columns by what the second says, both as `labels`. */
  readonly confusion: readonly (readonly number[])[];
  /** By label, taking the first as the truth: share of the second's that are right, and of the first's that were found. */
  readonly byLabel: readonly {
    readonly label: string;
    readonly precision: number | null;
    readonly recall: number | null;
  }[];
}

/** Agreement of two raters (Cohen 1960). @param pairs what the first, then what the second says of each thing. */
export function agreement(pairs: readonly (readonly [first: string, second: string])[]): Agreement {
  const labels = [...new Set(pairs.flat())].sort();
  const at = new Map(labels.map((label, i) => [label, i]));
  const confusion = labels.map(() => labels.map(() => 0));
  for (const [first, second] of pairs) {
    const row = confusion[at.get(first) ?? 0];
    const column = at.get(second) ?? 0;
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  const count = pairs.length;
  const rows = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = labels.map((_, j) => confusion.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const same = labels.map((_, i) => confusion[i]?.[i] ?? 0);
  const observed = same.reduce((a, b) => a + b, 0) / count;
  const expected = labels.reduce((sum, _, i) => sum + ((rows[i] ?? 0) / count) * ((columns[i] ?? 0) / count), 0);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    count,
    accuracy: count === 0 ? null : observed,
    kappa: count === 0 || labels.length < 2 ? null : (observed - expected) / (1 - expected),
    labels,
    confusion,
    byLabel: labels.map((label, i) => ({
      label,
      precision: share(same[i] ?? 0, columns[i] ?? 0),
      recall: share(same[i] ?? 0, rows[i] ?? 0),
    })),
  };
}
