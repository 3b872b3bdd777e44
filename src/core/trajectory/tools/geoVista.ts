import type { Size } from '../../geometry/box';
import { smartResize } from '../../geometry/smartResize';
import { mapped, pillowCrop, refused, resizable } from './pythonCrop';
import type { ToolRules } from './toolRules';
import { first, unlessStrict } from './whichRun';

const maxPixels = 2048 * 1024;
const mostCrops = 5;

/**
 * GeoVista's inference: the first call of a message. The model is sent the image scaled to at most 2048 · 1024 pixels;
 * its numbers, both axes scaled by the ratio of the widths, are cut from the stored image, unclamped.
 */
export const geoVista: ToolRules = {
  id: 'geovista',
  name: 'GeoVista',
  source: 'eval/inference_agent_tool_mode.py, eval/utils_agent_tool.py (crop_tool_core), ekonwang/GeoVista@df32037',
  held: (image) => image,
  seen: (_, { held }) => sent(held),
  runs: ({ calls }) =>
    first(calls, ({ tag, closed, action }) => tag === 'tool_call' && closed && action.kind !== 'malformed'),
  crop: ({ numbers, view: { held }, call, crops }) => {
    if (crops >= mostCrops) return refused(`the tool makes at most ${mostCrops} crops`);
    if (call.action.tool !== 'image_zoom_in_tool')
      return refused(`the tool knows no ${call.action.tool ?? 'such name'}`);
    const problem = unlessStrict(call);
    if (problem !== null) return refused(problem);
    const scaling = held.width / sent(held).width;
    const cut = pillowCrop(mapped(numbers, (value) => Math.trunc(value * scaling)));
    if (cut.kind === 'refused') return cut;
    if (!resizable(cut.size)) return refused('the crop cannot be resized');
    return { ...cut, size: smartResize(cut.size, { factor: 28, minPixels: 65_536, maxPixels }) };
  },
};

/** `encode_image_to_base64` */
function sent({ width, height }: Size): Size {
  if (width * height <= maxPixels) return { width, height };
  const scale = Math.sqrt(maxPixels / (width * height));
  return { width: Math.trunc(width * scale), height: Math.trunc(height * scale) };
}
