import type { CocoMask } from '../../src/core/mask/cocoMask';
import { outlineOf } from '../../src/core/mask/outline';
import { runsOf } from '../../src/core/mask/rle';
import { simplifiedLoop } from '../../src/core/mask/simplify';
import type { CanvasMask } from '../canvas/imageCanvas';

const outlines = new WeakMap<CocoMask, readonly Float32Array[] | null>();

/** A mask's border, read once; null for one too ragged to be drawn. */
export function loopsOf(mask: CocoMask): readonly Float32Array[] | null {
  const known = outlines.get(mask);
  if (known !== undefined) return known;
  const made = outlineOf(runsOf(mask.counts, mask.size), mask.size[0]);
  outlines.set(mask, made);
  return made;
}

/** A mask as the canvas draws it; null for none, and for one too ragged to be drawn. */
export function shapeOf(mask: CocoMask | null, drawn: Omit<CanvasMask, 'loops'>): CanvasMask | null {
  const loops = mask === null ? null : loopsOf(mask);
  return loops === null ? null : { loops, ...drawn };
}

/** Of an image's longer side: what a polygon may miss of the mask, at least a pixel. */
const tolerance = 1 / 800;
const polygons = new WeakMap<CocoMask, readonly Float32Array[]>();

/** A mask as polygons with few corners, holes among them; read once. */
export function polygonOf(mask: CocoMask, drawn: Omit<CanvasMask, 'loops'>): CanvasMask | null {
  const loops = loopsOf(mask);
  if (loops === null) return null;
  const known = polygons.get(mask);
  const allowed = Math.max(1, Math.max(...mask.size) * tolerance);
  const made = known ?? loops.map((loop) => simplifiedLoop(loop, allowed)).filter((loop) => loop !== null);
  polygons.set(mask, made);
  return { loops: made, ...drawn };
}

export function cornersOf({ loops }: CanvasMask): number {
  return loops.reduce((sum, loop) => sum + loop.length / 2, 0);
}
