import type { Size } from '../core/geometry/box';
import type { ByteSource } from '../core/ports';
import { headBytes } from './head';

/** Stored pixels of a JPEG by its frame header (SOF, ITU-T T.81 B.2.2); null when its first 64 KB hold none. */
export async function jpegSize(source: ByteSource | null): Promise<Size | null> {
  if (source === null) return null;
  const bytes = await source.read(0, headBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) {
      const size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
      return size.width > 0 && size.height > 0 ? size : null;
    }
    // A fill byte stands alone; every other segment tells its length.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** SOF0–SOF15 without DHT, JPG and DAC, which share their range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
