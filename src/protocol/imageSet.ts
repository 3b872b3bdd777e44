import type { DatasetImage, PixelFrame } from '../core/dataset/datasetImage';
import type { AnnotationChange } from '../core/dataset/edit/annotationChanges';
import type { ImageMarks } from '../core/dataset/edit/imageMarks';
import type { Skeleton } from '../core/dataset/shape';
import type { Problem } from '../core/text/problem';
import type { ImageSetFormatId } from '../formats/imageSet/imageSetFormat';
import type { ColumnInfo, FilterChip } from './query';

/** An image set: images with annotations that lie in one file, or in a folder of them. */
export interface ImageSetOpened {
  readonly setId: number;
  /** Id of the format, as `formats/imageSet` names it. */
  readonly format: string;
  readonly formatTitle: string;
  /** What was recognised, for the user. */
  readonly reason: string;
  /** Absolute folder that files are relative to. */
  readonly root: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly frame: PixelFrame;
}

/** State of the scan. Counts only grow. */
export interface ImageSetProgress {
  readonly setId: number;
  readonly done: boolean;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly images: number;
  readonly annotations: number;
  readonly problems: number;
}

export interface LabelCount {
  readonly label: string;
  readonly images: number;
  readonly annotations: number;
}

export interface ImageSetInfo {
  readonly images: number;
  readonly annotations: number;
  /** In the order of the file. */
  readonly labels: readonly LabelCount[];
  /** Of labels whose category has keypoints. */
  readonly skeletons: readonly (Skeleton & { readonly label: string })[];
  readonly splits: readonly { readonly split: string; readonly images: number }[];
  /** At most 1,000; `problemCount` is the true count. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** What a thumbnail shows. */
export interface ImageRow {
  readonly index: number;
  readonly key: string;
  readonly file: string;
  /** As stated; 0 × 0 where the file states none. */
  readonly width: number;
  readonly height: number;
  readonly split: string | null;
  readonly annotations: number;
  /** First boxes, x1 y1 x2 y2 in the set's frame, at most `ROW_BOXES`; `labels` in step, indices into `ImageSetInfo.labels`, −1 for none. */
  readonly boxes: Float32Array;
  readonly labels: Int32Array;
  /** Value of the column that the view is sorted by; absent where nothing is sorted. */
  readonly sorted?: number | null;
  /** Mean total reward of joined rollouts on the image, NaN without one; absent while none are joined. */
  readonly reward?: number;
}
export const ROW_BOXES = 64;

/**
 * Chips and SQL over columns. A column of annotations (`label`, `area`, `boxArea`, `aspect`, `score`, `crowd` …) matches an
 * image that has an annotation for which all conditions on annotation columns hold together.
 */
export interface ImageSetQuery {
  readonly chips: readonly FilterChip[];
  readonly where: string;
  /** An annotation's column sorts images by its smallest (ascending) or largest (descending) value. */
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  /** Column whose values head the sections of the grid: a category, or a number by buckets. */
  readonly groupBy: string | null;
}

export const everyImage: ImageSetQuery = { chips: [], where: '', sort: null, groupBy: null };

export interface ImageSetView {
  /** Names the view in later calls; a set keeps the last few. */
  readonly view: number;
  /** Distinct ones. */
  readonly images: number;
  /** Annotations that match, in images that match. */
  readonly annotations: number;
  /** Indices of the images in the order of the grid, section by section: one that belongs to two sections is there twice. */
  readonly order: Uint32Array;
  /** In order, as many of `order` each; one without title where nothing is grouped. */
  readonly sections: readonly { readonly title: string; readonly images: number }[];
}

/** Bits of `ImageSetVideo.marks`. */
export const videoMark = { annotated: 1, keyframe: 2 } as const;

/** A video whose frames are images of a set, in order: by number, else by time. */
export interface ImageSetVideo {
  readonly video: string;
  /** Indices. */
  readonly images: Uint32Array;
  /** In step; NaN where only the time is known. */
  readonly frames: Float64Array;
  /** In step, seconds; NaN where nothing tells. */
  readonly times: Float64Array;
  /** In step, bits of `videoMark`. */
  readonly marks: Uint8Array;
}

/** A histogram: `edges` has one more than `counts`. */
export interface Histogram {
  readonly edges: Float64Array;
  readonly counts: Uint32Array;
}

export interface ImageSetStatistics {
  readonly images: number;
  readonly annotations: number;
  readonly labels: readonly LabelCount[];
  /** Of box areas in pixels squared, logarithmic edges. */
  readonly boxAreas: Histogram;
  /** Images by number of annotations. */
  readonly perImage: Histogram;
  /** Box centres relative to their image, `side` × `side` cells row by row. */
  readonly centres: { readonly side: number; readonly counts: Uint32Array };
}

/** What people said of images, by key; images without a word are left out. */
export type ImageSetMarks = readonly (ImageMarks & { readonly key: string })[];

/** What people changed of an image's annotations, by its key; no changes where they are as the file has them again. */
export interface ImageEdits {
  readonly key: string;
  readonly changes: readonly AnnotationChange[];
}

/** A number of some images that the set itself does not know: rewards of rollouts on them, scores out of a table. */
export interface ImageValues {
  readonly name: string;
  /** What it counts, one sentence. */
  readonly about: string;
  /** Indices; `values` in step. */
  readonly images: Uint32Array;
  readonly values: Float64Array;
}

/** Images by what they show: `hashes` holds `high` and `low` of a `DifferenceHash` for each of `images`, which are indices. */
export interface HashedImages {
  readonly images: Uint32Array;
  readonly hashes: Uint32Array;
}

/** What a search for near-duplicates came to. */
export interface DuplicatesFound {
  readonly groups: number;
  /** In groups, all together. */
  readonly images: number;
}
/** Column with the group of near-duplicates an image is in. */
export const duplicatesColumn = 'duplicates';

/** Served by the data child. */
export type ImageSetMethods = {
  /** `roots`: folders in which images are looked for besides those the format knows. Throws `UserError` for what no format claims. */
  'imageset/open': (p: { path: string; roots: readonly string[] }) => ImageSetOpened;
  /** `wait`: after the scan has ended and missing images are known. */
  'imageset/info': (p: { setId: number; wait: boolean }) => ImageSetInfo;
  'imageset/columns': (p: { setId: number }) => readonly ColumnInfo[];
  /** All marks of the set, in the place of those before: columns `verdict`, `tag`, `reviewed` and `edits`, and `split` as moved. */
  'imageset/marks': (p: { setId: number; marks: ImageSetMarks }) => null;
  /**
   * What became of annotations: columns, statistics and rows have them as they stand. `whole`: all there is, in the place of
   * what was told before; else images that are not named stay as they are. Once the scan is done, answers with the indices
   * of images whose rows changed; before, with none, and they count when it is.
   */
  'imageset/edits': (p: { setId: number; edits: readonly ImageEdits[]; whole: boolean }) => readonly number[];
  /**
   * Takes what the saved sidecar says, found beside the set or in `places`, for a command line that keeps no notes itself: marks
   * and edits as a host would tell them. Nothing where a host tells its own.
   */
  'imageset/saved': (p: { setId: number; places: readonly string[] }) => null;
  /** A column of its own, in the place of one that had the name before. */
  'imageset/values': (p: { setId: number; values: ImageValues }) => null;
  /** Groups images that are alike, and makes them the column `duplicates`, in the place of one before; null where alone. */
  'imageset/duplicates': (p: { setId: number; hashed: HashedImages }) => DuplicatesFound;
  /** Places [start, start + count) of a view's order, or of the file. */
  'imageset/rows': (p: { setId: number; start: number; count: number; view: number | null }) => readonly ImageRow[];
  'imageset/image': (p: { setId: number; index: number }) => DatasetImage;
  /** Null for an image that is no frame of a video. */
  'imageset/video': (p: { setId: number; index: number }) => ImageSetVideo | null;
  /** Images scanned by now that match. Throws `UserError` for an unknown column and for bad SQL. */
  'imageset/query': (p: { setId: number; query: ImageSetQuery }) => ImageSetView;
  'imageset/statistics': (p: { setId: number; view: number | null }) => ImageSetStatistics;
  /** A file on disk with the image's encoded bytes, written into the cache first where it is inside another; null when it is missing. */
  'imageset/file': (p: { setId: number; index: number }) => { readonly path: string } | null;
  /** As `imageset/file`, of images [start, start + count) in files of their own; null for missing ones and for those inside others. */
  'imageset/files': (p: { setId: number; start: number; count: number }) => readonly (string | null)[];
  'imageset/close': (p: { setId: number }) => null;
  /** Reads at most 64 KB a file; null when no format claims the path. */
  'imageset/detect': (p: { path: string }) => { readonly format: ImageSetFormatId; readonly title: string } | null;
};

export type ImageSetEvents = { 'imageset/progress': ImageSetProgress };
