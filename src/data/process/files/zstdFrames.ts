/** Largest window that is allocated; the reference decoder's own default is 8 MiB, its highest levels write 128 MiB. */
const maxWindow = 128 * 1024 * 1024;
const magic = 0xfd2fb528;
/** Skippable frames begin with 0x184D2A50 to 0x184D2A5F. */
const skippable = 0x184d2a5;

/**
 * Cuts Zstandard data (RFC 8878, 3.1) into its frames, skippable ones left out, by the sizes in their headers: nothing is
 * decompressed. A frame that wants a larger window than `maxWindow` is refused before memory is given to it.
 * @throws RangeError for what is no such data.
 */
export function* zstdFrames(data: Uint8Array): Generator<Uint8Array, void> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  while (at < data.length) {
    const word = view.getUint32(at, true);
    if (word >>> 4 === skippable) at += 8 + view.getUint32(at + 4, true);
    else if (word === magic) {
      const end = frameEnd(view, at);
      yield data.subarray(at, end);
      at = end;
    } else throw new RangeError('it is no Zstandard data');
  }
}

function frameEnd(view: DataView, start: number): number {
  const descriptor = view.getUint8(start + 4);
  const singleSegment = (descriptor & 32) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = start + 5 + (singleSegment ? 0 : 1) + dictionary;
  const window = singleSegment ? sizeIn(view, sizeAt, contentSize) : windowIn(view.getUint8(start + 5));
  if (window > maxWindow) throw new RangeError(`it needs ${Math.round(window / 2 ** 20)} MiB to be unpacked`);
  let at = sizeAt + contentSize;
  for (;;) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const runLength = ((header >> 1) & 3) === 1;
    at += 3 + (runLength ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  const end = at + ((descriptor & 4) === 0 ? 0 : 4);
  if (end > view.byteLength) throw new RangeError('its last frame is cut off');
  return end;
}

/** Frame_Content_Size: of two bytes it is 256 less. */
function sizeIn(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

function windowIn(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
