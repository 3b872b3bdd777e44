import type { Size } from '../geometry/box';
import { squaredDistances } from '../mask/distance';

/** A click on a picture: a whole pixel, origin at the top left. */
export interface MaskClick {
  readonly x: number;
  readonly y: number;
  /** Whether it adds to the mask or removes from it. */
  readonly positive: boolean;
}

/**
 * The simulated annotator of RITM's evaluation (`isegm/inference/clicker.py`), which SegAgent's trajectories use too: it
 * clicks the pixel that lies deepest inside what is missed or wrongly taken, and never the same pixel twice. As there, what
 * lies beyond the picture counts as no error; of equally deep pixels the first in reading order is clicked, and where misses
 * and wrongly taken pixels are equally deep, the click is negative.
 */
export class Annotator {
  private readonly clicked = new Set<number>();

  /**
   * @param truth row-major, one byte a pixel: 0 background, 1 object; 255 is neither (RITM's −1) and never clicked.
   * @param size of the truth and of every mask.
   */
  constructor(
    private readonly truth: Uint8Array,
    private readonly size: Size,
  ) {}

  /** The next click; null when nothing is left to mend, where the reference would click the corner. */
  next(mask: Uint8Array): MaskClick | null {
    const missed = this.deepest((truth, taken) => truth === 1 && taken === 0, mask);
    const wrong = this.deepest((truth, taken) => truth === 0 && taken !== 0, mask);
    const positive = missed.depth > wrong.depth;
    const { pixel, depth } = positive ? missed : wrong;
    if (depth === 0) return null;
    this.clicked.add(pixel);
    return { x: pixel % this.size.width, y: Math.floor(pixel / this.size.width), positive };
  }

  private deepest(isError: (truth: number, taken: number) => boolean, mask: Uint8Array) {
    const errors = new Uint8Array(this.truth.length);
    for (let i = 0; i < errors.length; i++) if (isError(this.truth[i] ?? 0, mask[i] ?? 0)) errors[i] = 1;
    const depths = squaredDistances(errors, this.size);
    // Clicked pixels are still errors to their neighbours; they are only not clicked again.
    for (const pixel of this.clicked) depths[pixel] = 0;
    let pixel = 0;
    for (let i = 1; i < depths.length; i++) if ((depths[i] ?? 0) > (depths[pixel] ?? 0)) pixel = i;
    return { pixel, depth: depths[pixel] ?? 0 };
  }
}
