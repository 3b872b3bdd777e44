import type { Size } from '../core/geometry/box';

/** Stored pixels of a PNG or JPEG by its first bytes; null for anything else, and where they hold no size. */
export function imageSizeOf(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) return sized(view.getUint32(16), view.getUint32(20));
  return jpegSizeOf(bytes);
}

/** By a JPEG's frame header (SOF, ITU-T T.81 B.2.2); null when the bytes hold none. */
export function jpegSizeOf(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  if (length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= length; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) return sized(view.getUint16(at + 7), view.getUint16(at + 5));
    // A fill byte stands alone; every other segment tells its length.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

function sized(width: number, height: number): Size | null {
  return width > 0 && height > 0 ? { width, height } : null;
}

/** SOF0–SOF15 without DHT, JPG and DAC, which share their range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
