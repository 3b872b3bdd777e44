import type { Box, Size } from '../geometry/box';
import { type CocoMask, countsOf, pixelsOfRuns, runsOfPixels } from '../mask/cocoMask';
import { squaredDistances } from '../mask/distance';
import { runsOf } from '../mask/rle';
import { runsIou } from '../mask/runsIou';

/** A mask in the course of a rollout: the first one, or what the clicks in a region made of it. */
export interface MaskStep {
  /** 0-based region; null for the mask before the first. */
  readonly region: number | null;
  readonly mask: CocoMask;
  /** With the true mask; null where none is known. */
  readonly iou: number | null;
}

export function emptyMask({ width, height }: Size): CocoMask {
  return { size: [height, width], counts: countsOf(Uint32Array.of(width * height)) };
}

/** A mask with another's pixels inside `cut`, whole stored pixels. Both of one image. @throws UserError for a broken RLE. */
export function replacedInside(mask: CocoMask, by: CocoMask, cut: Box): CocoMask {
  const [height, width] = mask.size;
  const pixels = pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
  const other = pixelsOfRuns(runsOf(by.counts, by.size), width, height);
  for (let y = cut.y1; y < cut.y2; y++) {
    const row = y * width;
    pixels.set(other.subarray(row + cut.x1, row + cut.x2), row + cut.x1);
  }
  return { size: mask.size, counts: countsOf(runsOfPixels(pixels, width, height)) };
}

/** The pixel that lies deepest in the part of a mask inside `cut`; null where there is none. */
export function deepestInside(mask: CocoMask, cut: Box): { readonly x: number; readonly y: number } | null {
  const [height, width] = mask.size;
  const pixels = pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
  const size = { width: cut.x2 - cut.x1, height: cut.y2 - cut.y1 };
  const part = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const row = (y + cut.y1) * width;
    part.set(pixels.subarray(row + cut.x1, row + cut.x2), y * size.width);
  }
  const depths = squaredDistances(part, size);
  let best = 0;
  for (let i = 1; i < depths.length; i++) if ((depths[i] ?? 0) > (depths[best] ?? 0)) best = i;
  if ((depths[best] ?? 0) === 0) return null;
  return { x: cut.x1 + (best % size.width), y: cut.y1 + Math.floor(best / size.width) };
}

/** IoU of two masks of one image; null where one is not known, or is of another size. */
export function maskIouOf(mask: CocoMask, truth: CocoMask | null): number | null {
  if (truth === null || truth.size[0] !== mask.size[0] || truth.size[1] !== mask.size[1]) return null;
  return runsIou(runsOf(mask.counts, mask.size), runsOf(truth.counts, truth.size));
}
