import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../../core/text/userError';
import type { OpenFile, TraceFile } from './traceFolder';

/** One file on disk. Each read opens and closes it, so nothing stays open between requests. */
export class FileSource implements TraceFile {
  constructor(
    /** Relative to the trace's root, for messages. */
    readonly path: string,
    /** Absolute. */
    private readonly location: string,
  ) {}

  async size(): Promise<number> {
    return this.use(async (handle) => (await handle.stat()).size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.use(async (handle) => {
      const bytes = Buffer.allocUnsafeSlow(length);
      return bytes.subarray(0, await readFully(handle, bytes, offset));
    });
  }

  /** Runs `work` with the file open; closed in any case. Throws `UserError` when the file cannot be opened. */
  async use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    let handle: FileHandle;
    try {
      handle = await open(this.location, 'r');
    } catch (error) {
      throw fileError(this.path, error);
    }
    try {
      return await work(handle);
    } catch (error) {
      throw fileError(this.path, error);
    } finally {
      await handle.close();
    }
  }
}

/** Fills `into` from `offset` on; returns how many bytes there were before the end of the file. */
export async function readFully(handle: OpenFile, into: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file (any more)',
  ENOTDIR: 'there is no such file (any more)',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'no file can have a name this long',
  EIO: 'the disk reported an error',
  ESTALE: 'the network drive lost the file; open it again',
  EMFILE: 'too many files are open',
};

/** What the file system refused, as an error the user can act on; anything else is returned unchanged. */
export function fileError(path: string, error: unknown): unknown {
  const code = errorCode(error);
  const reason = code === null ? undefined : reasons[code];
  return reason === undefined ? error : new UserError(`${path}: ${reason}`);
}

export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
