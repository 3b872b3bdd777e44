import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ByteSource, DirEntry } from '../../../core/ports';
import { UserError } from '../../../core/text/userError';
import { errorCode, FileSource, fileError } from './fileSource';
import type { TraceFolder } from './traceFolder';

/** Files looked at in parallel: enough for a network drive, few enough for the thread pool. */
const parallelStats = 16;

/** A folder on disk. Listings are kept: a format asks for the same siblings for every file it reads. */
export class FolderSource implements TraceFolder {
  private readonly listings = new Map<string, Promise<readonly DirEntry[]>>();

  constructor(
    /** Absolute. */
    readonly root: string,
  ) {}

  list(path: string): Promise<readonly DirEntry[]> {
    const known = this.listings.get(path);
    if (known !== undefined) return known;
    const made = this.read(path);
    this.listings.set(path, made);
    return made;
  }

  forget(): void {
    this.listings.clear();
  }

  async open(path: string): Promise<ByteSource | null> {
    const location = this.locate(path);
    try {
      if (!(await stat(location)).isFile()) return null;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw fileError(path, error);
    }
    return new FileSource(path, location);
  }

  /** The file's source without asking the disk whether it exists. */
  source(path: string): FileSource {
    return new FileSource(path, this.locate(path));
  }

  /** Absolute path of a relative one; throws `UserError` when it leads out of the folder. */
  locate(path: string): string {
    const parts = path.split('/');
    if (isAbsolute(path) || path.includes('\0') || path.includes('\\') || parts.includes('..') || /^[a-z]:/i.test(path))
      throw new UserError(`"${path}" leads out of the opened folder`);
    return join(this.root, path);
  }

  private async read(path: string): Promise<readonly DirEntry[]> {
    const folder = this.locate(path);
    let found: Dirent[];
    try {
      found = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return [];
      throw fileError(path === '' ? this.root : path, error);
    }
    const entries: DirEntry[] = [];
    for (let at = 0; at < found.length; at += parallelStats) {
      const some = await Promise.all(found.slice(at, at + parallelStats).map((entry) => describe(folder, entry)));
      for (const entry of some) if (entry !== null) entries.push(entry);
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Follows links; null for what is neither file nor folder, and for a link that leads nowhere or where one may not look. */
async function describe(folder: string, entry: Dirent): Promise<DirEntry | null> {
  if (entry.isDirectory()) return { name: entry.name, kind: 'directory', size: 0 };
  if (!entry.isFile() && !entry.isSymbolicLink()) return null;
  try {
    const found = await stat(join(folder, entry.name));
    if (found.isDirectory()) return { name: entry.name, kind: 'directory', size: 0 };
    return found.isFile() ? { name: entry.name, kind: 'file', size: found.size } : null;
  } catch (error) {
    // One link into somebody else's home must not hide the whole folder.
    if (isAbsent(error) || errorCode(error) === 'EACCES') return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
