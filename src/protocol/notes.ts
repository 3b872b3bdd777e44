import type { AnnotationRecord } from '../core/annotation/annotation';

/** What tells that a sidecar is the one that was read: any write changes it. */
export interface SidecarStamp {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** A sidecar beside one of the trace's log files. */
export interface SidecarFile {
  /** The log, relative to the trace's root. */
  readonly file: string;
  /** Absolute path of the sidecar. */
  readonly path: string;
  readonly stamp: SidecarStamp;
  /** Version it was written in; one above ours is shown and never written. */
  readonly version: number;
  readonly records: number;
  /** Lines that are wrong, at most 100 of them; the others stand. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Records sent at once: a sidecar of 100,000 arrives in slices. */
export const NOTES_SLICE = 2000;

/** What became of a save. `changed`: somebody else wrote the sidecar since; nothing was written. */
export type SidecarSaved =
  | { readonly kind: 'saved'; readonly stamp: SidecarStamp | null }
  | { readonly kind: 'changed' };

/** Served by the data child, about one open trace. */
export type NotesMethods = {
  /** Sidecars there are now, read anew. Throws `UserError` for one that cannot be read. */
  'notes/open': (p: { traceId: number }) => readonly SidecarFile[];
  /** A slice of the records of one sidecar, as `notes/open` read it. */
  'notes/slice': (p: { traceId: number; file: string; start: number }) => readonly AnnotationRecord[];
  /** Keys of rollouts by row: equal for the same prompt, response and occurrence in the same log file. */
  'notes/keys': (p: { traceId: number; rows: readonly number[] }) => readonly string[];
  /** Rows that stand in these lines of a log file; null for a line without one. */
  'notes/rows': (p: { traceId: number; file: string; lines: readonly number[] }) => readonly (number | null)[];
  /**
   * Writes a sidecar whole, atomically: the old file or the new one stands, whatever happens. `stamp`: of the file that was
   * read, null when there was none. Without records the file is taken away. Throws `UserError` when it cannot be written.
   */
  'notes/save': (p: {
    traceId: number;
    file: string;
    stamp: SidecarStamp | null;
    records: readonly AnnotationRecord[];
  }) => SidecarSaved;
};
