import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Milliseconds for which a file just used is spared: an open trace reads it, and says so every half minute. */
const spared = 5 * 60_000;
/** Milliseconds without a write after which an unfinished file was left by a process that died. */
const abandoned = 60 * 60_000;
/** Eviction frees down to this share of the budget. */
const roomAfterEviction = 0.8;

/**
 * Files that can be made again, under one byte budget, least recently used first to go. All windows share the folder: a file's
 * name says all it depends on, it appears complete by a rename, nobody writes to it afterwards, and anyone may delete it.
 */
export class CacheShelf {
  constructor(
    /** Absolute. */
    private readonly folder: string,
    /** Bytes. */
    private readonly budget: number,
  ) {}

  /** Absolute path of the file of that name; null when it has to be made. Counts as a use. */
  async find(name: string): Promise<string | null> {
    const path = join(this.folder, name);
    const now = new Date();
    try {
      await utimes(path, now, now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return path;
  }

  /** Makes the file whole or not at all: `write` is given a path of its own, and what it throws is thrown. */
  async store(name: string, write: (path: string) => Promise<void>): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, name);
    const part = `${path}.${randomUUID()}.part`;
    try {
      await write(part);
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
    }
    await this.evict(name);
    return path;
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, basename(name)), { force: true });
  }

  private async evict(justStored: string): Promise<void> {
    const now = Date.now();
    const entries: { readonly name: string; readonly bytes: number; readonly used: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const facts = await stat(join(this.folder, name)).catch(() => null);
      if (facts === null || !facts.isFile()) continue;
      if (!name.endsWith('.part')) entries.push({ name, bytes: facts.size, used: facts.mtimeMs });
      else if (now - facts.mtimeMs > abandoned) await this.remove(name);
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.budget) return;
    entries.sort((a, b) => a.used - b.used);
    for (const { name, bytes, used } of entries) {
      if (total <= this.budget * roomAfterEviction || now - used < spared) break;
      if (name === justStored) continue;
      await this.remove(name);
      total -= bytes;
    }
  }
}
