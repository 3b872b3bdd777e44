import { describe, expect, test } from 'vitest';
import { Annotator } from '../../../../src/core/click/annotator';

const size = { width: 7, height: 7 };
const maskOf = (rows: readonly string[]) =>
  Uint8Array.from(rows.join(''), (char) => (char === '?' ? 255 : char === '#' ? 1 : 0));
const empty = new Uint8Array(49);

const square = ['.......', '.#####.', '.#####.', '.#####.', '.#####.', '.#####.', '.......'];

// Each expectation was worked out from `isegm/inference/clicker.py`: FN and FP padded by zeros, exact L2 distances.
describe('the simulated annotator', () => {
  test('begins in the middle of the object', () => {
    expect(new Annotator(maskOf(square), size).next(empty)).toEqual({ x: 3, y: 3, positive: true });
  });

  test('clicks the first of equally deep pixels in reading order: row by row', () => {
    const wide = ['.......', '.......', '.#####.', '.#####.', '.#####.', '.......', '.......'];
    expect(new Annotator(maskOf(wide), size).next(empty)).toEqual({ x: 2, y: 3, positive: true });
  });

  test('takes what is beyond the picture for no error: an object at the corner is clicked inside', () => {
    const corner = ['###....', '###....', '###....', '.......', '.......', '.......', '.......'];
    expect(new Annotator(maskOf(corner), size).next(empty)).toEqual({ x: 1, y: 1, positive: true });
  });

  test('mends what is deeper: here what was wrongly taken', () => {
    const left = ['##.....', '##.....', '##.....', '##.....', '##.....', '##.....', '##.....'];
    const right = ['....###', '....###', '....###', '....###', '....###', '....###', '....###'];
    expect(new Annotator(maskOf(left), size).next(maskOf(right))).toEqual({ x: 5, y: 1, positive: false });
  });

  test('removes where misses and wrongly taken pixels are equally deep', () => {
    const left = ['#......', '.......', '.......', '.......', '.......', '.......', '.......'];
    const right = ['......#', '.......', '.......', '.......', '.......', '.......', '.......'];
    expect(new Annotator(maskOf(left), size).next(maskOf(right))).toEqual({ x: 6, y: 0, positive: false });
  });

  test('never clicks a pixel twice: depths around it stay as they are', () => {
    const annotator = new Annotator(maskOf(square), size);
    const clicks = [1, 2, 3].map(() => annotator.next(empty));
    expect(clicks.map((click) => [click?.x, click?.y])).toEqual([
      [3, 3],
      [2, 2],
      [3, 2],
    ]);
  });

  test('passes over pixels that are neither object nor background', () => {
    const unsure = ['???....', '???....', '???....', '.......', '.......', '.......', '......#'];
    const annotator = new Annotator(maskOf(unsure), size);
    expect(annotator.next(empty)).toEqual({ x: 6, y: 6, positive: true });
    const all = new Uint8Array(49).fill(1);
    expect(annotator.next(all)?.positive).toBe(false);
  });

  test('has nothing to say of a perfect mask', () => {
    expect(new Annotator(maskOf(square), size).next(maskOf(square))).toBeNull();
  });
});
