import { UserError } from '../text/userError';
import type { Size } from './box';
import type { ResizeSpec } from './frame';

/** Above this ratio of the sides, `smart_resize` refuses an image. */
const MAX_ASPECT = 200;

/** Python's `round`: halves go to the even neighbour, so `round(2.5)` is 2 and `round(-0.5)` is 0. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/**
 * `smart_resize` of qwen-vl-utils and of the HF processor, to the digit: the size of the model input for an image of
 * `size` pixels. Sides become multiples of `factor`, the area goes between `minPixels` and `maxPixels`, the aspect
 * ratio is kept as nearly as that allows.
 * @throws UserError when the image has no pixels, or one side is more than 200 times the other.
 */
export function smartResize(size: Size, spec: Pick<ResizeSpec, 'factor' | 'minPixels' | 'maxPixels'>): Size {
  const { width, height } = size;
  const { factor, minPixels, maxPixels } = spec;
  checkSize(size);
  const rounded = (side: number): number => Math.max(factor, roundHalfEven(side / factor) * factor);
  const nearest = { width: rounded(width), height: rounded(height) };
  const area = nearest.width * nearest.height;
  if (area > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    const shrunk = (side: number): number => Math.max(factor, Math.floor(side / beta / factor) * factor);
    return { width: shrunk(width), height: shrunk(height) };
  }
  if (area < minPixels) {
    const beta = Math.sqrt(minPixels / (height * width));
    const grown = (side: number): number => Math.ceil((side * beta) / factor) * factor;
    return { width: grown(width), height: grown(height) };
  }
  return nearest;
}

/**
 * Size of the model input that a pipeline makes of an image: the resize before, if there is one, then `smartResize`.
 * @throws UserError as `smartResize` does.
 */
export function modelInputSize(image: Size, spec: ResizeSpec): Size {
  return smartResize(resizedBefore(image, spec.before), spec);
}

/**
 * Size after the resize that precedes `smart_resize`, sides cut to whole pixels by truncation as the ACTIVE-O3 demo
 * does with `int()`. The shorter side of `exact` is what it says; `atLeast` leaves a larger image alone.
 * @throws UserError when the image has no pixels.
 */
export function resizedBefore(image: Size, before: ResizeSpec['before']): Size {
  checkSize(image);
  if (before === null) return image;
  const shorter = Math.min(image.width, image.height);
  if (shorter === before.shortSide || (before.mode === 'atLeast' && shorter > before.shortSide)) return image;
  const scale = before.shortSide / shorter;
  const scaled = (side: number): number => {
    if (before.mode === 'exact' && side === shorter) return before.shortSide;
    return Math.max(1, Math.trunc(side * scale));
  };
  return { width: scaled(image.width), height: scaled(image.height) };
}

function checkSize({ width, height }: Size): void {
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) {
    throw new UserError(`An image of ${width}×${height} pixels cannot be resized for the model.`);
  }
  if (Math.max(width, height) / Math.min(width, height) > MAX_ASPECT) {
    throw new UserError(
      `An image of ${width}×${height} pixels has one side more than ${MAX_ASPECT} times the other; smart_resize refuses it.`,
    );
  }
}
