import type { DirSource } from '../../core/ports';
import { fileName, folderOf, joined } from '../paths';

/** What sharp and libvips open, and what the loaders of these formats take for images. */
const imageExtensions = ['jpg', 'jpeg', 'png', 'webp', 'bmp', 'tif', 'tiff', 'gif', 'avif'];
/** Folders below the one that was opened; deeper ones are not looked at. */
const mostDepth = 6;

export function isImageName(name: string): boolean {
  return imageExtensions.includes(extensionOf(name));
}

/** 'a.b.JPG' → 'jpg'; '' where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Paths of the files below a folder, folder by folder, each sorted by name; hidden ones are left out. */
export async function* filesBelow(dir: DirSource, folder = '', depth = 0): AsyncGenerator<string, void> {
  const entries = (await dir.list(folder)).filter(({ name }) => !name.startsWith('.'));
  for (const { kind, name } of entries) if (kind === 'file') yield joined(folder, name);
  if (depth === mostDepth) return;
  for (const { kind, name } of entries)
    if (kind === 'directory') yield* filesBelow(dir, joined(folder, name), depth + 1);
}

/** Folders that a signature looks into. */
const foldersTried = 40;

/** The first few files with an extension below a folder, for a signature: looks into a few dozen folders only. */
export async function firstFiles(dir: DirSource, extension: string, count: number): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let i = 0; i < Math.min(folders.length, foldersTried) && found.length < count; i++) {
    const folder = folders[i] ?? '';
    for (const { kind, name } of await dir.list(folder)) {
      if (name.startsWith('.')) continue;
      if (kind === 'directory') folders.push(joined(folder, name));
      else if (extensionOf(name) === extension && found.length < count) found.push(joined(folder, name));
    }
  }
  return found;
}

/** All files with an extension below a folder. */
export async function filesEnding(dir: DirSource, extension: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const path of filesBelow(dir)) if (extensionOf(path) === extension) found.push(path);
  return found;
}

/** A path that a file in `folder` names, within the root; null for one that leaves it, and for absolute ones. */
export function pathFrom(folder: string, named: string): string | null {
  const path = named.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return null;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? null : parts.join('/');
}

/** Last part of a path of any system. */
export function baseName(path: string): string {
  return fileName(path.replaceAll('\\', '/'));
}

/** Whether a folder has a sub-folder or a file of such a name. */
export async function hasEntry(dir: DirSource, folder: string, name: string): Promise<boolean> {
  return (await dir.list(folder)).some((entry) => entry.name === name);
}

/** Remembers the names in folders, which many records of one folder ask for. */
export class FolderNames {
  private readonly folders = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(private readonly dir: DirSource) {}

  in(folder: string): Promise<ReadonlySet<string>> {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const names = this.dir.list(folder).then((entries) => new Set(entries.map(({ name }) => name)));
    this.folders.set(folder, names);
    return names;
  }

  async has(path: string): Promise<boolean> {
    return (await this.in(folderOf(path))).has(fileName(path));
  }

  /** Path of the image in `folder` that is called as `stem` is, whatever its extension; null when there is none. */
  async imageCalled(folder: string, stem: string): Promise<string | null> {
    const names = await this.in(folder);
    for (const extension of imageExtensions)
      for (const name of [`${stem}.${extension}`, `${stem}.${extension.toUpperCase()}`])
        if (names.has(name)) return joined(folder, name);
    return null;
  }
}
