import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsOf, pixelsOfRuns, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { runsOf } from '../../../../src/core/mask/rle';

describe('a mask as COCO writes it', () => {
  it('is the string that pycocotools makes of it', () => {
    // mask_utils.encode(np.asfortranarray([[0, 1, 1], [0, 1, 0]], dtype=np.uint8)) and of 5×5 zeros and ones.
    expect(countsOf(runsOfPixels(Uint8Array.of(0, 1, 1, 0, 1, 0), 3, 2))).toBe('231');
    expect(countsOf(runsOfPixels(new Uint8Array(25), 5, 5))).toBe('i0');
    expect(countsOf(runsOfPixels(new Uint8Array(25).fill(1), 5, 5))).toBe('0i0');
  });

  it('comes back the same', () => {
    const mask = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
          .map((pixels) => ({ width, height, pixels })),
      );
    fc.assert(
      fc.property(mask, ({ width, height, pixels }) => {
        const runs = runsOf(countsOf(runsOfPixels(pixels, width, height)), [height, width]);
        expect(pixelsOfRuns(runs, width, height)).toEqual(pixels);
      }),
    );
  });

  it('of very long runs keeps its differences', () => {
    const runs = Uint32Array.of(3, 2 ** 26, 1, 5, 2 ** 26, 100, 7);
    const side = runs.reduce((sum, run) => sum + run, 0);
    expect(runsOf(countsOf(runs), [side, 1])).toEqual(runs);
  });
});
