import type { Box, Size } from '../geometry/box';
import type { JsonValue } from '../text/jsonValue';
import type { Keypoint, Shape } from './shape';

/** Which pixels shapes count in: as stored, or turned as EXIF says, which the loaders of HF datasets and labelme do. */
export type PixelFrame = 'stored' | 'oriented';

/** One annotation of an image, as its file has it. */
export interface DatasetAnnotation {
  /** Unique in its image set: the file's own id where it has one, else made of the file and the place in it. */
  readonly id: string;
  /** Name of the category; null where the file gives none. */
  readonly label: string | null;
  readonly shape: Shape;
  /** As stated (COCO's `bbox`) or, where the file states none, what encloses the shape; null for a tag and for a mask yet to be decoded. */
  readonly box: Box | null;
  /** As stated; null where the file states none. COCO's is the mask's, in pixels squared. */
  readonly area: number | null;
  readonly crowd: boolean;
  /** Not to be counted: SODA's `ignore`, DOTA's and VOC's difficult. */
  readonly ignore: boolean;
  /** Of a result; null in ground truth. */
  readonly score: number | null;
  /** Where one annotation has a shape and keypoints (COCO). */
  readonly keypoints?: readonly Keypoint[];
  /** What else the file says of it, by its own names. */
  readonly attributes: Readonly<Record<string, JsonValue>>;
}

/** A question about an image, as V* and training data for VLMs have it. */
export interface DatasetQuestion {
  readonly text: string;
  /** In the order of the file; empty where the question is open. */
  readonly options: readonly string[];
  /** The right answer as text; null where the file states none. V*: `options[0]`. */
  readonly answer: string | null;
}

/** One image of an image set with everything that is known about it. */
export interface DatasetImage {
  /** 0-based in its image set, in the order of the file. */
  readonly index: number;
  /** Equal over sessions: the file's own id where it has one, else the path within the set's root. */
  readonly key: string;
  /** Path as the file names it; what is found on disk is the image set's business. */
  readonly file: string;
  /** As stated; null until the header was read. */
  readonly size: Size | null;
  readonly split: string | null;
  readonly annotations: readonly DatasetAnnotation[];
  readonly questions: readonly DatasetQuestion[];
  /** What else the file says of the image, by its own names. */
  readonly attributes: Readonly<Record<string, JsonValue>>;
}
