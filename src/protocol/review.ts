import type { RecordHints } from '../core/annotation/annotation';
import type { ReviewMark } from '../core/annotation/reviewMark';

/** What people said of one rollout now. */
export interface MarkedRecord {
  /** The log, relative to the trace's root. */
  readonly file: string;
  /** As in the log's sidecar. */
  readonly key: string;
  readonly hints: RecordHints;
  /** Null takes back what was said before. */
  readonly mark: ReviewMark | null;
}

/** A group that somebody ranked. */
export interface RankedGroup {
  /** Its key in the trace. */
  readonly key: string;
  /** Keys of its rollouts as in the log's sidecar, best level first; none takes back what was said before. */
  readonly levels: readonly (readonly string[])[];
}

/** Records sent at once. */
export const MARKS_SLICE = 2000;

/** How far a review has come, over the rollouts of a view that can be annotated. */
export interface ReviewProgress {
  readonly rollouts: number;
  readonly reviewed: number;
  readonly groups: number;
  /** Groups of which every listed rollout is reviewed. */
  readonly reviewedGroups: number;
}

/** A rollout of the trace. */
export interface ReviewPlace {
  readonly group: number;
  /** 0-based, in the order of the file. */
  readonly member: number;
  readonly row: number;
}

export interface ReviewStep {
  /** A row of the trace, listed or not; null to begin at an end of the list. */
  readonly from: number | null;
  readonly direction: 1 | -1;
}

/** The nearest rollout that nobody reviewed. `wrapped`: it stands on the other side of where the search began. */
export type ReviewFound = (ReviewPlace & { readonly wrapped: boolean }) | null;

/** Served by the data child, about one open trace; `view` as in `trace/groups`. */
export type ReviewMethods = {
  /**
   * Takes what people said into the columns `reviewed`, `human_difference` and `human_flip`. Records are found by their hints and
   * proven by their keys; what is found nowhere is left out. Answers how many stand in the trace.
   */
  'review/mark': (p: { traceId: number; records: readonly MarkedRecord[]; rankings: readonly RankedGroup[] }) => number;
  'review/next': (p: { traceId: number; view?: number } & ReviewStep) => ReviewFound;
  'review/progress': (p: { traceId: number; view?: number }) => ReviewProgress;
};

/** Served by the host to one webview. Edits that were sent before are counted. */
export type ReviewHostMethods = {
  'review/next': (p: { readonly view: number | null } & ReviewStep) => ReviewFound;
  /** Also what VS Code's status bar tells of this editor. */
  'review/progress': (p: { readonly view: number | null }) => ReviewProgress;
};

export type ReviewHostEvents = {
  /** Marks of a sidecar have reached the list. */
  'review/changed': Record<never, never>;
};
