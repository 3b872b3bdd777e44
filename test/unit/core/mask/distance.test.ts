import fc from 'fast-check';
import { expect, test } from 'vitest';
import { squaredDistances } from '../../../../src/core/mask/distance';

const maskOf = (rows: readonly string[]) => Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));

test('counts from beyond the picture as from outside the mask', () => {
  const distances = squaredDistances(maskOf(['#####', '#####', '#####']), { width: 5, height: 3 });
  expect([...distances]).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 4, 1, 1, 1, 1, 1, 1]);
});

test('is Euclidean: a corner is farther than a side', () => {
  const rows = ['.......', '.#####.', '.#####.', '.##.##.', '.#####.', '.#####.', '.......'];
  const distances = squaredDistances(maskOf(rows), { width: 7, height: 7 });
  expect([...distances.subarray(14, 21)]).toEqual([0, 1, 2, 1, 2, 1, 0]);
});

test('finds what looking at every pixel finds', () => {
  const masks = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      mask: fc.uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height }),
    }),
  );
  fc.assert(
    fc.property(masks, ({ width, height, mask }) => {
      const nearest = Array.from(mask, (value, i) => {
        if (value === 0) return 0;
        let least = Number.POSITIVE_INFINITY;
        for (let y = -1; y <= height; y++) {
          for (let x = -1; x <= width; x++) {
            const isOut = x < 0 || y < 0 || x === width || y === height || mask[y * width + x] === 0;
            if (isOut) least = Math.min(least, (x - (i % width)) ** 2 + (y - Math.floor(i / width)) ** 2);
          }
        }
        return least;
      });
      expect([...squaredDistances(mask, { width, height })]).toEqual(nearest);
    }),
  );
});
