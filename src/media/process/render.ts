import type { Box, Size } from '../../core/geometry/box';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { stretch, type ValueRange } from './depth';
import { type Header, reasonOf, refuseBomb } from './header';

/** A rectangle of whole stored pixels. */
export interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture to make: part `cut` of the image (null: all of it) at `size` pixels, in the frame of the stored image. */
export interface Recipe {
  readonly cut: Cut | null;
  readonly size: Size;
  /** Of an image of 16 bits, the values that become black and white; null for one of eight. */
  readonly range: ValueRange | null;
  /** EXIF orientation by which it is turned in the end; 1 leaves it as it is stored. */
  readonly turn: number;
}

/** Bytes a preview should stay under: a group's image has to cross a 20 Mbit/s link in well under half a second. */
const previewBytes = 300_000;
/**
 * Measured on the ACTIVE-O3 photos (2250×1500, maxSide 1400): WebP 75 at effort 2 gives 128–233 KB in 70–105 ms;
 * JPEG 80 gives 203–327 KB in 35 ms, and the bytes it adds take longer over such a link than the encoder saves.
 */
const previewQuality = 75;
const busyQuality = 50;
/** Longer side up to which a whole picture is far below that size whatever it shows, and is made in one go. */
const thumbnailSide = 512;
/** A tenth more bytes than at `effort`, and 7 % less time for a thumbnail: of them there are hundreds. */
const thumbnailEffort = 0;
const regionQuality = 90;
/** Small crops are shown enlarged to single pixels, where the artefacts of a lossy codec would look like content. */
const losslessPixels = 256 * 256;
const effort = 2;
export const secondsPerImage = 45;
const longestSide = 4096;

/** Size of an image or part of it whose longer side is at most `maxSide`: never enlarged, at least one pixel a side. */
export function fitInside(size: Size, maxSide: number): Size {
  const side = Math.min(longestSide, Math.max(1, Math.floor(Number.isFinite(maxSide) ? maxSide : longestSide)));
  const scale = Math.min(1, side / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/**
 * The whole pixels a box touches, clamped to the image. Corners may be swapped.
 * Throws a `UserError` for a box without finite corners, without area, or wholly outside.
 */
export function cutOf(box: Box, { path, stored }: Header): Cut {
  const shown = `[${box.x1}, ${box.y1}, ${box.x2}, ${box.y2}]`;
  if (![box.x1, box.y1, box.x2, box.y2].every(Number.isFinite))
    throw new UserError(`${path}: the region ${shown} is not four numbers`);
  if (box.x1 === box.x2 || box.y1 === box.y2) throw new UserError(`${path}: the region ${shown} has no area`);
  const left = Math.max(0, Math.floor(Math.min(box.x1, box.x2)));
  const top = Math.max(0, Math.floor(Math.min(box.y1, box.y2)));
  const right = Math.min(stored.width, Math.ceil(Math.max(box.x1, box.x2)));
  const bottom = Math.min(stored.height, Math.ceil(Math.max(box.y1, box.y2)));
  if (right <= left || bottom <= top)
    throw new UserError(
      `${path}: the region ${shown} lies outside the image of ${stored.width}×${stored.height} pixels`,
    );
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * Decodes and encodes one picture as WebP: shrink-on-load where the format has it, 8-bit sRGB, alpha kept, first page
 * only (or its overviews), turned only where the recipe says so. Throws a `UserError` naming the file when its pixels cannot be read.
 */
export async function render(sharp: Sharp, header: Header, recipe: Recipe): Promise<Uint8Array> {
  refuseBomb(header);
  const { cut, size } = recipe;
  const damaged = (error: unknown): never => {
    throw new UserError(`${header.path}: ${unreadable(header, error)}`);
  };
  const decoded = decoding(sharp, header, recipe).toColourspace('srgb');
  // Two pipelines with raw pixels in between would cost a thumbnail a tenth more.
  if (isThumbnail(header, recipe))
    return decoded.webp({ quality: previewQuality, effort: thumbnailEffort }).toBuffer().catch(damaged);
  const { data, info } = await decoded.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }).catch(damaged);
  const encode = (quality: number, lossless = false) =>
    turned(sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }), recipe.turn)
      .webp({ quality, effort, lossless })
      .toBuffer();
  if (cut !== null) return encode(regionQuality, size.width * size.height <= losslessPixels);
  const picture = await encode(previewQuality);
  return picture.length <= previewBytes ? picture : encode(busyQuality);
}

/** A small picture of the whole image, whose values and sides stay as they are stored. */
function isThumbnail({ depth }: Header, { cut, size, turn, range }: Recipe): boolean {
  return (
    cut === null &&
    depth === 'uchar' &&
    range === null &&
    turn === 1 &&
    Math.max(size.width, size.height) <= thumbnailSide
  );
}

/** The cheapest road from the file to these pixels: an overview of its own that has them, else shrink-on-load. */
export function decoding(sharp: Sharp, header: Header, { cut, size, range }: Omit<Recipe, 'turn'>) {
  const { stored } = header;
  const whole = { left: 0, top: 0, ...stored };
  const wanted = size.width / (cut ?? whole).width;
  const overview = header.overviews.findLast((one) => one.size.width / stored.width >= wanted);
  let image = sharp(header.path, { limitInputPixels: false, failOn: 'truncated', ...overview?.input }).timeout({
    seconds: secondsPerImage,
  });
  const part = scaledCut(cut ?? whole, stored, overview?.size ?? stored);
  const from = overview?.size ?? stored;
  if (part.width !== from.width || part.height !== from.height) image = image.extract(part);
  if (size.width !== part.width || size.height !== part.height)
    image = image.resize(size.width, size.height, { fit: 'fill' });
  return range === null ? image : image.linear(...stretch(range));
}

/** A cut of the image in one of its overviews: whole pixels that cover it, give or take half of one. */
function scaledCut({ left, top, width, height }: Cut, stored: Size, overview: Size): Cut {
  const [perX, perY] = [overview.width / stored.width, overview.height / stored.height];
  const x = Math.min(overview.width - 1, Math.round(left * perX));
  const y = Math.min(overview.height - 1, Math.round(top * perY));
  return {
    left: x,
    top: y,
    width: Math.max(1, Math.min(overview.width, Math.round((left + width) * perX)) - x),
    height: Math.max(1, Math.min(overview.height, Math.round((top + height) * perY)) - y),
  };
}

/** Turns and mirrors as EXIF's orientation says; sharp mirrors before it turns. */
export function turned(image: ReturnType<Sharp>, orientation: number): ReturnType<Sharp> {
  const mirrored =
    orientation === 4 || orientation === 5
      ? image.flip()
      : orientation === 2 || orientation === 7
        ? image.flop()
        : image;
  if (orientation === 3) return mirrored.rotate(180);
  if (orientation === 8) return mirrored.rotate(270);
  return orientation >= 5 ? mirrored.rotate(90) : mirrored;
}

/** What to say of an image whose pixels cannot be read. */
export function unreadable({ format, stored, bytes }: Header, error: unknown): string {
  const what = `the ${format.toUpperCase()} image (${stored.width}×${stored.height}, ${bytes} bytes)`;
  const reason = reasonOf(error);
  if (/^timeout/i.test(reason)) return `${what} takes longer than ${secondsPerImage} s to decode`;
  return `${what} is truncated or damaged (${reason})`;
}
