import { folderOf, joined } from '../paths';
import type { FolderNames } from './imageFiles';

const folderNames = ['images', 'Images', 'JPEGImages', 'img'];
/** Levels above a label file in which a folder of images is looked for. */
const mostLevels = 3;

/**
 * The image of a stem that belongs to a label file: beside it, or in a folder of images next to the label file's or to one
 * above it, with the split's folder below it where there is one. Null when there is none.
 */
export async function nearbyImage(names: FolderNames, labelFile: string, stem: string): Promise<string | null> {
  const own = folderOf(labelFile);
  const beside = await names.imageCalled(own, stem);
  if (beside !== null) return beside;
  const split = own.slice(own.lastIndexOf('/') + 1);
  let folder = own;
  for (let level = 0; level < mostLevels; level++) {
    for (const name of folderNames) {
      const images = joined(folder, name);
      const found = (await names.imageCalled(images, stem)) ?? (await names.imageCalled(joined(images, split), stem));
      if (found !== null) return found;
    }
    if (folder === '') return null;
    folder = folderOf(folder);
  }
  return null;
}
