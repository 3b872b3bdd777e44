import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';

/** What stands at a path: only regular files and folders count (a log may name a device or a pipe). */
export async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : null;
  } catch (error) {
    if (isFileError(error)) return null;
    throw error;
  }
}

/** An error of the file system (missing, no rights, a name too long …), as opposed to a bug. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || ('code' in error && error.code === 'ERR_INVALID_ARG_VALUE');
}

/** Names in a folder, sorted; empty when it cannot be read. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isFileError(error)) return [];
    throw error;
  }
}

/** `folder` and up to `levels` of its parents, nearest first; never the file system's root. */
export function withParents(folder: string, levels: number): readonly string[] {
  const folders: string[] = [];
  const { root } = parse(folder);
  for (let at = resolve(folder); folders.length <= levels && at !== root; at = dirname(at)) folders.push(at);
  return folders.length === 0 ? [folder] : folders;
}

/** True when `path` lies in `folder` by its name (links are followed as the user laid them). */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The last `count` parts of a path in either system's notation. */
export function lastParts(path: string, count: number): string {
  const parts = path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return join(...(parts.length === 0 ? [''] : parts.slice(-count)));
}
