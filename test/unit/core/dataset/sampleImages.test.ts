import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleImages } from '../../../../src/core/dataset/sampleImages';

describe('a sample of images', () => {
  it('is spread over sections by their lengths, and is the same for the same seed', () => {
    const places = sampleImages([100, 10, 900], 101, 7);
    const of = (from: number, to: number) => places.filter((place) => place >= from && place < to).length;
    expect([of(0, 100), of(100, 110), of(110, 1010)]).toEqual([10, 1, 90]);
    expect(sampleImages([100, 10, 900], 101, 7)).toEqual(places);
    expect(sampleImages([100, 10, 900], 101, 8)).not.toEqual(places);
  });

  it('holds as many different places as were asked for, or all there are', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 300 }), fc.integer(), (sections, count, seed) => {
        const total = sections.reduce((sum, length) => sum + length, 0);
        const places = sampleImages(sections, count, seed);
        expect(places).toHaveLength(Math.min(count, total));
        expect(new Set(places).size).toBe(places.length);
        expect(places.every((place) => place >= 0 && place < total)).toBe(true);
      }),
    );
  });
});
