import { clampBox, orderCorners } from '../../geometry/box';
import { refused, rescaled, sizeOf } from './pythonCrop';
import { seenSize } from './seenSize';
import type { ToolRules } from './toolRules';
import { all } from './whichRun';

/** No tool in particular: every call cuts what its numbers say in the frame in force, as far as it lies in the image. */
export const generic: ToolRules = {
  id: 'generic',
  name: 'any tool',
  source: 'no tool: numbers as the frame in force says, clamped to the image',
  held: (image) => image,
  seen: (_, view, { tool, prediction }) => {
    const spec = tool ?? prediction;
    return spec === null ? null : seenSize(spec, view);
  },
  runs: all,
  crop: ({ numbers, view: { held }, seen }) => {
    const box = clampBox(orderCorners(rescaled(numbers, seen, held)), held);
    const size = sizeOf(box);
    return size.width > 0 && size.height > 0 ? { kind: 'cropped', box, size } : refused('it lies outside the image');
  },
};
