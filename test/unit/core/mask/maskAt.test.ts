import { describe, expect, it } from 'vitest';
import { countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { smallestMaskAt } from '../../../../src/core/mask/maskAt';

function mask(...rows: string[]) {
  const width = rows[0]?.length ?? 0;
  const pixels = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  return { size: [rows.length, width] as const, counts: countsOf(runsOfPixels(pixels, width, rows.length)) };
}

describe('the mask under the pointer', () => {
  const masks = [mask('####', '#..#', '####'), mask('###.', '###.', '....'), mask('....', '.#..', '....')];

  it('is the smallest that holds the pixel; a hole holds nothing', () => {
    expect(smallestMaskAt(masks, { x: 1.9, y: 1.1 })).toBe(2);
    expect(smallestMaskAt(masks, { x: 0.5, y: 0.5 })).toBe(1);
    expect(smallestMaskAt(masks, { x: 3, y: 2.99 })).toBe(0);
    expect(smallestMaskAt(masks, { x: 2.5, y: 1.5 })).toBe(1);
    expect(smallestMaskAt(masks.slice(0, 1), { x: 2.5, y: 1.5 })).toBe(-1);
  });

  it('is none outside of the picture', () => {
    for (const [x, y] of [
      [-0.1, 0],
      [4, 0],
      [0, 3],
      [Number.NaN, 1],
    ] as const)
      expect(smallestMaskAt(masks, { x, y })).toBe(-1);
  });
});
