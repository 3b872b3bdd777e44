import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { UserError } from '../core/text/userError';

export const imageExtensions: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.avif',
  '.bmp',
]);
/** COCO's files are below this; a larger JSON file is something else. */
const mostBytes = 512 * 2 ** 20;

/** Absolute paths of images: those in a folder and below it, those a COCO file names, or the one image itself; sorted. */
export async function imagesBelow(path: string): Promise<readonly string[]> {
  const facts = await stat(path).catch(() => {
    throw new UserError(`${path}: there is no such file or folder`);
  });
  if (facts.isDirectory()) {
    const names = await readdir(path, { recursive: true });
    return names
      .filter((name) => imageExtensions.has(extname(name).toLowerCase()))
      .map((name) => join(path, name))
      .sort();
  }
  if (extname(path).toLowerCase() !== '.json') return [path];
  if (facts.size > mostBytes) throw new UserError(`${path}: too large for a COCO file`);
  return cocoImages(path);
}

/** `images[].file_name`, relative to the file or to the folder `images` beside it, as COCO's own layout has it. */
async function cocoImages(path: string): Promise<readonly string[]> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const images = typeof document === 'object' && document !== null && 'images' in document ? document.images : null;
  if (!Array.isArray(images)) throw new UserError(`${path}: no COCO file: it has no list of images`);
  const folder = dirname(path);
  const found: string[] = [];
  for (const [at, image] of (images as readonly unknown[]).entries()) {
    const name = typeof image === 'object' && image !== null && 'file_name' in image ? image.file_name : null;
    if (typeof name !== 'string') throw new UserError(`${path}: images[${at}] has no file_name`);
    const beside = join(folder, name);
    const isBeside = await stat(beside).then(
      () => true,
      () => false,
    );
    found.push(isBeside ? beside : join(folder, 'images', name));
  }
  return found;
}
