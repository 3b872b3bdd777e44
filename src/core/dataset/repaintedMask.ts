import type { CocoMask } from '../mask/cocoMask';
import type { Point } from './shape';

/** A mask that is to stand in a greyscale picture in the place of another. */
export interface RepaintRequest {
  /** The picture that changes, a PNG: a file, or encoded in base64. Null for one that is made. */
  readonly source:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'base64'; readonly base64: string }
    | null;
  /** Brighter pixels belong to the mask, 0–255. */
  readonly above: number;
  /** Null where the picture covers the image; else it is cut to the mask, and this is where the old one lies. */
  readonly at: Point | null;
  /** Of the image, or of the picture that covers it. */
  readonly mask: CocoMask;
  /** The mask that stands in the picture stays, and this one is added to it. */
  readonly adds?: boolean;
}

export interface RepaintedMask {
  readonly png: Uint8Array;
  /** Where its first pixel lies on the image. */
  readonly at: Point;
}

/** Null when the picture has that mask already. Rejects with `UserError` for a picture that cannot be written so. */
export type RepaintMask = (request: RepaintRequest) => Promise<RepaintedMask | null>;
