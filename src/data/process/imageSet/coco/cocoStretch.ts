/** A list of a COCO document whose elements are read one by one. */
export type CocoList = 'images' | 'annotations';

/** A stretch of one list, read from the file by itself: by a thread, or by the data child between two requests. */
export interface CocoTask {
  readonly kind: 'coco';
  readonly list: CocoList;
  /** Absolute. */
  readonly location: string;
  /** Where an element, a comma or the list's end may stand. */
  readonly from: number;
  /** Elements are read that begin before. */
  readonly to: number;
  /**
   * Bytes with which an element begins, and its forerunner's end: the first is looked for from `from` on, since nobody knows
   * yet where it stands. Null where `from` is a place between elements.
   */
  readonly mark: Uint8Array | null;
}

/** Bits of `CocoStretch.flags`. */
export const cocoFlag = {
  crowd: 1,
  ignore: 2,
  /** The id is an index into `texts`: a text, or a number of more digits than a number keeps. */
  textId: 4,
  textImage: 8,
  textCategory: 16,
  /** The image or the category is named at all. */
  image: 32,
  category: 64,
  /** Has a mask: where it lacks a box, that is what encloses it. */
  segmented: 128,
} as const;

/** What is wrong with one element. */
export interface CocoTrouble {
  /** 0-based in the stretch. */
  readonly element: number;
  /** Of the element's first byte in the file. */
  readonly offset: number;
  /** Null when the element is meant. */
  readonly field: string | null;
  readonly message: string;
}

/** Elements of a stretch, by their place in it; what only images or only annotations have is empty for the others. */
export interface CocoStretch {
  /** Offset of the first element; −1 where none was found. */
  readonly first: number;
  /** Where reading goes on: the next element, or what stands behind the list. */
  readonly end: number;
  /** `list`: its closing bracket was read. `file`: the file ends before. `broken`: what stands at `end` is no element. */
  readonly ended: 'no' | 'list' | 'file' | 'broken';
  readonly count: number;
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  /** NaN for none. */
  readonly ids: Float64Array;
  readonly flags: Uint8Array;
  readonly texts: readonly string[];
  readonly widths: Float64Array;
  readonly heights: Float64Array;
  /** Of images: `file_name`, else `coco_url`; '' for neither. */
  readonly files: readonly string[];
  /** Of images: `video_id` and `frame_id` (or `frame_index`) where they are numbers, as mmtracking and TAO write them; NaN for none. */
  readonly videos: Float64Array;
  readonly frames: Float64Array;
  readonly images: Float64Array;
  readonly categories: Float64Array;
  /** x, y, width and height; NaN for none. */
  readonly boxes: Float64Array;
  readonly areas: Float64Array;
  readonly scores: Float64Array;
  readonly troubles: readonly CocoTrouble[];
  readonly troubleCount: number;
}
