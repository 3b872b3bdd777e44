import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Milliseconds after which a file that nobody writes into any more was left behind by a writer that died. */
const abandoned = 10 * 60_000;

/**
 * Replaces a file by another content, whole or not at all: written beside it, flushed to the disk, renamed over it. Throws
 * what the file system refused; the old file stands then. What earlier writers left behind when they were killed goes.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(part, 'wx');
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  await removeAbandoned(path);
}

async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  const isPart = (name: string) => name.startsWith(start) && /^[0-9a-f]{8}\.part$/.test(name.slice(start.length));
  try {
    for (const name of (await readdir(folder)).filter(isPart)) {
      const { mtimeMs } = await stat(join(folder, name));
      if (Date.now() - mtimeMs > abandoned) await rm(join(folder, name), { force: true });
    }
  } catch {
    // What cannot be cleaned up now may be at the next save; this one is done.
  }
}

/** The rename itself survives a power cut once the folder is flushed; not every system can do that. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows and some network drives refuse; the file itself is on disk.
  }
}
