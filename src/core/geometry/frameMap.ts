import type { Box, Size } from './box';
import type { FrameSpec, LoggedSizes, ResizeSpec } from './frame';
import { modelInputSize } from './smartResize';

const nothingLogged: LoggedSizes = { loggedImageSize: null, inputSize: null };

/**
 * Width and height of an image in the units of a frame: 1×1 for relative 0–1, 1000×1000 for relative 0–1000. Sizes
 * that the row logged win over what is computed from the image.
 * @throws UserError when the frame is a model input that cannot be made of such an image.
 */
export function frameExtent(spec: FrameSpec, image: Size, logged: LoggedSizes = nothingLogged): Size {
  switch (spec.kind) {
    case 'original':
      return image;
    case 'input':
      return logged.inputSize ?? modelInputSize(logged.loggedImageSize ?? image, spec.resize);
    case 'relative1':
      return { width: 1, height: 1 };
    case 'relative1000':
      return { width: 1000, height: 1000 };
  }
}

/**
 * A box of the frame, in stored pixels of the original image. Neither rounded nor clamped.
 * @throws UserError as `frameExtent` does.
 */
export function toOriginal(box: Box, spec: FrameSpec, image: Size, logged: LoggedSizes = nothingLogged): Box {
  return spec.kind === 'original' ? box : scaled(box, frameExtent(spec, image, logged), image);
}

/**
 * A box in stored pixels of the original image, in the units of the frame. Neither rounded nor clamped.
 * @throws UserError as `frameExtent` does.
 */
export function fromOriginal(box: Box, spec: FrameSpec, image: Size, logged: LoggedSizes = nothingLogged): Box {
  return spec.kind === 'original' ? box : scaled(box, image, frameExtent(spec, image, logged));
}

/** Short name of a frame for the user. */
export function describeFrame(spec: FrameSpec): string {
  switch (spec.kind) {
    case 'original':
      return 'original pixels';
    case 'input':
      return `model input (${describeResize(spec.resize)})`;
    case 'relative1':
      return 'relative 0–1';
    case 'relative1000':
      return 'relative 0–1000';
  }
}

/** Whether two frames are set alike; frames set differently can still agree on an image. */
export function sameFrame(a: FrameSpec, b: FrameSpec): boolean {
  if (a.kind !== 'input' || b.kind !== 'input') return a.kind === b.kind;
  const p = a.resize;
  const q = b.resize;
  return (
    p.factor === q.factor &&
    p.minPixels === q.minPixels &&
    p.maxPixels === q.maxPixels &&
    p.before?.shortSide === q.before?.shortSide &&
    p.before?.mode === q.before?.mode
  );
}

function describeResize({ factor, minPixels, maxPixels, before }: ResizeSpec): string {
  const bounds = `factor ${factor}, ${minPixels}–${maxPixels} px`;
  if (before === null) return bounds;
  return `short side ${before.mode === 'atLeast' ? '≥ ' : ''}${before.shortSide}, ${bounds}`;
}

function scaled(box: Box, from: Size, to: Size): Box {
  return {
    x1: (box.x1 * to.width) / from.width,
    y1: (box.y1 * to.height) / from.height,
    x2: (box.x2 * to.width) / from.width,
    y2: (box.y2 * to.height) / from.height,
  };
}
