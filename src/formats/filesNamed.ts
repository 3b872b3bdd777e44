import type { DirSource } from '../core/ports';
import { joined } from './paths';

/** Folders listed side by side: enough for a network drive, few enough for the thread pool. */
const listedAtOnce = 16;

/** Documents of a folder that are looked at for a signature. */
const documentsTried = 64;

/** The `.json` files of a folder that `fits` knows, in the order of their names; of a very full folder the first ones. */
export async function documentsIn(
  dir: DirSource,
  folder: string,
  fits: (file: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const listed = await dir.list(folder);
  const files = listed.filter(({ name, kind }) => kind === 'file' && name.endsWith('.json')).slice(0, documentsTried);
  const found: string[] = [];
  for (const { name } of files) if (await fits(joined(folder, name))) found.push(joined(folder, name));
  return found;
}

/** The file of that name in each of the folders that have one, in their order. */
export async function filesNamed(
  dir: DirSource,
  folders: readonly string[],
  wanted: string,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (let from = 0; from < folders.length; from += listedAtOnce) {
    const some = folders.slice(from, from + listedAtOnce);
    const listings = await Promise.all(some.map((folder) => dir.list(folder)));
    some.forEach((folder, i) => {
      if (listings[i]?.some(({ name, kind }) => kind === 'file' && name === wanted)) files.push(joined(folder, wanted));
    });
  }
  return files;
}
