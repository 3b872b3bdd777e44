import type { Size } from '../../geometry/box';
import type { FrameSpec, ResizeSpec } from '../../geometry/frame';
import { frameExtent } from '../../geometry/frameMap';
import { smartResize } from '../../geometry/smartResize';
import type { CallFrames, CroppedView } from './toolRules';

/** Bounds of qwen-vl-utils' `fetch_image` and of Qwen2.5-VL's processor: 4 · 28² to 16384 · 28². */
export const qwenResize: ResizeSpec = { factor: 28, minPixels: 3136, maxPixels: 12_845_056, before: null };

export const unitSize: Size = { width: 1, height: 1 };

/** Units of a frame in a view: the frame's own in the image; in a later picture those made of what the tool holds. */
export function seenSize(spec: FrameSpec, { index, held, stored, logged }: CroppedView): Size {
  if (index === 0) return frameExtent(spec, stored, logged);
  return spec.kind === 'input' ? smartResize(held, spec.resize) : frameExtent(spec, held);
}

/**
 * Units in which a model means pixels that a tool takes for its own: the frame of its answers, else that of its calls,
 * else what Qwen2.5-VL is shown. `original` says of calls only how they are carried out.
 */
export function modelSees(view: CroppedView, { prediction, tool }: CallFrames): Size {
  const ofCalls = tool?.kind === 'original' ? null : tool;
  return seenSize(prediction ?? ofCalls ?? { kind: 'input', resize: qwenResize }, view);
}
