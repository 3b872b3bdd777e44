import type { DecodedMask } from '../core/dataset/decodedMask';
import type { DifferenceHash } from '../core/dataset/differenceHash';
import type { RepaintedMask, RepaintRequest } from '../core/dataset/repaintedMask';
import type { Point } from '../core/dataset/shape';
import type { Box, Size } from '../core/geometry/box';
import type { TilePlace } from '../core/geometry/tilePyramid';
import type { CocoMask } from '../core/mask/cocoMask';
import type { EncodeAnswer, EncodeRequest } from './policy';
import type { PixelsAnswer, PixelsRequest } from './segment';

export interface ImageProbe {
  /** Stored pixels; EXIF orientation is not applied (the loaders of verl and qwen-vl-utils don't either). */
  readonly stored: Size;
  /** EXIF orientation 1–8; 1 when absent. */
  readonly orientation: number;
  readonly format: string;
  readonly bytes: number;
}

/** An encoded picture in the cache folder. */
export interface CachedImage {
  /** Absolute path inside the cache folder. */
  readonly path: string;
  /** Pixels of the encoded picture. */
  readonly size: Size;
  readonly bytes: number;
}

/** Resolutions of a large image, the whole one first, each about half of the one before; cut into tiles of `TILE_SIDE`. */
export interface PyramidInfo {
  readonly levels: readonly Size[];
}

/** A mask that stands in a greyscale picture (`core/dataset/shape.ts`, `MaskPicture`). */
export interface MaskRequest {
  /** A file, or an encoded picture in base64. */
  readonly source:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'base64'; readonly base64: string };
  /** Brighter pixels belong to the mask, 0–255. */
  readonly above: number;
  /** Whole pixels; null where the picture covers the image. */
  readonly at: Point | null;
  /** Of the image; null where it is not known: then the mask has the picture's own size. */
  readonly size: Size | null;
}

export type MaskAnswer = DecodedMask;

/**
 * Served by the media child. All boxes are stored pixels of the original image, and pictures show it as it is stored; with
 * `upright`, both are those of the image turned as its EXIF orientation says. Images of 16 bits a channel are shown with their
 * smallest value black and their largest white.
 */
export type MediaMethods = {
  'image/probe': (p: { path: string }) => ImageProbe;
  /** The whole image, scaled down so that its longer side is at most `maxSide`; never enlarged. */
  'image/preview': (p: { path: string; maxSide: number; upright?: boolean }) => CachedImage;
  /** A part of the image at up to `maxSide` pixels a side, never enlarged; the box is clamped to the image. */
  'image/region': (p: { path: string; box: Box; maxSide: number; upright?: boolean }) => CachedImage;
  /**
   * Builds what `image/tile` reads, unless it stands; null for an image whose regions are read as fast, or that is too large
   * for the cache. Takes seconds for hundreds of megapixels; aborted, it ends at once.
   */
  'image/pyramid': (p: { path: string }) => PyramidInfo | null;
  /** One tile. Throws `UserError` when the pyramid is not there (any more): ask for it again. */
  'image/tile': (p: { path: string } & TilePlace) => CachedImage;
  /** The whole image as PNG with a mask of its size in half-transparent green, as SegAgent's policy sees it; null for none. */
  'image/overlay': (p: { path: string; mask: CocoMask | null }) => CachedImage;
  /** Nothing is cached. */
  'image/mask': (p: MaskRequest) => MaskAnswer;
  /** Null when the picture has that mask already. Nothing is cached, nothing is written. */
  'image/repaint': (p: RepaintRequest) => RepaintedMask | null;
  /** Scaled pixels for a segmenter, with the antialiased bilinear filter that SAM's own preprocessing has. Nothing is cached. */
  'image/pixels': (p: PixelsRequest) => PixelsAnswer;
  /** A picture for a model that is asked over the network. Nothing is cached. */
  'image/encode': (p: EncodeRequest) => EncodeAnswer;
  /** What the whole image shows, in 64 bits. Waits behind all other requests; kept in the cache until the file changes. */
  'image/hash': (p: { path: string; upright: boolean }) => DifferenceHash;
  /** Of images that were hashed and did not change; null for the others. Nothing is decoded. */
  'image/knownHashes': (p: { paths: readonly string[]; upright: boolean }) => readonly (DifferenceHash | null)[];
};
export type MediaEvents = Record<never, never>;
export type MediaParentMethods = Record<never, never>;
