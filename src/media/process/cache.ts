import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/text/userError';

/** A picture in the cache folder. */
export interface Entry {
  readonly path: string;
  readonly bytes: number;
}

/** Changes whenever the same request would be encoded differently. */
const version = 3;
const pictures = '.webp';
const pyramids = '.tif';
const hashLists = '.hashes';
/** Milliseconds for which a picture just used is spared: a webview may be about to load it. */
const spared = 60_000;
/** Milliseconds after which an unfinished write was left by a process that died. */
const abandoned = 10 * 60_000;
/** Eviction frees down to this share of the budget, so that it is not needed again for every picture. */
const roomAfterEviction = 0.8;

/**
 * Encoded pictures under a byte budget, least recently used first to go. Several windows share the folder: an entry's
 * name says all it depends on, it appears complete by a rename, and anyone may delete it.
 */
export class PictureCache {
  /** Bytes in the folder as far as this process knows; null before the first look. */
  private total: number | null = null;
  private evicting: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly budget: number,
  ) {}

  /** Name of the picture made by `parts`: the file's path, its fingerprint and what was asked of it. */
  nameOf(parts: readonly (string | number)[]): string {
    return hashOf(parts) + pictures;
  }

  /** As `nameOf`, of a file that holds the picture in all its resolutions. */
  pyramidNameOf(parts: readonly (string | number)[]): string {
    return hashOf(parts) + pyramids;
  }

  /** As `nameOf`, of a file of hashes of many pictures. */
  hashesNameOf(parts: readonly (string | number)[]): string {
    return hashOf(parts) + hashLists;
  }

  /** Null when it has to be made. An empty file is what a full disk leaves behind. */
  async find(name: string): Promise<Entry | null> {
    const path = join(this.folder, name);
    const facts = await statOrNull(path);
    if (facts === null || facts.size === 0) return null;
    const now = new Date();
    // Another window may evict it between the two calls; then it is made again.
    if (now.getTime() - facts.mtimeMs > spared / 2 && !(await touch(path, now))) return null;
    return { path, bytes: facts.size };
  }

  /** Writes a picture whole or not at all. Throws a `UserError` when the folder takes no more. */
  async store(name: string, bytes: Uint8Array): Promise<Entry> {
    return this.kept(name, async (part) => {
      await this.inFolder(() =>
        writeFile(part, bytes).catch(async (error: NodeJS.ErrnoException) => {
          // The first picture of all, or somebody cleared the cache, folder and all.
          if (error.code !== 'ENOENT') throw error;
          await mkdir(this.folder, { recursive: true });
          await writeFile(part, bytes);
        }),
      );
      return bytes.length;
    });
  }

  /** As `store`, of a file that `write` makes at the path it is given. What it throws goes on. */
  async storeFile(name: string, write: (part: string) => Promise<void>): Promise<Entry> {
    return this.kept(name, async (part) => {
      await this.inFolder(() => mkdir(this.folder, { recursive: true }));
      await write(part);
      return (await this.inFolder(() => stat(part))).size;
    });
  }

  /** `write` tells the bytes of the file it made. */
  private async kept(name: string, write: (part: string) => Promise<number>): Promise<Entry> {
    const path = join(this.folder, name);
    const part = `${path}.${process.pid}.${randomUUID()}.part`;
    let bytes = 0;
    try {
      bytes = await write(part);
      await this.inFolder(() => rename(part, path));
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw error;
    }
    if (this.total !== null) this.total += bytes;
    if (this.total === null || this.total > this.budget) await this.evict();
    return { path, bytes };
  }

  private async inFolder<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw new UserError(`${this.folder}: the image cache cannot be written (${reason(error)})`);
    });
  }

  /** Looks at the whole folder, since other windows write and delete in it too. */
  private evict(): Promise<void> {
    this.evicting ??= this.evictNow().finally(() => {
      this.evicting = null;
    });
    return this.evicting;
  }

  private async evictNow(): Promise<void> {
    const now = Date.now();
    const entries: { path: string; bytes: number; used: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const facts = await statOrNull(path);
      if (facts === null || !facts.isFile()) continue;
      if ([pictures, pyramids, hashLists].some((ending) => name.endsWith(ending)))
        entries.push({ path, bytes: facts.size, used: facts.mtimeMs });
      else if (name.endsWith('.part') && now - facts.mtimeMs > abandoned) await rm(path, { force: true });
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total > this.budget) {
      entries.sort((a, b) => a.used - b.used);
      for (const { path, bytes, used } of entries) {
        if (total <= this.budget * roomAfterEviction || now - used < spared) break;
        await rm(path, { force: true });
        total -= bytes;
      }
    }
    this.total = total;
  }
}

function hashOf(parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify([version, ...parts]))
    .digest('hex')
    .slice(0, 40);
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

async function statOrNull(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    // ENOTDIR: a file stands where the folder should; writing to it will say so.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

/** Marks a picture as used; false when it is gone. */
async function touch(path: string, now: Date): Promise<boolean> {
  return utimes(path, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}
