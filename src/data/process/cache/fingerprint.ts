import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileError, readFully } from '../files/fileSource';

/** Bytes at either end of a file that its fingerprint covers. */
const endBytes = 64 * 1024;

/** What tells one state of a file from another without reading all of it. */
export interface Fingerprint {
  readonly size: number;
  readonly mtimeMs: number;
  /** SHA-256 of the first and of the last 64 KB, shorter where the file is. */
  readonly head: string;
  readonly tail: string;
}

/** Of the file's first `length` bytes, of all of them by default. Throws `UserError` when it cannot be read. */
export async function fingerprint(location: string, shown: string, length?: number): Promise<Fingerprint> {
  try {
    const handle = await open(location, 'r');
    try {
      const facts = await handle.stat();
      const size = Math.min(facts.size, length ?? facts.size);
      const part = async (from: number): Promise<string> => {
        const bytes = Buffer.alloc(Math.min(endBytes, size - from));
        return digest(bytes.subarray(0, await readFully(handle, bytes, from)));
      };
      const head = await part(0);
      const tail = await part(Math.max(0, size - endBytes));
      return { size, mtimeMs: facts.mtimeMs, head, tail };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(shown, error);
  }
}

/** 132 bits of SHA-256, safe in file names. */
export function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}
