import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../../src/core/text/userError';
import { readLabelme } from '../../../../src/formats/masks/labelme';

/** As `labelme/label_file.py` writes it. */
const file = (shapes: readonly object[]) => ({
  version: '5.5.0',
  flags: {},
  shapes,
  imagePath: 'photo.jpg',
  imageData: null,
  imageHeight: 8,
  imageWidth: 10,
});
const shape = (shape_type: string, points: readonly (readonly number[])[]) => ({
  label: 'cup',
  points,
  group_id: null,
  description: '',
  shape_type,
  flags: {},
  mask: null,
});

test('shapes with an inside become polygons in pixels of the image', () => {
  const read = readLabelme(
    file([
      shape('polygon', [
        [1, 1],
        [4, 1],
        [2.5, 6],
      ]),
      shape('rectangle', [
        [6, 2],
        [9, 5],
      ]),
      // X-AnyLabeling writes all four corners.
      shape('rectangle', [
        [6, 2],
        [9, 2],
        [9, 5],
        [6, 5],
      ]),
      shape('circle', [
        [5, 5],
        [5, 8],
      ]),
      shape('linestrip', [
        [1, 1],
        [4, 1],
        [2.5, 6],
      ]),
      shape('point', [[1, 1]]),
    ]),
  );
  expect(read?.imagePath).toBe('photo.jpg');
  const [triangle, two, four, circle, ...more] = read?.shapes ?? [];
  expect(triangle).toEqual({
    label: 'cup',
    polygon: [
      [1, 1],
      [4, 1],
      [2.5, 6],
    ],
  });
  expect(two?.polygon).toEqual(four?.polygon);
  expect(circle?.polygon).toHaveLength(64);
  expect(circle?.polygon.every(([x, y]) => Math.abs(Math.hypot(x - 5, y - 5) - 3) < 1e-9)).toBe(true);
  expect(more).toEqual([]);
});

test('a file that names itself names no image', () => {
  expect(readLabelme({ ...file([]), imagePath: 'photo.json' })?.imagePath).toBeNull();
});

test('a document of another kind is none, and a broken shape says where', () => {
  expect(readLabelme({ images: [], annotations: [] })).toBeNull();
  expect(() =>
    readLabelme(
      file([
        shape('polygon', [
          [1, 1],
          [2, Number.NaN],
          [3, 3],
        ]),
      ]),
    ),
  ).toThrow('shapes[0].points');
  expect(() => readLabelme(file([{ points: [] }]))).toThrow('shapes[0] has no label');
});

test('whatever is in it, it is read or refused', () => {
  const anything = fc.anything({ maxDepth: 4 });
  fc.assert(
    fc.property(
      fc.record({
        shapes: fc.array(
          fc.oneof(
            anything,
            fc.record({ label: fc.string(), points: anything, shape_type: fc.constantFrom('polygon', 'circle') }),
          ),
        ),
      }),
      (document) => {
        try {
          for (const { polygon } of readLabelme(document)?.shapes ?? [])
            for (const point of polygon) expect(point.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(UserError.is(error)).toBe(true);
        }
      },
    ),
  );
});
