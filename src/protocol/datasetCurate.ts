import type {
  DifficultySource,
  EmbeddingInfo,
  Sampled,
  SampleStrategy,
  ScoresImported,
  SortedValues,
} from './imageSetScores';

/** What was imported, and as what: a column, or an embedding to sample by. */
export type ImportedScores = ScoresImported & { readonly kind: 'number' | 'vector' };

/** Served by the host to a page of the dataset editor. */
export type DatasetCurateHostMethods = {
  /** Asks for a table and which of its columns, reads it, and reads it again whenever the set is opened; null when thought better of. */
  'scores/import': (p: Record<never, never>) => ImportedScores | null;
  'set/embeddings': (p: Record<never, never>) => readonly EmbeddingInfo[];
  'set/sortedValues': (p: {
    readonly view: number | null;
    readonly column: string;
    readonly end: 'lowest' | 'highest';
  }) => SortedValues;
  /** Makes the column `difficulty`, which the set keeps; answers its definition. */
  'set/difficulty': (p: { readonly source: DifficultySource }) => { readonly about: string };
  /** Chooses images; what takes long shows its progress. Null when the user stopped it. */
  'set/sample': (p: {
    readonly view: number | null;
    readonly strategy: SampleStrategy;
    readonly count: number;
    readonly seed: number;
  }) => Sampled | null;
};
