import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsAlong, countBelow, valueAxis } from '../../../../src/core/dataset/valueAxis';

const sorted = (...values: number[]) => Float64Array.from(values).sort();

describe('the axis of a threshold', () => {
  it('is linear, or by factors where values lie far apart, and rounds what is dragged', () => {
    const scores = valueAxis(sorted(0, 0.25, 1));
    expect([scores.kind, scores.place(0.25), scores.value(0.12345)]).toEqual(['linear', 0.25, 0.123]);
    const areas = valueAxis(sorted(1, 10, 10_000));
    expect([areas.kind, areas.place(100), areas.value(0.5)]).toEqual(['logarithmic', 0.5, 100]);
  });

  it('bears values that are all one, infinite, or not there', () => {
    const one = valueAxis(sorted(3, 3));
    expect([one.place(3), one.value(0.4)]).toEqual([0, 3]);
    const wide = sorted(Number.NEGATIVE_INFINITY, 0, 4, Number.POSITIVE_INFINITY);
    expect([...barsAlong(valueAxis(wide), wide, 4)]).toEqual([2, 0, 0, 2]);
    expect([...barsAlong(valueAxis(sorted()), sorted(), 2)]).toEqual([0, 0]);
  });

  it('counts what is below a threshold as going through all of them would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: -6, max: 6 }), (values, threshold) => {
        const all = sorted(...values);
        expect(countBelow(all, threshold)).toBe(values.filter((value) => value < threshold).length);
        expect(countBelow(all, threshold, true)).toBe(values.filter((value) => value <= threshold).length);
      }),
    );
  });
});
