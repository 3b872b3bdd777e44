import { closeSync, openSync, readSync } from 'node:fs';

/** Reads into all of `into`; returns how many bytes there were before the end of the file. Only threads may block. */
export function readFullySync(handle: number, into: Uint8Array, offset: number): number {
  let done = 0;
  while (done < into.length) {
    const got = readSync(handle, into, done, into.length - done, offset + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}

/** Bytes [from, to) of a file; fewer where it ends before. */
export function readRange(location: string, from: number, to: number): Buffer {
  const handle = openSync(location, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow(to - from);
    return bytes.subarray(0, readFullySync(handle, bytes, from));
  } finally {
    closeSync(handle);
  }
}
