/** Largest window that is given memory: the reference decoder's highest levels write 128 MiB. */
const maxWindow = 128 * 2 ** 20;
const magic = 0xfd2fb528;

/**
 * Refuses Zstandard data whose first frame (RFC 8878, 3.1.1) wants a larger window than is sensible, before memory is
 * given to it.
 * @throws RangeError
 */
export function refuseLargeWindow(head: Uint8Array): void {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < 18 || view.getUint32(0, true) !== magic) return;
  const descriptor = view.getUint8(4);
  const singleSegment = (descriptor & 32) !== 0;
  const window = singleSegment ? contentSize(view, descriptor) : windowSize(view.getUint8(5));
  if (window > maxWindow) throw new RangeError(`it needs ${Math.round(window / 2 ** 20)} MiB of memory to be unpacked`);
}

/** Of a frame in a single segment, whose window is its whole content. */
function contentSize(view: DataView, descriptor: number): number {
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >> 6) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
