import type { Size } from '../../geometry/box';
import type { ResizeSpec } from '../../geometry/frame';
import { roundHalfEven } from '../../geometry/smartResize';
import { clampedLow, mapped, pillowCrop, refused, rescaled } from './pythonCrop';
import type { CallFrames, ToolRules } from './toolRules';
import { first } from './whichRun';

/** `max_vision_token_num` 1280 tokens, at least 4. */
const usual: ResizeSpec = { factor: 28, minPixels: 3136, maxPixels: 1_003_520, before: null };
const wholeNumbers = /\[\d{1,12},\s{0,20}\d{1,12},\s{0,20}\d{1,12},\s{0,20}\d{1,12}\]/g;

/**
 * ERGO's two stages: the only `[x1, y1, x2, y2]` of whole numbers in the first `<zoom>`, in pixels of the resized input,
 * is scaled to the stored image, clamped and cut towards zero. Without one the whole image comes back.
 */
export const ergo: ToolRules = {
  id: 'ergo',
  name: 'ERGO',
  source: 'src/ergo/utils.py (crop_with_zoom), nota-github/ERGO@c6d6742',
  held: (image) => image,
  seen: (_, { held, logged }, frames) => logged.inputSize ?? resized(held, resizeOf(frames)),
  runs: ({ calls }) => first(calls, ({ tag, closed }) => tag === 'zoom' && closed),
  crop: ({ numbers, view: { held }, seen, call }) => {
    if (call.action.text.match(wholeNumbers)?.length !== 1)
      return refused('the zoom does not hold one list of four whole numbers', held);
    const cut = pillowCrop(mapped(clampedLow(rescaled(numbers, seen, held), held), Math.trunc));
    if (cut.kind === 'refused') return cut;
    if (cut.size.width < 1 || cut.size.height < 1) return refused('it has no area inside the image');
    return { ...cut, size: resized(cut.size, usual) };
  },
};

function resizeOf({ tool, prediction }: CallFrames): ResizeSpec {
  const spec = tool ?? prediction;
  return spec?.kind === 'input' ? spec.resize : usual;
}

/** ERGO's own `smart_resize` rounds where that of qwen-vl-utils rounds down. */
function resized({ width, height }: Size, { factor, minPixels, maxPixels }: ResizeSpec): Size {
  const nearest = (side: number): number => roundHalfEven(side / factor) * factor;
  const size = { width: Math.max(factor, nearest(width)), height: Math.max(factor, nearest(height)) };
  const area = size.width * size.height;
  if (area > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    return { width: nearest(width / beta), height: nearest(height / beta) };
  }
  if (area >= minPixels) return size;
  const beta = Math.sqrt(minPixels / (height * width));
  const grown = (side: number): number => Math.ceil((side * beta) / factor) * factor;
  return { width: grown(width), height: grown(height) };
}
