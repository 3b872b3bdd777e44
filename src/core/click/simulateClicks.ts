import type { Size } from '../geometry/box';
import { maskIou } from '../mask/pixels';
import type { ClickCurve } from '../metric/clickCurves';
import { Annotator, type MaskClick } from './annotator';

/** The clicks that the simulated annotator made on one object, and the IoU after each. */
export interface SimulatedClicks {
  readonly clicks: readonly MaskClick[];
  readonly curve: ClickCurve;
}

/**
 * Clicks on an object until the cap, whatever is reached before (RITM's `--iou-analysis`), or until nothing is left to mend.
 * @param truth row-major: 1 in the object, 255 neither object nor background.
 * @param segment the mask after these clicks, row-major, 0 for what is not in it.
 */
export async function simulateClicks(
  truth: Uint8Array,
  size: Size,
  cap: number,
  segment: (clicks: readonly MaskClick[]) => Promise<Uint8Array>,
): Promise<SimulatedClicks> {
  const annotator = new Annotator(truth, size);
  const clicks: MaskClick[] = [];
  const curve: number[] = [];
  let mask: Uint8Array = new Uint8Array(truth.length);
  while (clicks.length < cap) {
    const click = annotator.next(mask);
    if (click === null) break;
    clicks.push(click);
    mask = await segment(clicks);
    curve.push(maskIou(mask, truth));
  }
  return { clicks, curve };
}
