import type { DirSource } from '../core/ports';
import { joined } from './paths';

/** Folders listed side by side: enough for a network drive, few enough for the thread pool. */
const listedAtOnce = 16;

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
