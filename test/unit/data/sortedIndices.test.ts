import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedIndices } from '../../../src/data/process/columns/sortedIndices';

/** What the radix sort must agree with. */
function compared(keys: Float64Array, descending: boolean): number[] {
  const order = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  return [...keys.keys()].sort((a, b) => order(keys[a]!, keys[b]!) * (descending ? -1 : 1) || a - b);
}

describe('sortedIndices', () => {
  it('orders any numbers as comparing them would, equal ones as they came', () => {
    const some = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, 0.5, Infinity, -Infinity));
    const keys = fc.array(some, { minLength: 600, maxLength: 700 });
    fc.assert(
      fc.property(keys, fc.boolean(), (list, descending) => {
        const array = Float64Array.from(list);
        expect([...sortedIndices(array, descending)]).toEqual(compared(array, descending));
      }),
      { numRuns: 30 },
    );
  });

  it('orders a few by comparing', () => {
    expect([...sortedIndices(Float64Array.of(2, -0, 0, -3), false)]).toEqual([3, 1, 2, 0]);
    expect([...sortedIndices(Float64Array.of(2, -0, 0, -3), true)]).toEqual([0, 1, 2, 3]);
  });
});
