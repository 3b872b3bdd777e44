import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import { counted, fileName, fileStem, folderOf, joined } from '../paths';
import { feed, type Met } from './feed';
import { FolderNames, hasEntry, isImageName } from './imageFiles';
import type { ImageSetDetection, ImageSetFormat } from './imageSetFormat';
import { plainAnnotation } from './plainAnnotation';

/**
 * Folders of images beside folders of masks, greyscale pictures of the same stem: ThinObject5K (`images_train`,
 * `masks_train`), DIS5K (`DIS-VD/im`, `gt`), COIFT (`images`, `masks`), HRSOD (`images`, `masks_max255`), as SAM-HQ's
 * training reads them. Its loader (`skimage.io.imread`) does not turn images.
 */
export const imageMaskFolders: ImageSetFormat = {
  id: 'image-mask-folders',
  title: 'images and masks',
  frame: 'stored',
  detect: async ({ dir, file }) => (file === null ? detect(dir) : null),
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, _detection, { file }) => {
    const mask = await maskOf(new FolderNames(dir), file);
    return { annotations: mask === null ? [] : [annotationOf(mask)], questions: [], attributes: {} };
  },
};

/** Names of mask folders for each name of an image folder, the likeliest first; a split's name follows both. */
const maskNames: Readonly<Record<string, readonly string[]>> = {
  images: ['masks', 'masks_max255', 'mask', 'gt'],
  image: ['mask', 'masks', 'gt'],
  im: ['gt'],
  imgs: ['masks', 'gt'],
  img: ['mask', 'gt'],
};
const imageFolder = /^(images|image|im|imgs|img)(_\w{1,40})?$/;
/** Levels of folders above the pair: DIS5K/DIS-VD/im. */
const mostDepth = 2;
const foldersTried = 64;
/** SAM-HQ halves the range: anti-aliased borders count from the middle grey on. */
export const middleGrey = 127;

async function detect(dir: DirSource): Promise<ImageSetDetection | null> {
  const folders = await pairedFolders(dir, '', 0);
  const names = new FolderNames(dir);
  for (const folder of folders) {
    const images = [...(await names.in(folder))].filter(isImageName).slice(0, 20);
    for (const name of images) {
      if ((await maskOf(names, joined(folder, name))) === null) continue;
      const reason = `${counted(folders.length, 'folder')} of images beside masks of the same names.`;
      return { format: 'image-mask-folders', files: folders, reason };
    }
  }
  return null;
}

/** Folders of images that have a folder of masks beside them. */
async function pairedFolders(dir: DirSource, folder: string, depth: number): Promise<string[]> {
  const below = (await dir.list(folder)).filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'));
  const found: string[] = [];
  for (const { name } of below.slice(0, foldersTried)) {
    const path = joined(folder, name);
    if (imageFolder.test(name) && (await maskFolderOf(dir, path)) !== null) found.push(path);
    else if (depth < mostDepth) found.push(...(await pairedFolders(dir, path, depth + 1)));
  }
  return found;
}

async function maskFolderOf(dir: DirSource, folder: string): Promise<string | null> {
  const [, base = '', split = ''] = imageFolder.exec(fileName(folder)) ?? [];
  const parent = folderOf(folder);
  for (const name of maskNames[base] ?? [])
    if (await hasEntry(dir, parent, name + split)) return joined(parent, name + split);
  return null;
}

/** Where an image's mask would stand that has none; null where no folder is for it. */
export async function newMaskPath(dir: DirSource, image: string): Promise<string | null> {
  const masks = await maskFolderOf(dir, folderOf(image));
  return masks === null ? null : joined(masks, `${fileStem(image)}.png`);
}

/** Files of mask folders that no image has for its own. */
export async function lonelyMasks(dir: DirSource, { files: folders }: ImageSetDetection): Promise<readonly string[]> {
  const names = new FolderNames(dir);
  const found: string[] = [];
  for (const folder of folders) {
    const masks = await maskFolderOf(dir, folder);
    const owned = new Set<string | null>();
    for (const name of await names.in(folder)) owned.add(await maskOf(names, joined(folder, name)));
    if (masks === null) continue;
    const there = (await dir.list(masks)).filter(({ kind }) => kind === 'file').map(({ name }) => joined(masks, name));
    found.push(...there.filter((path) => !owned.has(path)));
  }
  return found;
}

/** Split that a path names: `images_train`, `DIS-VD`; null where it names none. */
function splitOf(folder: string): string | null {
  const [, , suffix] = imageFolder.exec(fileName(folder)) ?? [];
  const word = suffix?.slice(1) ?? /^DIS-(TR|VD|TE\d?)$/.exec(fileName(folderOf(folder)))?.[1];
  return word ?? null;
}

async function* records(dir: DirSource, { files: folders }: ImageSetDetection): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const folder of folders) {
    const masks = await maskFolderOf(dir, folder);
    const unmatched = new Set(masks === null ? [] : [...(await names.in(masks))].filter(isImageName));
    for (const name of await names.in(folder)) {
      if (!isImageName(name)) continue;
      const file = joined(folder, name);
      const mask = await maskOf(names, file);
      if (mask !== null) unmatched.delete(fileName(mask));
      const missing = { severity: 'warning', file, line: null, element: null, field: null } as const;
      yield {
        read: {
          image: {
            key: file,
            file,
            size: null,
            split: splitOf(folder),
            bytes: { kind: 'file', candidates: [file] },
            place: { file, line: null },
          },
          annotations: mask === null ? [] : [annotationOf(mask)],
          questions: [],
          attributes: {},
          problems: mask === null ? [{ ...missing, message: 'There is no mask of this name' }] : [],
        },
        bytes: 0,
      };
    }
    yield { read: [...unmatched].map((name) => lonelyMask(joined(masks ?? '', name))), bytes: 0 };
  }
}

function lonelyMask(file: string) {
  const message = 'The mask belongs to no image: none has its name';
  return { severity: 'warning', file, line: null, element: null, field: null, message } as const;
}

/** Path of an image's mask: PNG first, as all of these sets write it. */
async function maskOf(names: FolderNames, image: string): Promise<string | null> {
  const folder = folderOf(image);
  const [, base = '', split = ''] = imageFolder.exec(fileName(folder)) ?? [];
  const beside = await names.in(folderOf(folder));
  for (const name of maskNames[base] ?? []) {
    if (!beside.has(name + split)) continue;
    const masks = joined(folderOf(folder), name + split);
    const stem = fileStem(image);
    if ((await names.in(masks)).has(`${stem}.png`)) return joined(masks, `${stem}.png`);
    return names.imageCalled(masks, stem);
  }
  return null;
}

function annotationOf(file: string): DatasetAnnotation {
  const picture = { source: { kind: 'file', file }, at: null, above: middleGrey } as const;
  return plainAnnotation(file, null, { kind: 'maskPicture', picture });
}
