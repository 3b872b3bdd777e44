import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { UserError } from '../../../../src/core/text/userError';
import { readCoco } from '../../../../src/formats/masks/cocoAnnotations';

const file = (segmentation: unknown, more: object = {}) => ({
  images: [{ id: 7, file_name: 'a.jpg', width: 4, height: 3 }],
  categories: [{ id: 2, name: 'cup' }],
  annotations: [{ id: 1, image_id: 7, category_id: 2, iscrowd: 0, segmentation, ...more }],
});
const rows = (mask: Uint8Array | undefined) =>
  mask && [0, 1, 2].map((y) => [...mask.subarray(y * 4, y * 4 + 4)].join(''));

test('polygons, runs and compressed runs are the same mask', () => {
  const expected = ['0110', '0110', '0000'];
  const pixels = Uint8Array.from(expected.join(''), Number);
  const runs = runsOfPixels(pixels, 4, 3);
  for (const segmentation of [
    [[1, 0, 3, 0, 3, 2, 1, 2]],
    [
      [1, 0, 2, 0, 2, 2, 1, 2],
      [2, 0, 3, 0, 3, 2, 2, 2],
    ],
    { size: [3, 4], counts: [...runs] },
    { size: [3, 4], counts: countsOf(runs) },
  ]) {
    const [object] = readCoco(file(segmentation)) ?? [];
    expect(object).toMatchObject({ fileName: 'a.jpg', label: 'cup', size: { width: 4, height: 3 } });
    expect(rows(object?.mask())).toEqual(expected);
  }
});

test('crowds and boxes alone are left out; what does not fit says where', () => {
  expect(readCoco(file([[0, 0, 1, 0, 1, 1]], { iscrowd: 1 }))).toEqual([]);
  expect(readCoco(file(undefined))).toEqual([]);
  expect(readCoco({ shapes: [] })).toBeNull();
  expect(() => readCoco(file([], { image_id: 8 }))).toThrow('annotations[0] belongs to no image');
  const broken = (segmentation: unknown) => () => readCoco(file(segmentation))?.[0]?.mask();
  expect(broken([[1, 2, 3]])).toThrow('annotations[0].segmentation holds what is no polygon');
  expect(broken({ size: [3, 5], counts: [15] })).toThrow("is not of its image's size");
  expect(broken({ size: [3, 4], counts: [13] })).toThrow('its runs do not cover the image');
});

test('whatever is in it, it is read or refused', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 4 }), (segmentation) => {
      try {
        for (const object of readCoco(file(segmentation)) ?? []) expect(object.mask()).toHaveLength(12);
      } catch (error) {
        expect(UserError.is(error)).toBe(true);
      }
    }),
  );
});
