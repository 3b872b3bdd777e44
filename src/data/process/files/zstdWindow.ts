/** Largest window that is given memory: the reference decoder's highest levels write 128 MiB. */
const maxWindow = 128 * 2 ** 20;
export const magic = 0xfd2fb528;

/** Skippable frames begin with 0x184D2A50 to 0x184D2A5F. */
export const isSkippable = (word: number) => word >>> 4 === 0x184d2a5;

/** What the first byte behind a frame's magic number says of its header (RFC 8878, 3.1.1.1). */
export interface FrameHead {
  /** Bytes of the header behind that one. */
  readonly bytes: number;
  readonly checksumBytes: number;
  /** Bytes of memory that the frame wants; its header goes on at `at`. */
  window(view: DataView, at: number): number;
}

export function frameHead(descriptor: number): FrameHead {
  const singleSegment = (descriptor & 32) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const before = (singleSegment ? 0 : 1) + dictionary;
  return {
    bytes: before + contentSize,
    checksumBytes: (descriptor & 4) === 0 ? 0 : 4,
    // A frame in a single segment has its whole content for a window.
    window: (view, at) => (singleSegment ? sizeIn(view, at + before, contentSize) : windowIn(view.getUint8(at))),
  };
}

/** @throws RangeError */
export function refuseLargeWindow(bytes: number): void {
  if (bytes > maxWindow) throw new RangeError(`it needs ${Math.round(bytes / 2 ** 20)} MiB of memory to be unpacked`);
}

/** Bytes that are looked at, or passed over. */
type Wanted = { readonly look: number } | { readonly skip: number };

/**
 * Follows Zstandard data that comes in pieces from frame to frame, and refuses one that wants too large a window, as
 * `refuseLargeWindow` does: a decoder gives it the memory as soon as it sees the header.
 */
export class WindowGuard {
  private readonly walk = frames();
  /** Null once the data is none: the decoder says what is wrong. */
  private wanted: Wanted | null = first(this.walk.next());
  private seen: Uint8Array = new Uint8Array(0);

  /** @throws RangeError for a frame that begins in this piece or before. */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length && this.wanted !== null) {
      if ('skip' in this.wanted) {
        const passed = Math.min(this.wanted.skip, piece.length - at);
        at += passed;
        this.wanted = { skip: this.wanted.skip - passed };
        if (this.wanted.skip === 0) this.wanted = first(this.walk.next(nothing));
        continue;
      }
      const taken = piece.subarray(at, at + this.wanted.look - this.seen.length);
      at += taken.length;
      this.seen = Buffer.concat([this.seen, taken]);
      if (this.seen.length < this.wanted.look) return;
      const { buffer, byteOffset, byteLength } = this.seen;
      this.seen = new Uint8Array(0);
      this.wanted = first(this.walk.next(new DataView(buffer, byteOffset, byteLength)));
    }
  }
}

const nothing = new DataView(new ArrayBuffer(0));

function first(found: IteratorResult<Wanted, void>): Wanted | null {
  if (found.done === true) return null;
  return found.value;
}

function* frames(): Generator<Wanted, void, DataView> {
  for (;;) {
    const word = (yield { look: 4 }).getUint32(0, true);
    if (isSkippable(word)) {
      yield* skip((yield { look: 4 }).getUint32(0, true));
      continue;
    }
    if (word !== magic) return;
    const head = frameHead((yield { look: 1 }).getUint8(0));
    if (head.bytes > 0) refuseLargeWindow(head.window(yield { look: head.bytes }, 0));
    for (let last = false; !last; ) {
      const view = yield { look: 3 };
      const block = view.getUint16(0, true) | (view.getUint8(2) << 16);
      const runLength = ((block >> 1) & 3) === 1;
      yield* skip(runLength ? 1 : block >> 3);
      last = (block & 1) === 1;
    }
    yield* skip(head.checksumBytes);
  }
}

function* skip(bytes: number): Generator<Wanted, void, DataView> {
  if (bytes > 0) yield { skip: bytes };
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
