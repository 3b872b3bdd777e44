import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { UserError } from '../../core/text/userError';

/** What ONNX Runtime needs beside its own library to compute by CUDA. */
export const cudaLibraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'] as const;

/** Names of an archive's files take no more. */
const mostListing = 16 * 2 ** 20;
const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/**
 * Takes the CUDA libraries out of an archive of ONNX Runtime (`.tgz`), by the system's own `tar`, into a new folder. Only the bytes of these
 * two files are written, under their own names: an archive cannot say where. Throws a `UserError` for an archive without them.
 * @param folder absolute; complete or not there.
 */
export async function takeLibraries(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  const names = await listed(archive, signal);
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  try {
    for (const library of cudaLibraries) {
      const member = names.find((name) => name === library || name.endsWith(`/${library}`));
      if (member === undefined) throw new UserError(`${archive}: there is no ${library} in it`);
      await extract(archive, member, join(part, library), signal);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function listed(archive: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('tar', ['-tzf', archive], { maxBuffer: mostListing, signal });
    return stdout.split('\n');
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UserError(`${archive}: not an archive that tar reads`);
  }
}

async function extract(archive: string, member: string, to: string, signal: AbortSignal): Promise<void> {
  const tar = spawn('tar', ['-xzOf', archive, '--', member], { stdio: ['ignore', 'pipe', 'ignore'], signal });
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.on('error', reject);
    tar.on('close', resolve);
  });
  const [code] = await Promise.all([ended, pipeline(tar.stdout, createWriteStream(to), { signal })]);
  if (code !== 0 || !(await isElf(to))) throw new UserError(`${archive}: its ${member} is no library`);
}

async function isElf(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(elf.length), 0, elf.length, 0);
    return buffer.equals(elf);
  } finally {
    await file.close();
  }
}
