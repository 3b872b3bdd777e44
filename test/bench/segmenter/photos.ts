import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { fillPolygon } from '../../../src/core/mask/polygon';
import { readLabelme } from '../../../src/formats/masks/labelme';
import type { TruePicture } from './contest';

/** Objects that cover less or more of the picture are specks, or the background. */
const leastArea = 0.002;
const mostArea = 0.7;

/**
 * Photos with masks below a folder: every polygon of labelme's and X-AnyLabeling's files, and `NAME.jpg` with `NAME_mask.png`,
 * whose bright pixels are the object.
 */
export async function* labelledPhotos(folder: string): AsyncGenerator<TruePicture> {
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if (name.endsWith('_mask.png')) yield await pair(path, name);
    else if (name.endsWith('.json')) yield* polygons(path, name);
  }
}

async function pair(path: string, name: string): Promise<TruePicture> {
  const picture = await pixelsOf(path.replace(/_mask\.png$/, '.jpg'));
  const { data } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { name, ...picture, truth: Uint8Array.from(data, (value) => (value > 127 ? 1 : 0)) };
}

async function* polygons(path: string, name: string): AsyncGenerator<TruePicture> {
  const file = readLabelme(JSON.parse(await readFile(path, 'utf8')));
  if (file === null) return;
  const picture = await pixelsOf(join(dirname(path), file.imagePath ?? basename(path).replace(/\.json$/, '.jpg')));
  const pixels = picture.size.width * picture.size.height;
  for (const { label, polygon } of file.shapes) {
    const truth = new Uint8Array(pixels);
    fillPolygon(truth, picture.size, polygon);
    const area = truth.reduce((sum, value) => sum + value, 0) / pixels;
    if (area > leastArea && area < mostArea) yield { name: `${name}: ${label}`, ...picture, truth };
  }
}

async function pixelsOf(path: string): Promise<Pick<TruePicture, 'size' | 'rgba'>> {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { size: { width: info.width, height: info.height }, rgba: new Uint8Array(data) };
}
