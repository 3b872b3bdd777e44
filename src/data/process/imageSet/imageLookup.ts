import { stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { isWithin, kindOf, lastParts, namesIn, withParents } from '../images/nearby';

/** Folders beside an annotation file in which datasets keep their images. */
const besides = ['', 'images', 'Images', 'img', 'imgs', 'JPEGImages', 'data', 'rawData'] as const;
/** COCO's own folders of images, in which LVIS' are too. */
const cocoFolders = ['train2017', 'val2017', 'test2017', 'unlabeled2017', 'train2014', 'val2014', 'test2014'] as const;
/** Parents of the set's folder that are looked into: `annotations` is beside the images. */
const parents = 2;
const longestName = 4096;
/** Folders whose names are held to tell which images are missing. */
const mostListed = 2000;

/**
 * Finds images on disk by the names that an image set gives. A relative name leads into the folders that hold images and
 * nowhere else; an absolute one and an address are looked for by their last parts.
 */
export class ImageLookup {
  private readonly folders: readonly string[];
  private existing: Promise<readonly string[]> | null = null;
  /** By the folder in an image's name: names in that folder of each folder that holds images. */
  private readonly listed = new Map<string, readonly ReadonlySet<string>[]>();
  /** Where an image was found last, which is where the next one is. */
  private last: string | null = null;

  /**
   * @param home absolute folder that the set's names are relative to.
   * @param roots absolute folders from the user, looked into before all others.
   * @param documents names of files that list images without saying where they are; those of `instances_val2017.json` are in
   * `val2017`. Empty for a set whose names are paths: nothing is guessed then.
   */
  constructor(home: string, roots: readonly string[], documents: readonly string[]) {
    const names = documents.map((name) => basename(name).replace(/\.json$/i, ''));
    const words = names.flatMap((name) => [name, ...name.split(/[_-]/)]);
    const inside = new Set(['', ...words, ...cocoFolders]);
    const guessed = (documents.length === 0 ? [] : withParents(home, parents)).flatMap((base) =>
      besides.flatMap((beside) => [...inside].map((one) => join(base, beside, one))),
    );
    this.folders = [...new Set([...roots.map((root) => resolve(root)), home, ...guessed])];
  }

  /** Absolute path of the first candidate that is a file; null when none is. */
  async find(candidates: readonly string[]): Promise<string | null> {
    const existing = await this.existingFolders();
    const folders = this.last === null ? existing : [this.last, ...existing];
    for (const name of candidates.flatMap(namesOf))
      for (const folder of folders) {
        const path = resolve(folder, name);
        if (path === folder || !isWithin(path, folder) || (await kindOf(path)) !== 'file') continue;
        this.last = folder;
        return path;
      }
    return null;
  }

  /**
   * Whether `find` would find one of them, by listings of folders: a hundred thousand images take a moment. Folders that were
   * listed are not listed again; beyond so many of them an image is taken to be there.
   */
  async isThere(candidates: readonly string[]): Promise<boolean> {
    for (const name of candidates.flatMap(namesOf)) {
      const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf(sep));
      const part = name.slice(0, Math.max(0, cut));
      let beside = this.listed.get(part);
      if (beside === undefined) {
        if (this.listed.size >= mostListed) return true;
        beside = await this.namesUnder(part);
        this.listed.set(part, beside);
      }
      const own = name.slice(cut + 1);
      if (beside.some((names) => names.has(own))) return true;
    }
    return false;
  }

  /** Names in a folder of each folder that holds images. */
  private async namesUnder(part: string): Promise<readonly ReadonlySet<string>[]> {
    const inside = (await this.existingFolders()).flatMap((folder) => {
      const path = resolve(folder, part);
      return isWithin(path, folder) ? [path] : [];
    });
    const lists = await Promise.all(inside.map((path) => namesIn(path)));
    return lists.filter((names) => names.length > 0).map((names) => new Set(names));
  }

  private existingFolders(): Promise<readonly string[]> {
    this.existing ??= existingOf(this.folders);
    return this.existing;
  }
}

/** One folder under two names (`Images` where the disk does not tell cases apart) is searched once. */
async function existingOf(folders: readonly string[]): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const facts = await stat(folder).catch(() => null);
    const id = facts?.isDirectory() ? `${facts.dev}:${facts.ino}` : null;
    if (id !== null && !found.has(id)) found.set(id, folder);
  }
  return [...found.values()];
}

/** What to look for: the name as it is, then its last part; of an absolute one and of an address only last parts. */
function namesOf(name: string): readonly string[] {
  if (name.trim() === '' || name.length > longestName || name.includes('\0')) return [];
  const address = /^[a-z][a-z0-9+.-]+:\/\/([^?#]*)/i.exec(name)?.[1];
  const tails = (counts: readonly number[]) => counts.map((count) => lastParts(address ?? name, count));
  const elsewhere = address !== undefined || /^(?:[\\/]|[a-z]:[\\/])/i.test(name);
  return [...new Set(elsewhere ? tails([3, 2, 1]) : [name, ...tails([1])])].filter((one) => one !== '' && one !== '.');
}
