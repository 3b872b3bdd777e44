import type { JsonValue } from '../../../core/text/jsonValue';
import { promptKeys } from '../../../core/trajectory/promptKey';
import { objectOf, rowKeys } from './datasetRow';
import type { ImageCell } from './imageCell';
import type { KeyIndex } from './keyIndex';

/** A file (or folder) of the run's training or validation data, its keys read, its images not. */
export interface Dataset {
  /** Absolute path. */
  readonly file: string;
  readonly index: KeyIndex;
  /** Column that holds the images; null when there is none. */
  readonly imageColumn: string | null;
  /** What was odd in the file; null when nothing. */
  readonly warning: string | null;
  /** The images of a row, without their bytes where the file's layout allows it. */
  images(row: number): Promise<readonly ImageCell[]>;
  /** The bytes of an embedded image. Throws `UserError`. */
  bytes(row: number, column: string, index: number): Promise<Uint8Array>;
}

export interface DatasetKeys {
  readonly promptKey: string | undefined;
  readonly imageKey: string | undefined;
  /** Told each row's value, in the rows' order: of a parquet file the columns that join it, of other files all. */
  readonly onRow?: (value: JsonValue) => void;
}

/** A run's datasets are joined up to this many rows: the index would not fit beside the trace. */
export const maxDatasetRows = 2_000_000;

/** Adds one row's keys; a row without any keeps its place, so that rows and index stay in step. */
export function addRow(index: KeyIndex, value: JsonValue, { promptKey, onRow }: DatasetKeys): boolean {
  onRow?.(value);
  const object = objectOf(value);
  const keys = object === null ? { texts: [], truth: null, source: null } : rowKeys(object, promptKey);
  const found = keys.texts.flatMap((text) => promptKeys(text));
  // The shortest is the bare question; a trainer's template goes around it.
  const question = found.reduce((a, b) => (a === '' || b.length < a.length ? b : a), '');
  index.add(found, question, keys.truth, keys.source);
  return found.length > 0;
}
