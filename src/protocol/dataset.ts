import type { Box } from '../core/geometry/box';
import type { JsonValue } from '../core/text/jsonValue';

/** A row of a dataset, 0-based in its file. */
export interface DatasetRow {
  /** Absolute path. */
  readonly dataset: string;
  readonly row: number;
}

/** Boxes of a row's ground truth that were put elsewhere, in the units it is written in. */
export interface TruthMend {
  readonly row: number;
  /** All boxes as the log has them: a row that holds others is left as it is. */
  readonly logged: readonly Box[];
  readonly moved: readonly (readonly [index: number, box: Box])[];
}

/** A row whose ground truth was mended, or why it could not be. */
export type MendedRow =
  | { readonly row: number; readonly before: JsonValue; readonly after: JsonValue }
  | { readonly row: number; readonly reason: string };

/** What a copy of a dataset came to. */
export interface DatasetCopy {
  readonly rows: number;
  /** Rows of the copy. */
  readonly kept: number;
  /** Column, and field within it, that holds the ground truth; null where nothing was to be mended. */
  readonly truth: string | null;
  readonly mended: readonly MendedRow[];
  readonly compression: string;
  /** Keys of the file's metadata, all kept. */
  readonly metadata: readonly string[];
}

/** A ground truth that another dataset has of a group's sample. */
export interface DatasetTruth {
  readonly truth: JsonValue;
  /** Its boxes are pixels of the stored image, whatever the trace's own are (COCO, V*). */
  readonly original: boolean;
}

/** Served by the data child. */
export type DatasetMethods = {
  /** Rows of the run's datasets, or of the trace itself where it is one, that hold a group's sample; else why none is known. */
  'dataset/rows': (p: { traceId: number; group: number }) => readonly DatasetRow[] | string;
  /**
   * What `dataset` (parquet, JSON Lines, JSON, COCO, or a folder of V* samples; absolute) has as a group's ground truth; else
   * why there is none, as a whole sentence. Read once. Throws `UserError` for a file that cannot be read.
   */
  'dataset/truth': (p: { traceId: number; group: number; dataset: string }) => DatasetTruth | string;
  /**
   * Copies a parquet file to the absolute path `to`, or says only what the copy would hold: the same columns, rows in their
   * order, metadata and compression, without the rows of `drop` and with mended ground truth. Throws `UserError` for what
   * is no parquet file, and for one that cannot be copied as it is.
   */
  'dataset/copy': (p: {
    dataset: string;
    drop: readonly number[];
    mends: readonly TruthMend[];
    to: string | null;
  }) => DatasetCopy;
};
