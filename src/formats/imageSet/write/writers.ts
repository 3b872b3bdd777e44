import type { ImageSetFormatId } from '../imageSetFormat';
import { cocoWriter } from './cocoWriter';
import { cvatWriter } from './cvatWriter';
import { dotaWriter } from './dotaWriter';
import type { ImageSetWriter } from './imageSetWriter';
import { labelmeWriter } from './labelmeWriter';
import { maskFolderWriter } from './maskFolderWriter';
import { imagefolderWriter, refCocoWriter, sftWriter } from './rowWriters';
import { sodaAWriter } from './sodaAWriter';
import { vstarWriter } from './vstarWriter';
import { webDatasetWriter } from './webDatasetWriter';
import { yoloWriter } from './yoloWriter';

const writers: readonly ImageSetWriter[] = [
  cocoWriter,
  labelmeWriter,
  vstarWriter,
  sodaAWriter,
  dotaWriter,
  yoloWriter,
  cvatWriter,
  imagefolderWriter,
  refCocoWriter,
  sftWriter,
  webDatasetWriter,
  maskFolderWriter,
];

/** Writes a set back in its own format; null where that is not written. */
export function imageSetWriter(id: ImageSetFormatId): ImageSetWriter | null {
  return writers.find(({ formats }) => formats.includes(id)) ?? null;
}
