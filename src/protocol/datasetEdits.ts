import type { AnnotationRecord, RecordHints } from '../core/annotation/annotation';
import type { AnnotationDiff } from '../core/annotation/diff';
import type { ImageMark } from '../core/dataset/edit/imageEdits';
import type { ImageMarks } from '../core/dataset/edit/imageMarks';
import type { ImageNotes } from '../core/dataset/edit/imageNotes';
import type { ImageSetQuery } from './imageSet';

/** What was said of one image, and who the user's own edits of it are by. */
export interface NotedImage {
  readonly revision: number;
  readonly author: string;
  /** Of its record; diffs name it. */
  readonly key: string;
  readonly hints: RecordHints;
  readonly notes: ImageNotes;
}

/** Served by the host to a page of the dataset editor. */
export type DatasetEditHostMethods = {
  /** `key` is the image's own; `index` its place in the file. */
  'edits/image': (p: { readonly key: string; readonly index: number }) => NotedImage;
  /** Makes an edit; answers the revision that holds it. Rejects with `UserError` where it may not be made. */
  'edits/apply': (p: { readonly diff: AnnotationDiff }) => number;
  /** Marks images as one step of undo; answers how many changed. */
  'edits/mark': (p: { readonly indices: readonly number[]; readonly mark: ImageMark }) => number;
  /** Several marks as one step of undo, a later one on top of those before; answers how many images changed. */
  'edits/markEach': (p: {
    /** For the undo menu. */
    readonly label: string;
    readonly marks: readonly { readonly indices: readonly number[]; readonly mark: ImageMark }[];
  }) => number;
  /** Asks which images to export, as what and where, and writes them; `query` null where everything is listed. */
  'edits/export': (p: { readonly selected: readonly number[]; readonly query: ImageSetQuery | null }) => null;
  /** Of all images that have any, by the image's own key. */
  'edits/marks': (p: Record<never, never>) => {
    readonly revision: number;
    readonly marks: readonly (readonly [key: string, marks: ImageMarks])[];
  };
};

export type DatasetEditHostEvents = {
  /** Records of images as they are now, by the image's own key; null for one that is gone. Null altogether: ask again. */
  'edits/changed': {
    readonly revision: number;
    readonly images: readonly (readonly [key: string, record: AnnotationRecord | null])[] | null;
  };
};
