import type { Size } from '../../core/geometry/box';
import type { ByteSource } from '../../core/ports';
import { headBytes } from '../head';
import { imageSizeOf } from '../imageSize';

/** What the first bytes of an image tell. */
export interface ImageHeader {
  readonly stored: Size;
  /** EXIF orientation 1–8; 1 where none is stated. */
  readonly orientation: number;
}

/** Null for what is no PNG, JPEG, WebP, BMP, GIF or TIFF, and where 64 KB hold no size. */
export async function readImageHeader(source: ByteSource): Promise<ImageHeader | null> {
  const head = await source.read(0, headBytes);
  const stored = imageSizeOf(head) ?? webpSize(head) ?? bmpSize(head) ?? gifSize(head);
  if (stored !== null) return { stored, orientation: await orientationIn(source, head) };
  return tiffHeader(source, head);
}

/** As the picture stands once EXIF is applied. */
export function orientedSize({ stored, orientation }: ImageHeader): Size {
  return orientation >= 5 ? { width: stored.height, height: stored.width } : stored;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** RIFF container: VP8X, lossy (RFC 6386 9.1) and lossless. */
function webpSize(bytes: Uint8Array): Size | null {
  if (bytes.length < 30 || ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'WEBP') return null;
  const view = viewOf(bytes);
  const chunk = ascii(bytes, 12, 4);
  if (chunk === 'VP8X') {
    const side = (at: number) => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    return { width: side(24), height: side(27) };
  }
  if (chunk === 'VP8 ') return sized(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  const bits = view.getUint32(21, true);
  return chunk === 'VP8L' ? { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) } : null;
}

function bmpSize(bytes: Uint8Array): Size | null {
  if (bytes.length < 26 || ascii(bytes, 0, 2) !== 'BM') return null;
  const view = viewOf(bytes);
  // Negative where rows go from the top down.
  return sized(view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
}

function gifSize(bytes: Uint8Array): Size | null {
  if (bytes.length < 10 || ascii(bytes, 0, 3) !== 'GIF') return null;
  const view = viewOf(bytes);
  return sized(view.getUint16(6, true), view.getUint16(8, true));
}

const tags = { width: 256, height: 257, orientation: 274 };

/** Classic TIFF: its directory may stand anywhere in the file. */
async function tiffHeader(source: ByteSource, head: Uint8Array): Promise<ImageHeader | null> {
  const order = head.length < 8 ? '' : ascii(head, 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  if (viewOf(head).getUint16(2, little) !== 42) return null;
  const at = viewOf(head).getUint32(4, little);
  const directory = await source.read(at, 2 + 12 * 512);
  const entries = directoryEntries(viewOf(directory), 0, little);
  const stored = sized(entries.get(tags.width) ?? 0, entries.get(tags.height) ?? 0);
  return stored === null ? null : { stored, orientation: validOrientation(entries.get(tags.orientation)) };
}

/** Values of SHORT and LONG entries by tag (TIFF 6.0, section 2). */
function directoryEntries(view: DataView, at: number, little: boolean): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  const count = at + 2 <= view.byteLength ? view.getUint16(at, little) : 0;
  for (let i = 0, entry = at + 2; i < count && entry + 12 <= view.byteLength; i++, entry += 12) {
    const type = view.getUint16(entry + 2, little);
    const value = type === 3 ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    values.set(view.getUint16(entry, little), value);
  }
  return values;
}

function orientationIn(source: ByteSource, head: Uint8Array): Promise<number> | number {
  if (ascii(head, 1, 3) === 'PNG') return pngOrientation(head);
  return ascii(head, 8, 8) === 'WEBPVP8X' ? webpOrientation(source, head) : jpegOrientation(head);
}

/** In a PNG's `eXIf` chunk in front of its pixels (PNG 3, 11.3.4.2). */
function pngOrientation(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  for (let at = 8; at + 16 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = ascii(bytes, at + 4, 4);
    if (type === 'eXIf') return exifOrientation(view, at + 8);
    if (type === 'IDAT') break;
  }
  return 1;
}

/** In a WebP's `EXIF` chunk, which stands behind its pixels, where the header says that there is one. */
async function webpOrientation(source: ByteSource, head: Uint8Array): Promise<number> {
  const hasExif = ((head[20] ?? 0) & 0x08) !== 0;
  for (let at = 12, chunks = 0; hasExif && chunks < mostChunks; chunks++) {
    const chunk = await source.read(at, 8 + mostExif);
    if (chunk.length < 16) break;
    // Some writers put JPEG's mark in front.
    const start = ascii(chunk, 8, 4) === 'Exif' ? 14 : 8;
    if (ascii(chunk, 0, 4) === 'EXIF') return exifOrientation(viewOf(chunk), start);
    const length = viewOf(chunk).getUint32(4, true);
    at += 8 + length + (length % 2);
  }
  return 1;
}

/** A WebP that moves has a chunk a frame in front of it: such a picture is upright. */
const mostChunks = 16;
const mostExif = 4096;

/** Of a TIFF directory that begins at `start`. */
function exifOrientation(view: DataView, start: number): number {
  if (start + 8 > view.byteLength) return 1;
  const little = view.getUint8(start) === 0x49;
  const directory = start + view.getUint32(start + 4, little);
  return validOrientation(directoryEntries(view, directory, little).get(tags.orientation));
}

/** In a JPEG's APP1 segment; 1 where there is none. */
function jpegOrientation(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return 1;
  for (let at = 2; at + 18 <= bytes.length && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xda) break;
    if (marker !== 0xe1 || ascii(bytes, at + 4, 4) !== 'Exif') continue;
    return exifOrientation(view, at + 10);
  }
  return 1;
}

function validOrientation(value: number | undefined): number {
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}

function sized(width: number, height: number): Size | null {
  return width > 0 && height > 0 ? { width, height } : null;
}
