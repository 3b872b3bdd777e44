import type { Box, Size } from '../../../src/core/geometry/box';

/** Longer sides that previews are asked for in, device pixels: few, so that the host's cache is hit. */
const sides = [640, 1024, 1536, 2048, 3072, 4096];

/** The bucket that covers a canvas of `size` CSS pixels at this pixel ratio; the largest when none does. */
export function previewSide(size: { readonly width: number; readonly height: number }, pixelRatio: number): number {
  const wanted = Math.max(size.width, size.height) * pixelRatio;
  return sides.find((side) => side >= wanted) ?? 4096;
}

/** A part of the image worth asking for in full. */
export interface DetailWish {
  /** Original pixels, whole numbers inside the image. */
  readonly box: Box;
  /** Longer side of the answer in device pixels, at most. */
  readonly maxSide: number;
}

/** Beyond this the preview is visibly soft: screen device pixels per preview pixel. */
const soft = 1.15;
/** A margin around the visible part, as a share of it, so that a small pan needs nothing new. */
const margin = 0.15;
const largestDetail = 3072;

/**
 * The part to fetch in full resolution for what is on screen, or null while the preview is sharp enough.
 * `scale`: CSS pixels per original pixel; `preview`: pixels of the preview; `visible` in original pixels.
 */
export function detailWish(
  original: Size,
  preview: Size,
  visible: Box,
  scale: number,
  pixelRatio: number,
): DetailWish | null {
  const previewPerOriginal = preview.width / original.width;
  if (previewPerOriginal >= 1 || scale * pixelRatio <= previewPerOriginal * soft) return null;
  const padX = (visible.x2 - visible.x1) * margin;
  const padY = (visible.y2 - visible.y1) * margin;
  const box = {
    x1: Math.max(0, Math.floor(visible.x1 - padX)),
    y1: Math.max(0, Math.floor(visible.y1 - padY)),
    x2: Math.min(original.width, Math.ceil(visible.x2 + padX)),
    y2: Math.min(original.height, Math.ceil(visible.y2 + padY)),
  };
  if (box.x2 <= box.x1 || box.y2 <= box.y1) return null;
  const longer = Math.max(box.x2 - box.x1, box.y2 - box.y1);
  const wanted = Math.ceil(longer * Math.min(1, scale * pixelRatio));
  const maxSide = sides.find((side) => side >= wanted) ?? largestDetail;
  return { box, maxSide: Math.min(maxSide, largestDetail) };
}

/** Whether `outer` covers what of `inner` lies in the image. */
export function covers(outer: Box, inner: Box, image: Size): boolean {
  return (
    outer.x1 <= Math.max(0, inner.x1) &&
    outer.y1 <= Math.max(0, inner.y1) &&
    outer.x2 >= Math.min(image.width, inner.x2) &&
    outer.y2 >= Math.min(image.height, inner.y2)
  );
}

/** How many times larger `known` is than `wanted`, by its width. */
export function extentShare(known: Box, wanted: Box): number {
  return (known.x2 - known.x1) / (wanted.x2 - wanted.x1);
}
