import type { AnnotationRecord, RecordHints } from '../core/annotation/annotation';
import type { AnnotationDiff } from '../core/annotation/diff';

/** What tells that a sidecar is the one that was read: any write changes it. */
export interface SidecarStamp {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** A sidecar of one of the trace's log files. */
export interface SidecarFile {
  /** The log, relative to the trace's root. */
  readonly file: string;
  /** Absolute path of the sidecar. */
  readonly path: string;
  /** The folder it lies in where it is not beside its log; absolute. */
  readonly place: string | null;
  readonly stamp: SidecarStamp;
  /** Version it was written in; one above ours is shown and never written. */
  readonly version: number;
  readonly records: number;
  /** Lines that are wrong, at most 100 of them; the others stand. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Records sent at once: a sidecar of 100,000 arrives in slices. */
export const NOTES_SLICE = 2000;

/**
 * What became of a save. `changed`: somebody else wrote the sidecar since. `unwritable`: its folder or disk takes no file,
 * for this reason in words; another folder may. Nothing was written then.
 */
export type SidecarSaved =
  | { readonly kind: 'saved'; readonly stamp: SidecarStamp | null }
  | { readonly kind: 'changed' }
  | { readonly kind: 'unwritable'; readonly path: string; readonly reason: string };

/** What tells a rollout among all logs of a trace. */
export interface NotedPlace {
  /** The log, relative to the trace's root. */
  readonly file: string;
  /** Equal for the same prompt, response and occurrence in the same log file. */
  readonly key: string;
  readonly hints: RecordHints;
}

/** Where a record stands, as a link or a note says it. */
export interface RecordPlace {
  /** The log, relative to the trace's root. */
  readonly file: string;
  readonly key: string;
  /** 1-based line where it stood. */
  readonly line: number;
}

/** A rollout of the trace: its row, its group, and its 0-based place in it in the order of the file. */
export interface FoundRecord {
  readonly row: number;
  readonly group: number;
  readonly member: number;
}

/** Served by the data child, about one open trace. */
export type NotesMethods = {
  /**
   * Sidecars there are now, read anew: of each log the one in the first of `places` that holds one, absolute folders, else the
   * one beside it. Throws `UserError` for one that cannot be read.
   */
  'notes/open': (p: { traceId: number; places: readonly string[] }) => readonly SidecarFile[];
  /**
   * A slice of the records of one sidecar, as `notes/open` read and checked it: JSON text of an array of `AnnotationRecord`,
   * which is read twice as fast as objects that are cloned from process to process.
   */
  'notes/slice': (p: { traceId: number; file: string; start: number }) => string;
  /** What tells the rollouts in these rows in a sidecar. */
  'notes/keys': (p: { traceId: number; rows: readonly number[] }) => readonly NotedPlace[];
  /** The rollout that a record's key names; waits for the scan where it has not come so far. Null where there is none. */
  'notes/find': (p: { traceId: number } & RecordPlace) => FoundRecord | null;
  /** Rows that stand in these lines of a log file; null for a line without one. */
  'notes/rows': (p: { traceId: number; file: string; lines: readonly number[] }) => readonly (number | null)[];
  /**
   * Writes a sidecar whole, atomically: the old file or the new one stands, whatever happens. `stamp`: of the file that was
   * read, null when there was none. Without records the file is taken away. `place`: a folder to write into, null for beside
   * the log.
   */
  'notes/save': (p: {
    traceId: number;
    file: string;
    place: string | null;
    stamp: SidecarStamp | null;
    records: readonly AnnotationRecord[];
  }) => SidecarSaved;
  /**
   * Copies the trace's one log file to an absolute path, with the sidecar of these records beside the copy. Throws `UserError`
   * for a trace of several files, for a log above 1 GB, and when it cannot be written.
   */
  'notes/saveAs': (p: { traceId: number; to: string; records: readonly AnnotationRecord[] }) => null;
};

/** Most members of a group that can be annotated: every one of them is read for its key, and equal ones are compared. */
export const NOTES_MEMBERS = 256;

/** A rollout of a group as annotations see it. `key` names it among all logs of the trace. */
export interface NotedMember {
  readonly row: number;
  readonly key: string;
  readonly hints: RecordHints;
  /** As logged; null when the log has none. */
  readonly reward: number | null;
}

/** The annotations of a group and of its rollouts. */
export interface GroupAnnotations {
  readonly revision: number;
  /** Who the user's own edits are by. */
  readonly author: string;
  /** What labelling a turn as the first error says of those behind it. */
  readonly afterFirstError: 'wrong' | 'unset';
  readonly key: string;
  readonly hints: RecordHints;
  /** In the order of the file, at most `NOTES_MEMBERS`; `size` is the true count. */
  readonly members: readonly NotedMember[];
  readonly size: number;
  /** Records of the whole trace: without any, groups that nobody selected need not be asked for. */
  readonly annotated: number;
  readonly records: readonly AnnotationRecord[];
}

/** Served by the host to one webview. */
export type NotesHostMethods = {
  'notes/group': (p: { readonly group: number }) => GroupAnnotations;
  /** Makes an edit; answers the revision that holds it. Rejects with `UserError` where it may not be made. */
  'notes/edit': (p: { readonly diff: AnnotationDiff }) => number;
  /** Puts a link to the rollout on the clipboard. */
  'notes/copyLink': (p: { readonly row: number }) => null;
  /** Opens the dataset editor at the image that a group was asked about, after asking which dataset where nothing tells. */
  'sample/show': (p: { readonly group: number }) => null;
};

export type NotesHostEvents = {
  /** Records by `idOf`, null for one that is gone. Null altogether for more than are worth sending: ask again. */
  'notes/changed': {
    readonly revision: number;
    readonly records: readonly (readonly [id: string, record: AnnotationRecord | null])[] | null;
  };
};
