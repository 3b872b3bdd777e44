import type { MaskClick } from '../core/click/annotator';
import type { Box, Size } from '../core/geometry/box';
import { type CocoMask, countsOf, pixelsOfRuns, runsOfPixels } from '../core/mask/cocoMask';
import { runsOf } from '../core/mask/rle';
import { UserError } from '../core/text/userError';
import type { InferenceClient } from '../inference/client';
import type { PreviousMask, SegmentAnswer } from '../protocol/segment';
import type { TrueObject } from './maskDataset';
import type { ReadPixels } from './models';

/** An object whose true mask was read; null for one without a pixel: there is nothing to click. */
export interface ReadObject {
  readonly size: Size;
  /** Row-major, 1 in the object. */
  readonly truth: Uint8Array;
}

export async function readObject(pixels: ReadPixels, { image, mask }: TrueObject): Promise<ReadObject | null> {
  const { imageSize: size } = await pixels({ path: image, crop: null, side: 1, fit: 'atMost' });
  const truth = await mask(size);
  return truth.includes(1) ? { size, truth } : null;
}

/** Clicks on one image, each given the mask before it where the model takes one. */
export class ClickedImage {
  /** Milliseconds of the model's decoder, all clicks together. */
  decodeMs = 0;
  private previous: PreviousMask | null;

  /** @param start a mask of the whole image to go on from; null for none. */
  constructor(
    private readonly client: InferenceClient,
    private readonly image: string,
    private readonly model: string,
    start: CocoMask | null = null,
  ) {
    this.previous = start === null ? null : { kind: 'mask', mask: start };
  }

  /** The mask that the model shows first, row-major at the image's size. */
  async mask(clicks: readonly MaskClick[], box: Box | null = null): Promise<Uint8Array> {
    const answer = await this.answer(clicks, box);
    const best = answer.candidates[answer.best];
    if (best === undefined) throw new Error('an answer without a mask');
    this.previous = { kind: 'candidate', handle: best.handle };
    return pixelsOf(best.mask);
  }

  async answer(clicks: readonly MaskClick[], box: Box | null): Promise<SegmentAnswer> {
    const { image, model, previous } = this;
    const answer = await this.client.segment({ image, crop: null, model, clicks, box, previous, lane: 'simulate' });
    this.decodeMs += answer.timings.decode;
    return answer;
  }
}

export function pixelsOf({ size, counts }: CocoMask): Uint8Array {
  const [height, width] = size;
  return pixelsOfRuns(runsOf(counts, size), width, height);
}

export function cocoOf(pixels: Uint8Array, { width, height }: Size): CocoMask {
  return { size: [height, width], counts: countsOf(runsOfPixels(pixels, width, height)) };
}

/**
 * Does the same with every object, one after another; what the user can mend is told on stderr and counted, and the others go on.
 * @returns how many failed.
 */
export async function eachObject(
  objects: readonly TrueObject[],
  tell: (message: string) => void,
  work: (object: TrueObject, index: number) => Promise<void>,
): Promise<number> {
  let failed = 0;
  for (const [index, object] of objects.entries()) {
    try {
      await work(object, index);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      failed++;
      tell(error.message);
    }
  }
  return failed;
}
