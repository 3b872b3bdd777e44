import type { Box, Size } from '../../geometry/box';
import { modelInputSize } from '../../geometry/smartResize';
import { clampedLow, pillowCrop, refused, sizeOf } from './pythonCrop';
import { modelSees, qwenResize } from './seenSize';
import type { CropOutcome, ToolCall, ToolRules } from './toolRules';
import { first, unlessStrict } from './whichRun';

const least = 28;
const tooSmall = `the crop would be below ${least}×${least} pixels`;
const longest = 'one side is more than 100 times the other';

/**
 * verl's `ImageZoomInTool`. It fetches the image with qwen-vl-utils' own bounds, whatever the run's are, and cuts from
 * that. Its agent loop runs one call of a turn unless `max_parallel_calls` says more.
 */
export const verl: ToolRules = {
  id: 'verl',
  name: 'verl ImageZoomInTool',
  source: 'verl/tools/image_zoom_in_tool.py, volcengine/verl@94e16be',
  held: (image) => modelInputSize(image, qwenResize),
  seen: (_, view, frames) => modelSees(view, frames),
  runs: ({ calls }) => first(calls, readsAsJson),
  crop: ({ numbers, view: { held }, call }) => {
    const problem = unlessStrict(call);
    return problem === null ? cropped(numbers, held) : refused(problem);
  },
};

/** The Hermes parser leaves out a call that is no JSON. */
function readsAsJson({ closed, action, regions }: ToolCall): boolean {
  const mended = regions.some(({ repairs }) => repairs.some(({ kind }) => kind === 'pythonLiteral'));
  return closed && action.kind !== 'malformed' && !mended;
}

/** `_maybe_resize_bbox`, then Pillow's crop. */
function cropped(numbers: Box, image: Size): CropOutcome {
  const clamped = clampedLow(numbers, image);
  const problem = problemOf(clamped);
  if (problem !== null) return refused(problem);
  const { width, height } = sizeOf(clamped);
  const box = height < least || width < least ? enlarged(clamped, image) : clamped;
  const stillWrong = problemOf(box);
  if (stillWrong !== null) return refused(stillWrong);
  const floorWidth = Math.floor(box.x2) - Math.floor(box.x1);
  const floorHeight = Math.floor(box.y2) - Math.floor(box.y1);
  return floorHeight < least || floorWidth < least ? refused(tooSmall) : pillowCrop(box);
}

/** Grown around its centre until the shorter side has 28 pixels, shrunk to the image, moved inside, rounded outwards. */
function enlarged(box: Box, image: Size): Box {
  const { width, height } = sizeOf(box);
  const ratio = least / Math.min(height, width);
  let targetWidth = width * ratio;
  let targetHeight = height * ratio;
  if (targetWidth > image.width) {
    targetHeight *= image.width / targetWidth;
    targetWidth = image.width;
  }
  if (targetHeight > image.height) {
    targetWidth *= image.height / targetHeight;
    targetHeight = image.height;
  }
  const left = movedInside((box.x1 + box.x2) / 2 - targetWidth / 2, targetWidth, image.width);
  const top = movedInside((box.y1 + box.y2) / 2 - targetHeight / 2, targetHeight, image.height);
  return {
    x1: Math.floor(left),
    y1: Math.floor(top),
    x2: Math.ceil(left + targetWidth),
    y2: Math.ceil(top + targetHeight),
  };
}

function movedInside(start: number, length: number, limit: number): number {
  const shifted = Math.max(0, start);
  return shifted + length > limit ? limit - length : shifted;
}

function problemOf(box: Box): string | null {
  const { width, height } = sizeOf(box);
  if (!(width > 0 && height > 0)) return 'it has no area inside the image';
  return Math.max(width, height) / Math.min(width, height) > 100 ? longest : null;
}
