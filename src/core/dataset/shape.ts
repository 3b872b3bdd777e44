import type { Box } from '../geometry/box';
import type { CocoMask } from '../mask/cocoMask';

/** A corner or a place, in pixels of its image: x to the right, y down, 0 at the outer edge of the first pixel. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A labelled place of a body. COCO: 0 not labelled, 1 labelled and hidden, 2 visible. */
export interface Keypoint extends Point {
  readonly visibility: 0 | 1 | 2;
}

/** What keypoints of a category are called, and which of them belong together. */
export interface Skeleton {
  /** In the order of the keypoints; '' for one without a name. */
  readonly names: readonly string[];
  /** Pairs of 0-based indices. */
  readonly skeleton: readonly (readonly [number, number])[];
}

/** A greyscale picture whose brighter pixels belong to a mask. */
export interface MaskPicture {
  /** `file` is relative to the image set's root. */
  readonly source:
    | { readonly kind: 'file'; readonly file: string }
    | { readonly kind: 'base64'; readonly base64: string };
  /** Where its top left corner lies on the image; null where it covers the image, whatever its own size. */
  readonly at: Point | null;
  /** Grey values above this belong to the mask, 0–255. */
  readonly above: number;
}

/**
 * What an annotation draws, in the frame that its image set counts in (`ImageSetOpened.frame`). Numbers are as the file has
 * them, scaled to pixels where it writes parts of the side: outside the image, fractional and swapped ones too.
 */
export type Shape =
  | { readonly kind: 'box'; readonly box: Box }
  /** A rectangle turned by `angle` radians, clockwise on screen, about its centre. */
  | { readonly kind: 'turnedBox'; readonly box: Box; readonly angle: number }
  /** Four corners in order. */
  | { readonly kind: 'quad'; readonly points: readonly Point[] }
  /** Closed rings of one object; COCO fills the union of them, and knows no holes. */
  | { readonly kind: 'polygons'; readonly rings: readonly (readonly Point[])[] }
  | { readonly kind: 'mask'; readonly mask: CocoMask }
  /** A mask in a picture of its own, which is decoded when somebody looks. */
  | { readonly kind: 'maskPicture'; readonly picture: MaskPicture }
  /** Names and skeleton where the file states them. */
  | ({ readonly kind: 'keypoints'; readonly points: readonly Keypoint[] } & Skeleton)
  | { readonly kind: 'points'; readonly points: readonly Point[] }
  | { readonly kind: 'line'; readonly points: readonly Point[] }
  | { readonly kind: 'circle'; readonly centre: Point; readonly radius: number }
  /** Says something of the whole image. */
  | { readonly kind: 'tag' };
