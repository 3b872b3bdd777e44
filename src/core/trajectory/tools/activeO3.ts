import type { Size } from '../../geometry/box';
import { orderCorners } from '../../geometry/box';
import type { LoggedSizes } from '../../geometry/frame';
import { resizedBefore } from '../../geometry/smartResize';
import { mapped, refused, rescaled, sizeOf } from './pythonCrop';
import { seenSize } from './seenSize';
import type { CallFrames, ToolRules } from './toolRules';
import { all } from './whichRun';

/**
 * ACTIVE-O3's demo: every region of the answer, through relative coordinates to whole pixels of the image as enlarged to a
 * short side of 1024, corners put in order.
 */
export const activeO3: ToolRules = {
  id: 'active-o3',
  name: 'ACTIVE-O3 demo',
  source: 'demo/activeo3_demo_vstar.py (inference_and_plot), aim-uofa/Active-o3',
  held: (image, { prediction }, logged) => enlarged(image, prediction, logged),
  seen: (_, view, { prediction }) => (prediction === null ? null : seenSize(prediction, view)),
  runs: all,
  crop: ({ numbers, view: { held }, seen }) => {
    const whole = mapped(orderCorners(rescaled(numbers, seen, held)), Math.trunc);
    const box = {
      x1: Math.min(Math.max(whole.x1, 0), held.width - 1),
      y1: Math.min(Math.max(whole.y1, 0), held.height - 1),
      x2: Math.min(Math.max(whole.x2, 0), held.width),
      y2: Math.min(Math.max(whole.y2, 0), held.height),
    };
    const size = sizeOf(box);
    return size.width > 0 && size.height > 0
      ? { kind: 'cropped', box, size }
      : refused('it has no area inside the image');
  },
};

function enlarged(image: Size, prediction: CallFrames['prediction'], { loggedImageSize }: LoggedSizes): Size {
  if (loggedImageSize !== null) return loggedImageSize;
  return prediction?.kind === 'input' ? resizedBefore(image, prediction.resize.before) : image;
}
