import type { MaskClick } from '../../../src/core/click/annotator';
import { simulateClicks } from '../../../src/core/click/simulateClicks';
import type { Box, Size } from '../../../src/core/geometry/box';
import { maskIou } from '../../../src/core/mask/pixels';
import type { ClickCurve } from '../../../src/core/metric/clickCurves';

export interface ClickedMask {
  /** Row-major at the picture's size, 1 in the mask. */
  readonly mask: Uint8Array;
  /** Processor time it took, all threads together. */
  readonly ms: number;
}

/** What is compared. */
export interface ClickSegmenter {
  readonly name: string;
  open(rgba: Uint8Array, size: Size): Promise<void>;
  segment(clicks: readonly MaskClick[], box: Box | null): Promise<ClickedMask>;
  stop(): void;
}

/** A picture with the mask of one object. */
export interface TruePicture {
  readonly name: string;
  readonly size: Size;
  /** Row-major, four bytes a pixel. */
  readonly rgba: Uint8Array;
  /** Row-major, 1 in the object. */
  readonly truth: Uint8Array;
}

export interface ContestResult {
  readonly curve: ClickCurve;
  /** IoU of the mask for the object's box, drawn a little loosely. */
  readonly box: number;
  readonly ms: readonly number[];
}

/** Pixels that the box is larger than the object on every side: nobody draws it to the pixel. */
const loose = 3;

/** Clicks as RITM's annotator does, to the cap whatever is reached before, and once with the object's box alone. */
export async function compete(segmenter: ClickSegmenter, picture: TruePicture, cap: number): Promise<ContestResult> {
  const { truth, size } = picture;
  await segmenter.open(picture.rgba, size);
  const boxed = await segmenter.segment([], boxOf(truth, size));
  const ms = [boxed.ms];
  const { curve } = await simulateClicks(truth, size, cap, async (clicks) => {
    const answer = await segmenter.segment(clicks, null);
    ms.push(answer.ms);
    return answer.mask;
  });
  return { curve, box: maskIou(boxed.mask, truth), ms };
}

function boxOf(truth: Uint8Array, { width, height }: Size): Box {
  let [x1, y1, x2, y2] = [width, height, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] !== 1) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
  }
  return {
    x1: Math.max(0, x1 - loose),
    y1: Math.max(0, y1 - loose),
    x2: Math.min(width, x2 + loose),
    y2: Math.min(height, y2 + loose),
  };
}
