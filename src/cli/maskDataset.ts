import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Size } from '../core/geometry/box';
import { fillPolygon } from '../core/mask/polygon';
import { UserError } from '../core/text/userError';
import { readCoco } from '../formats/masks/cocoAnnotations';
import { readLabelme } from '../formats/masks/labelme';
import { imageExtensions } from './imageList';
import type { ReadPixels } from './models';

/** An object of an image, with its true mask. */
export interface TrueObject {
  /** Absolute path of the image. */
  readonly image: string;
  readonly label: string;
  /** Row-major at the image's size, 1 in the object. Throws `UserError` for what cannot be read. */
  mask(size: Size): Promise<Uint8Array>;
}

export interface TrueObjects {
  readonly objects: readonly TrueObject[];
  /** Files of a folder that could not be read, in words. */
  readonly problems: readonly string[];
}

/** Annotation files are below this; a larger JSON file is something else. */
const mostBytes = 512 * 2 ** 20;
const maskName = /^(.+)_mask\.png$/i;
/** Larger than any picture that is decoded: masks are never scaled. */
const anySide = 1 << 20;

/**
 * Objects with masks: of a labelme (X-AnyLabeling) or COCO file, or of a folder and those below it: labelme and COCO files, and
 * pictures `NAME.*` with a mask `NAME_mask.png` beside them, whose black pixels are background. In the order of file names.
 */
export async function trueObjects(path: string, pixels: ReadPixels): Promise<TrueObjects> {
  const facts = await stat(path).catch(() => {
    throw new UserError(`${path}: there is no such file or folder`);
  });
  if (!facts.isDirectory()) {
    const objects = isJson(path) ? await annotated(path) : null;
    if (objects === null) throw new UserError(`${path}: neither a labelme nor a COCO file`);
    return { objects, problems: [] };
  }
  const names = (await readdir(path, { recursive: true })).sort();
  const found: TrueObject[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const file = join(path, name);
    if (isJson(name)) {
      const read = await annotated(file).catch((error: unknown) => {
        if (UserError.is(error)) problems.push(error.message);
        else throw error;
      });
      found.push(...(read ?? []));
    }
    const stem = maskName.exec(basename(name))?.[1];
    const image = stem === undefined ? undefined : names.find((other) => isImageOf(other, join(dirname(name), stem)));
    if (image !== undefined)
      found.push({ image: join(path, image), label: '', mask: (size) => drawnMask(file, size, pixels) });
  }
  return { objects: found, problems };
}

const isJson = (name: string) => extname(name).toLowerCase() === '.json';
const isImageOf = (name: string, stem: string) =>
  imageExtensions.has(extname(name).toLowerCase()) && name.slice(0, -extname(name).length) === stem;

/** Null for a JSON file of another kind. */
async function annotated(path: string): Promise<readonly TrueObject[] | null> {
  if ((await stat(path)).size > mostBytes) return null;
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    return (await labelmeObjects(path, document)) ?? (await cocoObjects(path, document));
  } catch (error) {
    if (UserError.is(error) || error instanceof SyntaxError) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

async function labelmeObjects(path: string, document: unknown): Promise<readonly TrueObject[] | null> {
  const file = readLabelme(document);
  if (file === null) return null;
  const { imagePath, shapes } = file;
  const stem = basename(path).replace(/\.json$/i, '');
  const name = imagePath ?? (await readdir(dirname(path))).find((other) => isImageOf(other, stem));
  if (name === undefined) throw new UserError('the image is neither named nor beside it');
  return shapes.map(({ label, polygon }) => ({
    image: join(dirname(path), name.replaceAll('\\', '/')),
    label,
    mask: async (size) => {
      const mask = new Uint8Array(size.width * size.height);
      fillPolygon(mask, size, polygon);
      return mask;
    },
  }));
}

/** Images lie beside the file or in the folder `images` beside it. */
async function cocoObjects(path: string, document: unknown): Promise<readonly TrueObject[] | null> {
  const objects = readCoco(document);
  if (objects === null) return null;
  const places = new Map<string, string>();
  for (const { fileName } of objects) {
    if (places.has(fileName)) continue;
    const beside = join(dirname(path), fileName);
    const isBeside = await stat(beside).then(
      () => true,
      () => false,
    );
    places.set(fileName, isBeside ? beside : join(dirname(path), 'images', fileName));
  }
  return objects.map(({ fileName, size, label, mask }) => ({
    image: places.get(fileName) ?? fileName,
    label,
    mask: async (stored) => {
      if (stored.width === size.width && stored.height === size.height) return mask();
      throw new UserError(
        `${fileName}: the image has ${stored.width}×${stored.height} pixels, its annotations ${size.width}×${size.height}`,
      );
    },
  }));
}

async function drawnMask(path: string, size: Size, pixels: ReadPixels): Promise<Uint8Array> {
  const { pixels: drawn } = await pixels({ path, crop: null, side: anySide, fit: 'atMost' });
  if (drawn.width !== size.width || drawn.height !== size.height)
    throw new UserError(`${path}: ${drawn.width}×${drawn.height} pixels, its image ${size.width}×${size.height}`);
  const mask = new Uint8Array(size.width * size.height);
  for (let i = 0; i < mask.length; i++)
    if (drawn.rgb[i * 3] !== 0 || drawn.rgb[i * 3 + 1] !== 0 || drawn.rgb[i * 3 + 2] !== 0) mask[i] = 1;
  return mask;
}
