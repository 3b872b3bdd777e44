import type { Box, Size } from '../../core/geometry/box';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { type Header, reasonOf, refuseBomb } from './header';

/** A rectangle of whole stored pixels. */
export interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture to make: part `cut` of the image (null: all of it) at `size` pixels. */
export interface Recipe {
  readonly cut: Cut | null;
  readonly size: Size;
}

/** Bytes a preview should stay under: a group's image has to cross a 20 Mbit/s link in well under half a second. */
const previewBytes = 300_000;
/**
 * Measured on the ACTIVE-O3 photos (2250×1500, maxSide 1400): WebP 75 at effort 2 gives 128–233 KB in 70–105 ms;
 * JPEG 80 gives 203–327 KB in 35 ms, and the bytes it adds take longer over such a link than the encoder saves.
 */
const previewQuality = 75;
const busyQuality = 50;
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
 * only, never rotated. Throws a `UserError` naming the file when its pixels cannot be read.
 */
export async function render(sharp: Sharp, header: Header, { cut, size }: Recipe): Promise<Uint8Array> {
  refuseBomb(header);
  let image = sharp(header.path, { limitInputPixels: false, failOn: 'truncated' }).timeout({
    seconds: secondsPerImage,
  });
  if (cut !== null) image = image.extract(cut);
  if (size.width !== (cut ?? header.stored).width || size.height !== (cut ?? header.stored).height)
    image = image.resize(size.width, size.height, { fit: 'fill' });
  const { data, info } = await image
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new UserError(`${header.path}: ${unreadable(header, error)}`);
    });
  const encode = (quality: number, lossless = false) =>
    sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
      .webp({ quality, effort, lossless })
      .toBuffer();
  if (cut !== null) return encode(regionQuality, size.width * size.height <= losslessPixels);
  const picture = await encode(previewQuality);
  return picture.length <= previewBytes ? picture : encode(busyQuality);
}

/** What to say of an image whose pixels cannot be read. */
export function unreadable({ format, stored, bytes }: Header, error: unknown): string {
  const what = `the ${format.toUpperCase()} image (${stored.width}×${stored.height}, ${bytes} bytes)`;
  const reason = reasonOf(error);
  if (/^timeout/i.test(reason)) return `${what} takes longer than ${secondsPerImage} s to decode`;
  return `${what} is truncated or damaged (${reason})`;
}
