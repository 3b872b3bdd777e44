import { UserError } from '../text/userError';
import type { Box, Size } from './box';
import type { FrameSpec, LoggedSizes } from './frame';
import { frameExtent } from './frameMap';

/** Whether the frame's extent is known without the image. */
export function needsImage(spec: FrameSpec, { inputSize, loggedImageSize }: LoggedSizes): boolean {
  if (spec.kind === 'original') return loggedImageSize === null;
  return spec.kind === 'input' && inputSize === null && loggedImageSize === null;
}

/**
 * Centre of a box in shares of its image's width and height, 0–1 inside the image; null when the frame's extent cannot be
 * told.
 * @param image stored pixels; null where they are not known
 */
export function relativeCentre(
  box: Box,
  spec: FrameSpec,
  image: Size | null,
  logged: LoggedSizes,
): readonly [x: number, y: number] | null {
  const size = logged.loggedImageSize ?? image;
  if (size === null && needsImage(spec, logged)) return null;
  try {
    const { width, height } = frameExtent(spec, size ?? { width: 1, height: 1 }, logged);
    return [(box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height];
  } catch (error) {
    // An image no model would take has no input size.
    if (UserError.is(error)) return null;
    throw error;
  }
}
