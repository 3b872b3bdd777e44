import type { Box } from '../../../../core/geometry/box';
import type { Pixels } from '../../../../protocol/segment';
import { drawBorder, enlarged, type PartMask } from './border';
import { roughMask, withClick } from './roughMask';
import type { BasicPrompts } from './seeds';
import { tuning } from './tuning';
import { wholeView } from './views';
import { workPicture } from './workPicture';

/** Where the object that prompts point at is, on a small picture of a part of the whole one. */
export function foundIn(pixels: Pixels, prompts: BasicPrompts, view: Box): PartMask {
  const picture = workPicture(pixels, view, tuning.roughSide);
  return { picture, mask: roughMask(picture, prompts) };
}

/**
 * A mask that was found, its border drawn on finer pixels. Has no memory: the same prompts give the same mask.
 * @param prompts in pixels of the picture.
 * @returns row-major at the picture's size, 1 in the mask.
 */
export function drawn(pixels: Pixels, rough: PartMask, prompts: BasicPrompts): Uint8Array {
  const border = drawBorder(pixels, rough, prompts);
  return onWhole(
    pixels,
    border === null ? rough : { ...border, mask: withClick(border.picture, border.mask, prompts) },
  );
}

/** A mask of a part as one of the whole picture. */
export function onWhole({ width, height }: Pixels, mask: PartMask): Uint8Array {
  const part = wholeView({ width, height });
  return enlarged(mask, { width, height, part, scale: 1, colours: new Float32Array(0) });
}
