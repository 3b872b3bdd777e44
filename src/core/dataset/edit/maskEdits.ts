import type { Box, Size } from '../../geometry/box';
import { type CocoMask, countsOf, pixelsOfRuns, runsOfPixels } from '../../mask/cocoMask';
import { components } from '../../mask/components';
import { areaOf, runsOf } from '../../mask/rle';

/** Pixels in the mask. @throws UserError for a mask that is none. */
export function maskArea({ counts, size }: CocoMask): number {
  return areaOf(runsOf(counts, size));
}

/** Smallest box around a mask's pixels, as `rleToBbox` of cocoapi has it; null for an empty one. */
export function maskBox({ counts, size }: CocoMask): Box | null {
  const [height] = size;
  const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  let at = 0;
  for (const [i, run] of runsOf(counts, size).entries()) {
    if (i % 2 === 1 && run > 0) {
      const [first, last] = [at, at + run - 1];
      const [left, right] = [Math.floor(first / height), Math.floor(last / height)];
      box.x1 = Math.min(box.x1, left);
      box.x2 = Math.max(box.x2, right + 1);
      // A run over a column's end reaches from its bottom to the next one's top.
      box.y1 = Math.min(box.y1, left === right ? first % height : 0);
      box.y2 = Math.max(box.y2, left === right ? (last % height) + 1 : height);
    }
    at += run;
  }
  return box.x1 < box.x2 ? box : null;
}

/** The mask moved by whole pixels; what leaves the picture is lost. */
export function movedMask(mask: CocoMask, dx: number, dy: number): CocoMask {
  const [height, width] = mask.size;
  const pixels = pixelsOf(mask);
  const moved = new Uint8Array(pixels.length);
  const [from, to] = [Math.max(0, -dx), Math.min(width, width - dx)];
  if (from < to)
    for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++)
      moved.set(pixels.subarray(y * width + from, y * width + to), (y + dy) * width + from + dx);
  return maskOf(moved, width, height);
}

/** What is in any of the masks, which are of one size. @throws RangeError for masks of several sizes. */
export function mergedMask(masks: readonly CocoMask[]): CocoMask {
  const [first] = masks;
  if (first === undefined) throw new RangeError('No masks to merge.');
  const [height, width] = first.size;
  const all = pixelsOf(first);
  for (const mask of masks.slice(1)) {
    if (mask.size[0] !== height || mask.size[1] !== width) throw new RangeError('The masks are of several sizes.');
    const pixels = pixelsOf(mask);
    for (let i = 0; i < all.length; i++) all[i] = (all[i] ?? 0) | (pixels[i] ?? 0);
  }
  return maskOf(all, width, height);
}

/** What is in a mask and not in another of its size; null when nothing is. */
export function subtractedMask(mask: CocoMask, other: CocoMask): CocoMask | null {
  const [height, width] = mask.size;
  const [pixels, gone] = [pixelsOf(mask), pixelsOf(other)];
  for (let i = 0; i < pixels.length; i++) if (gone[i] === 1) pixels[i] = 0;
  return pixels.includes(1) ? maskOf(pixels, width, height) : null;
}

/** Pieces of fewer pixels are specks of a brush or a segmenter, and stay with the largest piece. */
const speck = 16;

/** The pieces of a mask that do not touch, largest first. One piece alone: the mask itself. */
export function splitMask(mask: CocoMask): readonly CocoMask[] {
  const [height, width] = mask.size;
  const { labels, areas } = components(pixelsOf(mask), { width, height });
  const order = [...areas.keys()].slice(1).sort((a, b) => (areas[b] ?? 0) - (areas[a] ?? 0));
  const large = order.filter((label) => (areas[label] ?? 0) >= speck);
  if (large.length < 2) return [mask];
  const pieceOf = new Map(order.map((label) => [label, Math.max(0, large.indexOf(label))]));
  return large.map((_, piece) => {
    const pixels = new Uint8Array(labels.length);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i] ?? 0;
      if (label !== 0 && pieceOf.get(label) === piece) pixels[i] = 1;
    }
    return maskOf(pixels, width, height);
  });
}

/** The mask in a picture of that size, to which every pixel's centre goes as `to` says. */
export function turnedMask(
  mask: CocoMask,
  { width, height }: Size,
  to: (x: number, y: number) => readonly [number, number],
): CocoMask {
  const side = mask.size[1];
  const turned = new Uint8Array(width * height);
  for (const [i, value] of pixelsOf(mask).entries()) {
    if (value === 0) continue;
    const [x, y] = to((i % side) + 0.5, Math.floor(i / side) + 0.5);
    if (x >= 0 && y >= 0 && x < width && y < height) turned[Math.floor(y) * width + Math.floor(x)] = 1;
  }
  return maskOf(turned, width, height);
}

function pixelsOf({ counts, size }: CocoMask): Uint8Array {
  const [height, width] = size;
  return pixelsOfRuns(runsOf(counts, size), width, height);
}

function maskOf(pixels: Uint8Array, width: number, height: number): CocoMask {
  return { size: [height, width], counts: countsOf(runsOfPixels(pixels, width, height)) };
}
