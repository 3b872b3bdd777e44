import { clampBox, orderCorners } from '../../geometry/box';
import { generic } from './generic';
import { mapped, refused, rescaled, sizeOf } from './pythonCrop';
import type { ToolRules } from './toolRules';

/** Saccade's own loop: the whole stored pixels that a region touches, inside the image. */
export const saccadeLoop: ToolRules = {
  ...generic,
  id: 'saccade',
  name: 'Saccade’s loop',
  source: 'saccade propose and saccade run',
  crop: ({ numbers, view: { held }, seen }) => {
    const inside = clampBox(orderCorners(rescaled(numbers, seen, held)), held);
    if (!(inside.x2 > inside.x1 && inside.y2 > inside.y1)) return refused('it lies outside the image');
    const box = {
      ...mapped(inside, Math.floor),
      x2: Math.ceil(inside.x2),
      y2: Math.ceil(inside.y2),
    };
    return { kind: 'cropped', box, size: sizeOf(box) };
  },
};
