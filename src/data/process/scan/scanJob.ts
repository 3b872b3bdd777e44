import type { Problem } from '../../../core/text/problem';
import type { ReadRecord, RecordPlace, TraceFormat } from '../../../formats/format';
import type { TraceFolder } from '../files/traceFolder';
import type { Foreground } from './foreground';
import type { ParquetRows } from './parquetRows';

/** A row that opened, with its place in its file. */
export interface ScannedRow {
  readonly fileIndex: number;
  readonly place: RecordPlace;
  readonly offset: number;
  readonly length: number;
  readonly read: ReadRecord;
}

/** How far a file is scanned: a later scan goes on there. */
export interface ScanPoint {
  /** Behind the last line or record that was whole. */
  readonly offset: number;
  /** 1-based line that begins there. */
  readonly line: number;
  /** Elements of the document before it. */
  readonly elements: number;
}

export const fileStart: ScanPoint = { offset: 0, line: 1, elements: 0 };

/** A file to scan, or what was added to it. */
export interface FileJob {
  readonly file: string;
  readonly index: number;
  readonly from: ScanPoint;
}

/** What the scan of a file ended with. */
export interface FileEnd {
  readonly index: number;
  readonly point: ScanPoint;
  /** Bytes of the file, as many as it had then. */
  readonly size: number;
  /** Problems that may be over when the file grows. */
  readonly atEnd: readonly Problem[];
}

export interface ScanSink {
  row(row: ScannedRow): void;
  problem(problem: Problem): void;
  fileEnd?(end: FileEnd): void;
  /** Bytes of the trace passed so far; called after each slice and at the end of each file. */
  progress(bytes: number): void;
}

export interface ScanInput {
  readonly dir: TraceFolder;
  readonly format: TraceFormat;
  readonly foreground: Foreground;
  /** Only for formats of tables. */
  readonly parquet: ParquetRows | null;
  /** Whether a writer seems to be at work on a file: then its last record waits until another begins. */
  readonly growing?: (file: string) => Promise<boolean>;
}
