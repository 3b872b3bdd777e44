import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DifferenceHash, differenceHash, hashDistance } from '../../../../src/core/dataset/differenceHash';
import { nearDuplicates } from '../../../../src/core/dataset/nearDuplicates';

function grouped(hashes: readonly DifferenceHash[], distance: number): readonly number[] {
  const steps = nearDuplicates(Uint32Array.from(hashes.flat()), distance);
  for (;;) {
    const step = steps.next();
    if (step.done) return [...step.value];
  }
}

/** Every pair is compared, and groups are merged until nothing changes. */
function bruteForce(hashes: readonly DifferenceHash[], distance: number): readonly number[] {
  const parts = hashes.map((_, at) => at);
  hashes.forEach((one, a) => {
    hashes.forEach((other, b) => {
      if (hashDistance(one, other) > distance) return;
      const [keep, lose] = [parts[a], parts[b]];
      parts.forEach((part, at) => {
        if (part === lose) parts[at] = keep ?? 0;
      });
    });
  });
  return parts;
}

/** The same partition, whatever its parts are called. */
const partition = (parts: readonly number[]): readonly number[] => parts.map((part) => parts.indexOf(part));

const flipped = ([high, low]: DifferenceHash, bits: readonly number[]): DifferenceHash => {
  const halves = [high, low];
  for (const bit of bits) halves[bit >> 5] = ((halves[bit >> 5] ?? 0) ^ (1 << (bit & 31))) >>> 0;
  return [halves[0] ?? 0, halves[1] ?? 0];
};

describe('a difference hash', () => {
  it('has a bit for each pixel that is darker than its right neighbour, the upper left one first', () => {
    const flat = new Array<number>(72).fill(100);
    expect(differenceHash(flat)).toEqual([0, 0]);
    expect(differenceHash(flat.with(1, 101))).toEqual([2 ** 31, 0]);
    expect(differenceHash(flat.with(71, 101))).toEqual([0, 1]);
    expect(differenceHash(flat.map((_, at) => at % 9))).toEqual([0xffffffff, 0xffffffff]);
    expect(hashDistance([0xffffffff, 0], [0, 1])).toBe(33);
  });
});

describe('near-duplicates', () => {
  it('are numbered by size; an image that is like none has no group', () => {
    const [a, b] = [[0, 0] as const, [0xffff0000, 0x0000ffff] as const];
    const hashes = [a, b, flipped(b, [1, 9]), [0x0f0f0f0f, 0xf0f0f0f0] as const, flipped(b, [60]), flipped(a, [3])];
    expect(grouped(hashes, 6)).toEqual([2, 1, 1, 0, 1, 2]);
    expect(grouped([], 6)).toEqual([]);
  });

  it('are what comparing every pair finds, also through others and at any distance', () => {
    const half = fc.nat(0xffffffff);
    const bits = fc.array(fc.nat(63), { maxLength: 8 });
    // Copies of a few pictures, with bits flipped about the limit: random hashes alone are never near.
    const sets = fc.array(fc.tuple(half, half), { minLength: 1, maxLength: 4 }).chain((pictures) =>
      fc.array(
        fc.tuple(fc.constantFrom(...pictures), bits).map(([picture, changed]) => flipped(picture, changed)),
        { maxLength: 25 },
      ),
    );
    fc.assert(
      fc.property(sets, fc.nat(12), (hashes, distance) => {
        const groups = grouped(hashes, distance);
        const alone = groups.map((group, at) => (group === 0 ? -1 - at : group));
        expect(partition(alone)).toEqual(partition(bruteForce(hashes, distance)));
      }),
      { numRuns: 50 },
    );
  });
});
