import type { Size } from '../../src/core/geometry/box';
import { paintStroke } from '../../src/core/mask/brush';
import { type CocoMask, countsOf, pixelsOfRuns, runsOfPixels } from '../../src/core/mask/cocoMask';
import { runsOf } from '../../src/core/mask/rle';
import type { BrushStroke } from '../canvas/tools/brushTool';

/** The pixels of the mask that is painted on: kept between strokes, so that a stroke costs what lies under it. */
export class MaskBuffer {
  private shown: CocoMask | null = null;
  private pixels: Uint8Array = new Uint8Array(0);

  /** A mask after a stroke; null begins with an empty one. The mask that was given stays as it is. */
  after(mask: CocoMask | null, { points, radius, erases }: BrushStroke, { width, height }: Size): CocoMask {
    if (mask === null) this.pixels = new Uint8Array(width * height);
    else if (mask !== this.shown) this.pixels = pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
    paintStroke(this.pixels, { width, height }, points, radius, erases ? 0 : 1);
    const counts = countsOf(runsOfPixels(this.pixels, width, height));
    this.shown = { size: [height, width], counts };
    return this.shown;
  }
}
