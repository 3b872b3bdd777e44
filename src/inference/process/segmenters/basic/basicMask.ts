import type { Pixels } from '../../../../protocol/segment';
import { drawBorder, enlarged } from './border';
import { roughMask } from './roughMask';
import type { BasicPrompts } from './seeds';
import { tuning } from './tuning';
import { workPicture } from './workPicture';

/**
 * The mask of the object that prompts point at: found on a small picture, then its border drawn on a finer one. Has no memory:
 * the same prompts give the same mask.
 * @param prompts in pixels of the picture.
 * @returns row-major at the picture's size, 1 in the mask.
 */
export function basicMask(pixels: Pixels, prompts: BasicPrompts): Uint8Array {
  const whole = workPicture(pixels, { x1: 0, y1: 0, x2: pixels.width, y2: pixels.height }, tuning.roughSide);
  const rough = { picture: whole, mask: roughMask(whole, prompts) };
  const fine = drawBorder(pixels, rough, prompts);
  const { width, height } = pixels;
  const full = { width, height, part: { x1: 0, y1: 0, x2: width, y2: height }, scale: 1, colours: new Float32Array(0) };
  return enlarged(fine ?? rough, full);
}
