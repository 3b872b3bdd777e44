import type { OpenTarget } from '../format';
import { refCocoJson, sftJson } from './conversationSets';
import { cvat } from './cvat';
import { dota } from './dota';
import { imageFolder } from './imageFolder';
import { imagefolderMetadata } from './imagefolderMetadata';
import { imageMaskFolders } from './imageMaskFolders';
import type { ImageSetDetection, ImageSetFormat, ImageSetFormatId } from './imageSetFormat';
import { labelme } from './labelme';
import { sodaA } from './sodaA';
import { vstarBench } from './vstarBench';
import { webDataset } from './webDataset';
import { yolo } from './yolo';

/** Formats whose images can each be read for itself, the more particular signature first. */
const imageSetFormats: readonly ImageSetFormat[] = [
  vstarBench,
  labelme,
  sodaA,
  cvat,
  yolo,
  dota,
  imageMaskFolders,
  imagefolderMetadata,
  refCocoJson,
  sftJson,
  webDataset,
  imageFolder,
];

/** Throws for an id that belongs to no such format: one large document, or a table. */
export function imageSetFormat(id: ImageSetFormatId): ImageSetFormat {
  const found = imageSetFormats.find((format) => format.id === id);
  if (found === undefined) throw new Error(`no image-set format ${id}`);
  return found;
}

/** The first format whose signature fits. Reads at most 64 KB a file. */
export async function detectImageSet(target: OpenTarget): Promise<ImageSetDetection | null> {
  for (const format of imageSetFormats) {
    const found = await format.detect(target);
    if (found !== null) return found;
  }
  return null;
}
