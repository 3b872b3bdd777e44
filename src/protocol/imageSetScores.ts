import type { PointMetric } from '../core/dataset/farthestPoints';
import type { Problem } from '../core/text/problem';

/**
 * Numbers and vectors of images that stand in a table beside the set: contribution scores of generated samples (BSGAL, DiverGen),
 * CLIP scores, embeddings. A table is CSV or TSV with a header, JSON, JSON Lines, parquet, or a `.npy` with a row an image.
 */

/** How a cell names an image: by its key in the set, its file as the set has it, that file's name, or its name without ending. */
export const keyRules = ['key', 'file', 'name', 'stem'] as const;
export type KeyRule = (typeof keyRules)[number];

export interface ScoreColumn {
  readonly name: string;
  /** Of most cells; `text` for what is neither. */
  readonly kind: 'number' | 'vector' | 'text';
  /** The rule by which most of the rows that were looked at name an image of their own, and how many do. */
  readonly rule: KeyRule;
  readonly matches: number;
}

export interface ScoreTableInfo {
  readonly columns: readonly ScoreColumn[];
  /** Rows from the top that were looked at. */
  readonly looked: number;
  /** The table has no keys: row i is image i of the set. */
  readonly inOrder: boolean;
}

/** Where a column of numbers or vectors comes from. */
export interface ScoreSource {
  /** Absolute. */
  readonly path: string;
  /** Null where rows stand in the order of the set. */
  readonly key: { readonly column: string; readonly rule: KeyRule } | null;
  readonly value: string;
  readonly kind: 'number' | 'vector';
}

export interface ScoresImported {
  /** Name of the column or of the embedding in the set. */
  readonly name: string;
  /** Images that have a value now. */
  readonly images: number;
  readonly rows: number;
  /** Rows that name no image, or no single one. */
  readonly unmatched: number;
  /** Rows for an image that has a value from a row before, which stays. */
  readonly duplicates: number;
  /** Rows without a value: empty, NaN, text. */
  readonly absent: number;
  /** Examples of each, at most 100. */
  readonly problems: readonly Problem[];
}

/** Images of a view by a number, the smallest first: what a threshold is laid through. */
export interface SortedValues {
  readonly about: string;
  /** Those with a value, in step with `values`. */
  readonly images: Uint32Array;
  /** Ascending; infinities at the ends. */
  readonly values: Float64Array;
  /** Listed images without a value. */
  readonly absent: number;
}

/** What the column `difficulty` is made of; see `core/dataset/difficulty`. */
export type DifficultySource =
  | { readonly by: 'passRate' }
  | { readonly by: 'quartiles'; readonly column: string; readonly hardest: 'lowest' | 'highest' };

/** Named by the column that it makes. */
export const difficultyColumn = 'difficulty';
export const passRateColumn = 'passRate';

export type SampleStrategy =
  | { readonly kind: 'random' }
  /** By the values of a column of any kind; numbers by buckets. */
  | { readonly kind: 'stratified'; readonly column: string }
  | { readonly kind: 'extreme'; readonly column: string; readonly end: 'lowest' | 'highest' }
  | { readonly kind: 'farthest'; readonly embedding: string; readonly metric: PointMetric };

export interface Sampled {
  /** Distinct; in the order in which they were chosen where the strategy has one. */
  readonly images: Uint32Array;
  /** Listed images that could not be chosen, for want of a value or a vector. */
  readonly absent: number;
}

export interface EmbeddingInfo {
  readonly name: string;
  readonly dimensions: number;
  readonly images: number;
}

/** Served by the data child. */
export type ImageSetScoreMethods = {
  /** Looks at the first rows of a table. Throws `UserError` for what is none. Waits for the scan, as the next does. */
  'imageset/scoreTable': (p: { setId: number; path: string }) => ScoreTableInfo;
  /** Makes a column, or an embedding, in the place of one of the same name that was imported before. */
  'imageset/importScores': (p: { setId: number; source: ScoreSource }) => ScoresImported;
  'imageset/embeddings': (p: { setId: number }) => readonly EmbeddingInfo[];
  /**
   * A numeric column over the images of a view, or all; `end` says which of an image's matching annotations counts where the
   * column is theirs, as when sorting.
   */
  'imageset/sortedValues': (p: {
    setId: number;
    view: number | null;
    column: string;
    end: 'lowest' | 'highest';
  }) => SortedValues;
  /** Makes the column `difficulty`; answers its definition. Without this call there is one where there is `passRate`. */
  'imageset/difficulty': (p: { setId: number; source: DifficultySource }) => { readonly about: string };
  /** Chooses images of a view, or of all; tells `imageset/sampling` while it takes long. */
  'imageset/sample': (p: {
    setId: number;
    view: number | null;
    strategy: SampleStrategy;
    count: number;
    seed: number;
  }) => Sampled;
};

export interface SamplingProgress {
  readonly setId: number;
  readonly chosen: number;
  readonly wanted: number;
}
export type ImageSetScoreEvents = { 'imageset/sampling': SamplingProgress };
