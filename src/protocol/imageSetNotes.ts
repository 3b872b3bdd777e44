import type { AnnotationRecord } from '../core/annotation/annotation';
import type { SidecarFile, SidecarSaved, SidecarStamp } from './notes';

/**
 * Served by the data child, about the sidecar of one image set, open or not; `path` is that of its file or folder, absolute.
 * `file` of a sidecar is the file's name, '' for a folder: `labels.json.saccade` beside the one, `.saccade` in the other. Else as
 * in `NotesMethods`.
 */
export type ImageSetNotesMethods = {
  'imageset/notes/open': (p: { path: string; places: readonly string[] }) => readonly SidecarFile[];
  'imageset/notes/slice': (p: { path: string; file: string; start: number }) => string;
  'imageset/notes/save': (p: {
    path: string;
    file: string;
    place: string | null;
    stamp: SidecarStamp | null;
    records: readonly AnnotationRecord[];
  }) => SidecarSaved;
  /** What `file` is for this path. */
  'imageset/notes/file': (p: { path: string }) => string;
};
