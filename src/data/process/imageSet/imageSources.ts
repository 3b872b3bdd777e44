import { folderOf } from '../../../formats/paths';
import type { ImageTable } from './imageTable';
import { Names } from './names';

/**
 * Where each image comes from: the dataset that its record names, else the set's file that holds its record among others, else the
 * folder of a record that is a file of its own. −1 at the top of the set.
 */
export function imageSources(images: ImageTable): { readonly codes: Int32Array; readonly names: readonly string[] } {
  const records = new Uint32Array(images.sources.list.length);
  for (let index = 0; index < images.length; index++) {
    const file = images.sourceOf[index] ?? 0;
    records[file] = (records[file] ?? 0) + 1;
  }
  const names = new Names();
  const codes = new Int32Array(images.length).fill(-1);
  for (let index = 0; index < codes.length; index++) {
    const file = images.source(index);
    const isDocument =
      (records[images.sourceOf[index] ?? 0] ?? 0) > 1 ||
      (images.lines[index] ?? 0) > 0 ||
      (images.lengths[index] ?? 0) > 0;
    const name = images.origin(index) ?? (isDocument ? file : folderOf(file));
    if (name !== '') codes[index] = names.code(name);
  }
  return { codes, names: names.list };
}
