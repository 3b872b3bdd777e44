import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { Lru } from '../../../core/collections/lru';
import { UserError } from '../../../core/text/userError';
import { fileError, readFully } from '../files/fileSource';
import { isFileError } from '../images/nearby';

/** One picture, before anyone has read it. */
export interface PictureSource {
  /** Equal for one place in one state; pictures at two places may be equal all the same. */
  readonly id: string;
  /** Encoded bytes; null where they are counted only when they are read. */
  readonly size: number | null;
  /** Its size and hash; null when it cannot be read any more. */
  content(): Promise<string | null>;
}

/** Files up to this size are hashed whole, of larger ones as much at either end. */
const hashedWhole = 4 * 1024 * 1024;
const hashedEnd = 1024 * 1024;
/** UTF-16 units of hashes that are kept. */
const kept = 16 * 1024 * 1024;

/**
 * Pictures by their bytes. A hash is kept by path, size and time of change. Two files of more than 4 MB count as equal when
 * their sizes and a megabyte at either end are: encoded images that differ differ at their ends, where their checksums are.
 */
export class ImageContents {
  private readonly hashes = new Lru<string, string>(kept);

  /** Null when there is no such file. */
  async file(path: string): Promise<PictureSource | null> {
    try {
      const { size, mtimeMs, dev, ino } = await stat(path);
      // One file under two names is one picture without a look at it.
      const id = `file:${dev}:${ino}:${size}:${mtimeMs}`;
      return { id, size, content: () => this.known(id, () => hashFile(path, size)) };
    } catch (error) {
      if (isFileError(error)) return null;
      throw error;
    }
  }

  /** A picture that `id` alone tells from every other, whatever is written meanwhile. */
  bytes(id: string, read: () => Promise<Uint8Array>): PictureSource {
    const hash = async () => {
      const bytes = await read();
      const hashed = bytes.length <= hashedWhole ? [bytes] : [bytes.subarray(0, hashedEnd), bytes.subarray(-hashedEnd)];
      return named(bytes.length, hashed);
    };
    return { id, size: null, content: () => this.known(id, hash) };
  }

  private async known(id: string, hash: () => Promise<string>): Promise<string | null> {
    const before = this.hashes.get(id);
    if (before !== undefined) return before;
    try {
      const made = await hash();
      this.hashes.set(id, made, id.length + made.length);
      return made;
    } catch (error) {
      if (UserError.is(error)) return null;
      throw error;
    }
  }
}

async function hashFile(path: string, size: number): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const part = async (from: number, length: number): Promise<Uint8Array> => {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, await readFully(handle, bytes, from));
      };
      if (size <= hashedWhole) return named(size, [await part(0, size)]);
      return named(size, [await part(0, hashedEnd), await part(size - hashedEnd, hashedEnd)]);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

function named(size: number, parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `${size}:${hash.digest('base64url')}`;
}
