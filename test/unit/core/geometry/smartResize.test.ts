import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelInputSize, resizedBefore, roundHalfEven, smartResize } from '../../../../src/core/geometry/smartResize';
import { UserError } from '../../../../src/core/text/userError';

const HF = { factor: 28, minPixels: 3136, maxPixels: 12_845_056 };
const size = (width: number, height: number) => ({ width, height });

describe('roundHalfEven', () => {
  it.each([
    [2.5, 2],
    [3.5, 4],
    [0.5, 0],
    [1.5, 2],
    [2.4999, 2],
    [2.5001, 3],
    [7, 7],
  ])('rounds %d to %d as Python does', (value, expected) => expect(roundHalfEven(value)).toBe(expected));
});

describe('smartResize', () => {
  it.each([
    ['a half goes to the even multiple', size(70, 70), HF, size(56, 56)],
    ['sa_17063.jpg of ACTIVE-O3', size(2250, 1500), HF, size(2240, 1512)],
    ['sa_3088.jpg of ACTIVE-O3', size(2247, 1500), HF, size(2240, 1512)],
    ['a crop enlarged for the task model', size(154, 42), { ...HF, minPixels: 705_600 }, size(1624, 448)],
    ['an image above the maximum shrinks', size(1365, 1024), { ...HF, maxPixels: 1_254_400 }, size(1288, 952)],
    [
      'sides of Qwen3-VL are multiples of 32',
      size(2250, 1500),
      { factor: 32, minPixels: 4096, maxPixels: 16_777_216 },
      size(2240, 1504),
    ],
    ['a side below the factor becomes the factor', size(1000, 10), { ...HF, minPixels: 1 }, size(1008, 28)],
  ])('%s', (_, image, spec, expected) => expect(smartResize(image, spec)).toEqual(expected));

  it('refuses what no model can be shown', () => {
    expect(() => smartResize(size(2010, 10), HF)).toThrow(UserError);
    expect(smartResize(size(2000, 10), HF).height).toBe(28);
    expect(() => smartResize(size(0, 10), HF)).toThrow(UserError);
    expect(() => smartResize(size(Number.NaN, 10), HF)).toThrow(UserError);
  });

  it('gives multiples of the factor within the bounds', () => {
    const side = fc.integer({ min: 28, max: 9000 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(28, 32), (width, height, factor) => {
        fc.pre(Math.max(width, height) / Math.min(width, height) <= 200);
        const spec = { factor, minPixels: 256 * factor * factor, maxPixels: 1280 * factor * factor };
        const { width: w, height: h } = smartResize(size(width, height), spec);
        expect(w % factor).toBe(0);
        expect(h % factor).toBe(0);
        expect(w * h).toBeGreaterThanOrEqual(spec.minPixels);
        // A long thin image keeps at least one factor of height and may then exceed the maximum a little.
        if (Math.min(w, h) > factor) expect(w * h).toBeLessThanOrEqual(spec.maxPixels);
      }),
    );
  });
});

describe('the resize before smart_resize', () => {
  const training = {
    factor: 28,
    minPixels: 50_176,
    maxPixels: 1_254_400,
    before: { shortSide: 1024, mode: 'exact' },
  } as const;

  it('brings the short side to 1024 and then under 1600 · 28² pixels in the sibling code of ACTIVE-O3', () => {
    expect(resizedBefore(size(640, 480), training.before)).toEqual(size(1365, 1024));
    expect(modelInputSize(size(640, 480), training)).toEqual(size(1288, 952));
  });

  it('enlarges small images in the demo and leaves large ones alone', () => {
    const atLeast = { shortSide: 1024, mode: 'atLeast' } as const;
    expect(resizedBefore(size(640, 480), atLeast)).toEqual(size(Math.trunc(640 * (1024 / 480)), 1024));
    expect(resizedBefore(size(2250, 1500), atLeast)).toEqual(size(2250, 1500));
    expect(modelInputSize(size(2250, 1500), { ...HF, before: atLeast })).toEqual(size(2240, 1512));
  });

  it('scales both ways when the short side is exact', () => {
    expect(resizedBefore(size(2250, 1500), training.before)).toEqual(size(1536, 1024));
    expect(resizedBefore(size(1024, 3000), training.before)).toEqual(size(1024, 3000));
  });
});
