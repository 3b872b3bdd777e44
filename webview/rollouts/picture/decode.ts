import type { Box, Size } from '../../../src/core/geometry/box';
import { UserError } from '../../../src/core/text/userError';
import type { Paint } from '../../../src/protocol/rollouts';

/** A picture ready to paint. */
export interface Picture {
  readonly source: HTMLImageElement | ImageBitmap;
  /** Pixels of `source`. */
  readonly size: Size;
  /** Stored pixels of the image it shows, or shows a part of. */
  readonly original: Size;
  /** True when `source` is the image itself in full resolution, so that parts can be cut from it here. */
  readonly whole: boolean;
}

/**
 * Loads what the host offered. Encoded bytes are the whole original, in stored pixels (EXIF orientation ignored, as the
 * loaders of verl and qwen-vl-utils do); with `part` it is cut to that box. Rejects with a `UserError` for no picture.
 */
export async function decodePaint(paint: Paint, part: Box | null): Promise<Picture> {
  if (paint.kind === 'error') throw new UserError(paint.message);
  if (paint.kind === 'uri') {
    const source = new Image();
    source.src = paint.uri;
    try {
      await source.decode();
    } catch {
      throw new UserError('The picture in the cache could not be read. Reload the editor to make it anew.');
    }
    return { source, size: paint.size, original: paint.original, whole: false };
  }
  const whole = await decodeBytes(paint.bytes, paint.mime);
  const original = { width: whole.width, height: whole.height };
  if (part === null) return { source: whole, size: original, original, whole: true };
  const width = Math.max(1, part.x2 - part.x1);
  const height = Math.max(1, part.y2 - part.y1);
  const source = await createImageBitmap(whole, part.x1, part.y1, width, height);
  return { source, size: { width, height }, original, whole: false };
}

async function decodeBytes(bytes: Uint8Array, mime: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: mime }), { imageOrientation: 'none' });
  } catch {
    throw new UserError(`The image could not be decoded (${mime}).`);
  }
}
