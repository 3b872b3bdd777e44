import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from '../../core/ports';
import { UserError } from '../../core/text/userError';

/** A file on disk under its own name. */
export function diskFile(path: string): ByteSource {
  const refused = (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') throw new UserError(`${path}: there is no such file`);
    if (code === 'EISDIR') throw new UserError(`${path}: it is a folder`);
    if (code === 'EACCES' || code === 'EPERM') throw new UserError(`${path}: you may not read it`);
    throw error;
  };
  return {
    path: basename(path),
    size: () => stat(path).then(({ size }) => size, refused),
    read: async (offset, length) => {
      const handle = await open(path, 'r').catch(refused);
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset).catch(refused);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
