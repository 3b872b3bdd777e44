import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { WindowGuard } from './zstdWindow';

export type Packing = 'gz' | 'zst';

const chunkBytes = 256 * 1024;
/** A few bytes of Zstandard can stand for megabytes, and a push cannot be stopped in the middle. */
const zstdStep = 4096;
/** Milliseconds of decompressing in this thread before requests get their turn. */
const slice = 8;

export interface PackedInput {
  /** Absolute. */
  readonly location: string;
  readonly packing: Packing;
  /** Told how many of the packed bytes are done. */
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** The contents of a packed file, all members or frames of it. Throws in the middle for damaged data. */
export function unpackedChunks(input: PackedInput): AsyncGenerator<Uint8Array, void> {
  return input.packing === 'gz' ? gunzipped(input, undefined) : unzstded(input);
}

/** The contents of gzip data that is cut off: zlib swallows the last bytes in front of a missing end if it expects one. */
export function cutChunks(input: PackedInput): AsyncGenerator<Uint8Array, void> {
  return gunzipped(input, constants.Z_SYNC_FLUSH);
}

async function* gunzipped(
  { location, progress, signal }: PackedInput,
  finishFlush: number | undefined,
): AsyncGenerator<Uint8Array, void> {
  const input = createReadStream(location, { signal });
  const output = createGunzip({ chunkSize: chunkBytes, ...(finishFlush === undefined ? {} : { finishFlush }) });
  input.on('error', (error) => output.destroy(error));
  input.pipe(output);
  try {
    for await (const chunk of output) {
      yield chunk as Buffer;
      progress(output.bytesWritten);
    }
  } finally {
    input.destroy();
    output.destroy();
  }
}

/** By fzstd, in slices: Node's own decoder, where there is one, silently ends after the first of several frames. */
async function* unzstded({ location, progress, signal }: PackedInput): AsyncGenerator<Uint8Array, void> {
  let blocks: Uint8Array[] = [];
  let done = 0;
  let sliceEnd = performance.now() + slice;
  const guard = new WindowGuard();
  const decoder = new Decompress((block) => blocks.push(block));
  for await (const chunk of createReadStream(location, { signal, highWaterMark: chunkBytes })) {
    const packed = chunk as Buffer;
    for (let at = 0; at < packed.length; at += zstdStep) {
      const piece = packed.subarray(at, at + zstdStep);
      guard.push(piece);
      decoder.push(piece);
      yield* blocks;
      blocks = [];
      if (performance.now() < sliceEnd) continue;
      progress(done + at);
      await nextTurn();
      sliceEnd = performance.now() + slice;
    }
    done += packed.length;
  }
  decoder.push(new Uint8Array(0), true);
  yield* blocks;
}
