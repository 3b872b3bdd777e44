import type { Size } from '../core/geometry/box';
import type { ByteSource } from '../core/ports';
import { headBytes } from './head';
import { jpegSizeOf } from './imageSize';

/** Stored pixels of a JPEG; null when its first 64 KB hold no frame header. */
export async function jpegSize(source: ByteSource | null): Promise<Size | null> {
  return source === null ? null : jpegSizeOf(await source.read(0, headBytes));
}
