import type { Problem } from '../../../core/text/problem';
import type { ReadRecord, RecordPlace, TraceFormat } from '../../../formats/format';
import type { TraceFolder } from '../files/traceFolder';
import type { Foreground } from './foreground';
import type { ParquetRows } from './parquetRows';
import type { SegmentRows } from './wide/segment';
import type { Workers } from './wide/workers';

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

/** Rows [from, to) of a segment, none of them unread. */
export interface ScannedSegment {
  readonly rows: SegmentRows;
  readonly from: number;
  readonly to: number;
  readonly fileIndex: number;
  readonly file: string;
  /** 1-based line, and offset in the file, that the segment begins at. */
  readonly line: number;
  readonly start: number;
}

export interface ScanSink {
  row(row: ScannedRow): void;
  /** Rows whose responses are still to be read. */
  segment(segment: ScannedSegment): void;
  problem(problem: Problem): void;
  fileEnd?(end: FileEnd): void;
  /** Bytes of the trace passed so far; called after each slice and at the end of each file. */
  progress(bytes: number): void;
}

/** How files of lines are read by several threads. */
export interface WideReading {
  readonly workers: Pick<Workers, 'run' | 'count'>;
  /** Of a stretch that a thread reads at a time. */
  readonly segmentBytes: number;
  /** This thread reads the first rows, so that they are shown while the others start. */
  readonly firstRows: boolean;
}

export interface ScanInput {
  readonly dir: TraceFolder;
  readonly format: TraceFormat;
  readonly foreground: Foreground;
  /** Only for formats of tables. */
  readonly parquet: ParquetRows | null;
  /** Whether a writer seems to be at work on a file: then its last record waits until another begins. */
  readonly growing?: (file: string) => Promise<boolean>;
  /** Null for a scan by this thread alone. */
  readonly wide: WideReading | null;
  readonly log: (error: unknown) => void;
}
