import type { Box, Size } from '../../geometry/box';
import { smartResize } from '../../geometry/smartResize';
import { mapped, pillowCrop, refused, rescaled } from './pythonCrop';
import { modelSees, unitSize } from './seenSize';
import type { CropOutcome, ToolRules } from './toolRules';
import { last, none } from './whichRun';

/** Bounds of `resize_cropped` while evaluating, the only time conversations are written: 256 · 28² to 5120 · 28². */
const resize = { factor: 28, minPixels: 200_704, maxPixels: 4_014_080 };
const padding = 0.1;
/** `zoom_in` pads by at most this many pixels. */
const widestPadding = 600;

/**
 * Pixel-Reasoner's `crop_image_normalized` and `zoom_in`, on any picture so far: the image raw, crops as resized for the
 * model. A tenth of the picture is added on each side before the box is cut.
 */
export const pixelReasoner: ToolRules = {
  id: 'pixel-reasoner',
  name: 'Pixel-Reasoner',
  source:
    'curiosity_driven_rl/openrlhf/trainer/ppo_utils/experience_maker.py (execute_tool), TIGER-AI-Lab/Pixel-Reasoner@a3a6c3a',
  held: (image) => image,
  seen: (numbers, view, frames) => (isNormalized(numbers) ? unitSize : modelSees(view, frames)),
  runs: ({ calls, endsWithCall }) =>
    endsWithCall
      ? last(calls, ({ tag }) => tag === 'tool_call')
      : none(calls, 'the tool runs only a call that ends its turn'),
  crop: ({ numbers, view: { held }, call, region }) => {
    if (region.repairs.some(({ kind }) => kind === 'pythonLiteral')) return refused('the call is not JSON');
    if (call.regions.length > 1) return refused('bbox_2d does not hold four numbers');
    if (!call.action.text.includes('target_image')) return refused('the call has no "target_image"');
    const { tool } = call.action;
    if (tool !== 'zoom_in' && tool !== 'crop_image_normalized')
      return refused(`the tool knows no ${tool ?? 'such name'}`);
    return cropped(numbers, held, tool);
  },
  heldLater: (crop) => smartResize(crop, resize),
};

function isNormalized({ x1, y1, x2, y2 }: Box): boolean {
  return x1 < 1 && y1 < 1 && x2 < 1 && y2 < 1;
}

function cropped(numbers: Box, held: Size, tool: 'zoom_in' | 'crop_image_normalized'): CropOutcome {
  const relative = isNormalized(numbers) ? numbers : rescaled(numbers, held, unitSize);
  const narrow = tool === 'zoom_in';
  const x = narrow ? Math.min(padding, widestPadding / held.width) : padding;
  const y = narrow ? Math.min(padding, widestPadding / held.height) : padding;
  const padded = { x1: relative.x1 - x, y1: relative.y1 - y, x2: relative.x2 + x, y2: relative.y2 + y };
  const pixels = rescaled(
    mapped(padded, (value) => Math.min(Math.max(0, value), 1)),
    unitSize,
    held,
  );
  const cut = pillowCrop(narrow ? mapped(pixels, Math.trunc) : pixels);
  if (cut.kind === 'refused') return cut;
  const { width, height } = cut.size;
  return width > 28 && height > 28 ? cut : refused(`the crop of ${width}×${height} is too small`);
}
