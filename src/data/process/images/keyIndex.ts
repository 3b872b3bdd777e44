import { textHash } from './textHash';

/** Texts shorter than this are too common to be looked for inside a longer prompt. */
const anchorLength = 12;

type Rows = number | number[];

/**
 * Which rows of a dataset ask a given prompt. Holds hashes only: some tens of bytes a row, whatever the texts are.
 * All texts given are normalised (no white space).
 */
export class KeyIndex {
  private readonly byText = new Map<number, Rows>();
  private readonly byAnchor = new Map<number, Rows>();
  private readonly lengths: number[] = [];
  private readonly texts: number[] = [];
  private readonly truths: number[] = [];
  private readonly sources: number[] = [];

  /** Rows added so far; `add` numbers them 0, 1, … in order. */
  get rows(): number {
    return this.lengths.length;
  }

  /** `text` is the row's own question: a trainer may have wrapped it in a template before it became a prompt. */
  add(keys: readonly string[], text: string, truth: string | null, source: string | null): void {
    const row = this.lengths.length;
    for (const key of new Set(keys)) if (key !== '') push(this.byText, textHash(key), row);
    this.lengths.push(text.length);
    this.texts.push(textHash(text));
    this.truths.push(truth === null ? Number.NaN : textHash(truth));
    this.sources.push(source === null ? Number.NaN : textHash(source));
    if (text.length >= anchorLength) push(this.byAnchor, textHash(text, 0, anchorLength), row);
  }

  /** Rows of the first of `keys` that any row has; the keys go from the most to the least specific. */
  withKey(keys: readonly string[]): readonly number[] {
    for (const key of keys) {
      const rows = this.byText.get(textHash(key));
      if (key !== '' && rows !== undefined) return listOf(rows);
    }
    return [];
  }

  /** Rows whose own text stands inside `prompt`; those with the longest such text. */
  inside(prompt: string): readonly number[] {
    let longest = 0;
    let found: number[] = [];
    for (let start = 0; start + anchorLength <= prompt.length; start++) {
      const rows = this.byAnchor.get(textHash(prompt, start, start + anchorLength));
      if (rows === undefined) continue;
      const hashes = new Map<number, number>();
      for (const row of listOf(rows)) {
        const length = this.lengths[row] ?? 0;
        if (length < longest || start + length > prompt.length) continue;
        const hash = hashes.get(length) ?? textHash(prompt, start, start + length);
        hashes.set(length, hash);
        if (hash !== this.texts[row]) continue;
        if (length > longest) found = [];
        longest = length;
        found.push(row);
      }
    }
    return [...new Set(found)];
  }

  hasTruth(row: number, truth: string): boolean {
    return this.truths[row] === textHash(truth);
  }

  /** True when the row holds a ground truth at all. */
  statesTruth(row: number): boolean {
    return !Number.isNaN(this.truths[row] ?? Number.NaN);
  }

  hasSource(row: number, source: string): boolean {
    return this.sources[row] === textHash(source);
  }
}

function push(map: Map<number, Rows>, key: number, row: number): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, row);
  else if (typeof rows === 'number') {
    if (rows !== row) map.set(key, [rows, row]);
  } else if (rows[rows.length - 1] !== row) rows.push(row);
}

const listOf = (rows: Rows): readonly number[] => (typeof rows === 'number' ? [rows] : rows);
