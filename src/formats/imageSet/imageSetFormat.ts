import type { DatasetAnnotation, DatasetImage, DatasetQuestion, PixelFrame } from '../../core/dataset/datasetImage';
import type { Skeleton } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import type { Problem } from '../../core/text/problem';
import type { OpenTarget } from '../format';

export type ImageSetFormatId =
  | 'coco'
  | 'coco-results'
  | 'lvis'
  | 'vstar'
  | 'soda-a'
  | 'dota'
  | 'refcoco-json'
  | 'image-mask-folders'
  | 'yolo'
  | 'labelme'
  | 'cvat-xml'
  | 'hf-parquet'
  | 'imagefolder'
  | 'webdataset'
  | 'sft-json'
  | 'image-folder';

/** An image set recognised by its signature. */
export interface ImageSetDetection {
  readonly format: ImageSetFormatId;
  /** Files that are read, relative to the target's `dir`. */
  readonly files: readonly string[];
  readonly reason: string;
}

/** Where an image's bytes are, beside its name: looked for by the data child, which knows folders to search. */
export type ImageBytes =
  /** Candidates relative to the set's root, the likeliest first. */
  | { readonly kind: 'file'; readonly candidates: readonly string[] }
  /** A stretch of a file of the set (WebDataset's tar, unpacked). */
  | { readonly kind: 'slice'; readonly file: string; readonly offset: number; readonly length: number }
  /** base64 inside the set's own file (labelme's `imageData`): `embedded` has it. */
  | { readonly kind: 'embedded'; readonly file: string }
  | {
      readonly kind: 'cell';
      readonly file: string;
      readonly row: number;
      readonly column: string;
      readonly index: number;
    };

/** Where an image's record stands. */
export interface ImagePlace {
  /** Relative to the target's `dir`. */
  readonly file: string;
  /** 1-based; null where the file is the record. Of a table its 1-based row. */
  readonly line: number | null;
  /** Bytes of the record where the file holds several. */
  readonly stretch?: { readonly offset: number; readonly length: number };
}

/** An image as the scan meets it. */
export interface ScannedImage {
  readonly key: string;
  readonly file: string;
  readonly size: Size | null;
  readonly split: string | null;
  /** The dataset that it comes from, as its record says; absent where records do not. */
  readonly origin?: string | null;
  readonly bytes: ImageBytes;
  /** What `readImage` needs to find it again. */
  readonly place: ImagePlace;
}

/** Takes what a scan finds. Annotations follow their image; a format that states them apart joins first. */
export interface ImageSetSink {
  /** A category in the order of the file, with its keypoints where it has some; those that annotations name unasked follow. */
  label(name: string, skeleton?: Skeleton): void;
  image(image: ScannedImage, annotations: readonly DatasetAnnotation[], questions: readonly DatasetQuestion[]): void;
  problem(problem: Problem): void;
  /** Bytes read so far. Resolves when the scan may go on; rejects when it was cancelled. */
  progress(bytesRead: number): Promise<void>;
}

/**
 * One on-disk format of image sets whose images can each be read for itself: a file an image, or a line. What is one large
 * document (COCO and its kin) is read by the data child's own scanner (`data/process/imageSet`).
 */
export interface ImageSetFormat {
  readonly id: ImageSetFormatId;
  readonly title: string;
  /** Which pixels its loader counts in. */
  readonly frame: PixelFrame;
  /** Null when this is not such a set. Reads at most 64 KB a file. */
  detect(target: OpenTarget): Promise<ImageSetDetection | null>;
  scan(target: OpenTarget, detection: ImageSetDetection, sink: ImageSetSink): Promise<void>;
  /** Everything about one image, read again from its own place. */
  readImage(target: OpenTarget, detection: ImageSetDetection, place: ImagePlace): Promise<ImageContent>;
  /** Encoded bytes of an image that `bytes` says is embedded; null when they are broken or not there. */
  embedded?(target: OpenTarget, detection: ImageSetDetection, place: ImagePlace): Promise<Uint8Array | null>;
}

/** What is known of an image besides its name. */
export type ImageContent = Pick<DatasetImage, 'annotations' | 'questions' | 'attributes'>;

/** An image with everything its record holds, and what is wrong with that. */
export interface ReadImage extends ImageContent {
  readonly image: ScannedImage;
  readonly problems: readonly Problem[];
}
