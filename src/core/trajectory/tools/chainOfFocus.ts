import type { Box, Size } from '../../geometry/box';
import type { ResizeSpec } from '../../geometry/frame';
import { modelInputSize, smartResize } from '../../geometry/smartResize';
import { mapped, refused, resizable, sizeOf } from './pythonCrop';
import { seenSize } from './seenSize';
import type { CallFrames, ToolRules } from './toolRules';
import { first, isClosedToolCall } from './whichRun';

/** `--min_resolution` 112 squared, and 3840². */
const usual: ResizeSpec = { factor: 28, minPixels: 12_544, maxPixels: 14_745_600, before: null };
const enlargement = 1.5;
const scaleUp = 2;

/**
 * Chain-of-Focus' evaluation: the first call of a message, on the image as resized for the model; the box is enlarged by
 * half around its centre and the crop doubled. What it cannot use gives the whole image back.
 */
export const chainOfFocus: ToolRules = {
  id: 'chain-of-focus',
  name: 'Chain-of-Focus',
  source: 'eval/vstar/vllm_inference.py (do_crop), xtong-zhang/Chain-of-Focus@431ff0d',
  held: (image, frames, logged) => logged.inputSize ?? modelInputSize(image, resizeOf(frames)),
  seen: (_, view, frames) => seenSize({ kind: 'input', resize: resizeOf(frames) }, view),
  runs: ({ calls }) => first(calls, isClosedToolCall),
  crop: ({ numbers, view: { held }, call, region }) => {
    const doubled = smartResize({ width: held.width * scaleUp, height: held.height * scaleUp }, usual);
    if (region.repairs.some(({ kind }) => kind === 'pythonLiteral')) return refused('the call is not JSON', doubled);
    const tooMany = region.repairs.some(({ kind }) => kind === 'tooManyNumbers');
    if (tooMany || call.regions.length > 1) return refused('bbox_2d does not hold four numbers', held);
    if (!call.action.text.includes('bbox_2d')) return refused('the call has no "bbox_2d"', held);
    const problem = problemOf(numbers, held);
    if (problem !== null) return refused(problem, doubled);
    const box = enlarged(numbers, held);
    const { width, height } = sizeOf(box);
    const twice = { width: width * scaleUp, height: height * scaleUp };
    if (!resizable(twice)) return refused('the crop cannot be resized', held);
    return { kind: 'cropped', box, size: smartResize(twice, usual) };
  },
};

function resizeOf({ tool }: CallFrames): ResizeSpec {
  return tool?.kind === 'input' ? tool.resize : usual;
}

/** `check_absolute_bbox_format` */
function problemOf({ x1, y1, x2, y2 }: Box, { width, height }: Size): string | null {
  const inside = x1 >= 0 && x1 < width && y1 >= 0 && y1 < height && x2 > 0 && x2 <= width && y2 > 0 && y2 <= height;
  if (!inside) return 'it reaches beyond the image';
  return x2 <= x1 || y2 <= y1 ? 'its corners are swapped' : null;
}

function enlarged({ x1, y1, x2, y2 }: Box, image: Size): Box {
  const x = (x1 + x2) / 2;
  const y = (y1 + y2) / 2;
  const halfWidth = ((x2 - x1) * enlargement) / 2;
  const halfHeight = ((y2 - y1) * enlargement) / 2;
  const box = {
    x1: Math.max(0, x - halfWidth),
    y1: Math.max(0, y - halfHeight),
    x2: Math.min(image.width, x + halfWidth),
    y2: Math.min(image.height, y + halfHeight),
  };
  return mapped(box, Math.trunc);
}
