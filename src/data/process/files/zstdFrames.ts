import { frameHead, isSkippable, magic, refuseLargeWindow } from './zstdWindow';

/**
 * Cuts Zstandard data (RFC 8878, 3.1) into its frames, skippable ones left out, by the sizes in their headers: nothing is
 * decompressed. A frame that wants a larger window than is sensible is refused before memory is given to it.
 * @throws RangeError for what is no such data.
 */
export function* zstdFrames(data: Uint8Array): Generator<Uint8Array, void> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  while (at < data.length) {
    const word = view.getUint32(at, true);
    if (isSkippable(word)) at += 8 + view.getUint32(at + 4, true);
    else if (word === magic) {
      const end = frameEnd(view, at);
      yield data.subarray(at, end);
      at = end;
    } else throw new RangeError('it is no Zstandard data');
  }
}

function frameEnd(view: DataView, start: number): number {
  const head = frameHead(view.getUint8(start + 4));
  refuseLargeWindow(head.window(view, start + 5));
  let at = start + 5 + head.bytes;
  for (;;) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const runLength = ((header >> 1) & 3) === 1;
    at += 3 + (runLength ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  const end = at + head.checksumBytes;
  if (end > view.byteLength) throw new RangeError('its last frame is cut off');
  return end;
}
