import { readFully } from '../files/fileSource';
import type { OpenFile } from '../files/traceFolder';
import { ArrayElements, type DocumentTrouble } from './arrayElements';
import { maxRowBytes } from './lines';

const firstCapacity = 1024 * 1024;

export interface FoundElement {
  /** In the file. */
  readonly offset: number;
  readonly length: number;
  /** 1-based line of its first byte. */
  readonly line: number;
  /** Null when it is longer than `maxRowBytes`. */
  readonly bytes: Buffer | null;
}

/** Elements that end in one stretch of a document. Valid until the next batch is asked for: the buffer is used again. */
export interface ElementBatch {
  readonly elements: readonly FoundElement[];
  readonly troubles: readonly DocumentTrouble[];
  /** The stretch's own first bytes, for a look at the encoding: only of the first batch. */
  readonly head: Buffer | null;
  /** Bytes of the file passed so far. */
  readonly position: number;
}

/**
 * The elements of the array at `path` in a JSON document of any size, one batch per read. Only an unfinished element is
 * kept between reads; one that grows beyond `maxRowBytes` is passed over.
 */
export async function* readElements(handle: OpenFile, path: readonly string[]): AsyncGenerator<ElementBatch, void> {
  let buffer = Buffer.allocUnsafeSlow(firstCapacity);
  /** Offset in the file of `buffer[0]`, and how many bytes of the open element stand there. */
  let base = 0;
  let carried = 0;
  let elements: FoundElement[] = [];
  const finder = new ArrayElements(path, (start, end, line) => {
    const fits = end - start <= maxRowBytes;
    const bytes = fits ? buffer.subarray(start - base, end - base) : null;
    elements.push({ offset: start, length: end - start, line, bytes });
  });
  for (;;) {
    const position = base + carried;
    const got = await readFully(handle, buffer.subarray(carried), position);
    const bytes = buffer.subarray(0, carried + got);
    const last = bytes.length < buffer.length;
    elements = [];
    finder.take(bytes, carried, base);
    if (last) finder.end();
    const troubles = finder.takeTroubles();
    yield { elements, troubles, head: position === 0 ? bytes : null, position: position + got };
    if (last || finder.stopped) return;
    const keepFrom = finder.openAt === null ? bytes.length : finder.openAt - base;
    // An element that is too long already has nothing in the buffer that is worth keeping.
    const kept = keepFrom < 0 || bytes.length - keepFrom > maxRowBytes ? bytes.length : keepFrom;
    carried = bytes.length - kept;
    const capacity = Math.max(firstCapacity, Math.min(maxRowBytes + 1, nextPower(carried + 1)));
    const next = capacity === buffer.length ? buffer : Buffer.allocUnsafeSlow(capacity);
    buffer.copy(next, 0, kept, bytes.length);
    buffer = next;
    base += kept;
  }
}

function nextPower(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}
