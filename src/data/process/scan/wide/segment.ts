import type { Problem } from '../../../../core/text/problem';
import type { FormatId } from '../../../../formats/format';
import type { AreaOf } from '../../columns/rowMeasures';
import type { CocoStretch, CocoTask } from '../../imageSet/coco/cocoStretch';
import type { GroupOpening } from '../groupTable';

/** A stretch of a file of lines, read by a thread of its own. It holds the lines that begin in it. */
export interface SegmentTask {
  readonly kind: 'segment';
  readonly format: FormatId;
  /** Absolute. */
  readonly location: string;
  /** As rows name it. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** A line begins at `from`: otherwise the first one begins behind the first newline. */
  readonly atLine: boolean;
}

/** Of a row: bits in `SegmentRows.flags`. */
export const rowFlag = {
  /** Not read: something in the row is out of the ordinary. Nothing else is known of it but its place. */
  unread: 1,
  sample: 2,
  reward: 4,
  step: 8,
  chosen: 16,
  rejected: 32,
} as const;

/** What the rows of a segment share their group by. */
export interface SegmentGroup extends GroupOpening {
  /** As `GroupKeys` names it, before attempts are told apart; null for a row that stands alone. */
  readonly key: string | null;
}

/** A segment's rows without what their responses hold. Arrays are by row unless they say otherwise. */
export interface SegmentRows {
  /** File offset of the first line; null when none begins in the segment. */
  readonly start: number | null;
  /** Behind the last line's newline. */
  readonly end: number;
  /** Newlines, those of blank lines among them. */
  readonly lines: number;
  readonly count: number;
  /** Bytes behind `start`. */
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  /** 0-based line of the segment. */
  readonly lineOf: Uint32Array;
  /** See `rowFlag`. */
  readonly flags: Uint8Array;
  readonly rewards: Float64Array;
  readonly steps: Float64Array;
  /** UTF-16 units. */
  readonly responseLengths: Uint32Array;
  /** Index into `groups`. */
  readonly groupOf: Uint32Array;
  readonly groups: readonly SegmentGroup[];
  /** 1-based index into `sources`; 0 for none. */
  readonly sourceOf: Uint32Array;
  readonly sources: readonly string[];
  /** Logged columns a row has, which stand one after another in the arrays of fields. */
  readonly fieldCounts: Uint16Array;
  /** By field: index into `names`. */
  readonly fieldNames: Uint16Array;
  /** By field: the number, or an index into `texts` where `isText` says so. */
  readonly fieldValues: Float64Array;
  readonly isText: Uint8Array;
  readonly names: readonly string[];
  readonly texts: readonly string[];
  /** With the 0-based line of the segment for a line. */
  readonly problems: readonly { readonly row: number; readonly problem: Problem }[];
}

/** Rows of a file whose responses are to be read. */
export interface MeasureTask {
  readonly kind: 'measure';
  readonly format: FormatId;
  readonly location: string;
  readonly file: string;
  /** Turns are inferred in this file. */
  readonly infer: boolean;
  /** Ascending; in the file. */
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
}

/** What the responses of some rows come to; by row. See `RowMeasures`. */
export interface MeasuredRows {
  /** Index into `badges`; 255 where the row could not be read again: its file was changed. */
  readonly badge: Uint8Array;
  readonly regions: Uint32Array;
  readonly regionArea: Float64Array;
  /** Index into `areaFields`, one more; 0 for a row without an area. */
  readonly areaOf: Uint8Array;
  readonly turns: Uint32Array;
  readonly toolCalls: Uint32Array;
  readonly truncated: Uint8Array;
  readonly actions: ActionCounts;
}

export interface ActionCounts {
  readonly actions: number;
  readonly malformed: number;
  /** Read after a mend. */
  readonly repaired: number;
}

export type ScanTask = SegmentTask | MeasureTask | CocoTask;
/** Null for a segment that a thread leaves to others: of another encoding, or with a line longer than it takes. */
export type ResultOf<T extends ScanTask> = T extends SegmentTask
  ? SegmentRows | null
  : T extends CocoTask
    ? CocoStretch
    : MeasuredRows;

export const unreadable = 255;
export const areaFields = ['prediction', 'tool', 'both'] as const satisfies readonly AreaOf[];
