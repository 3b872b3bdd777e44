import { expect, test } from 'vitest';
import { fillPolygon, type Polygon } from '../../../../src/core/mask/polygon';

function rowsOf(polygon: Polygon, width: number, height: number): string[] {
  const mask = new Uint8Array(width * height);
  fillPolygon(mask, { width, height }, polygon);
  return Array.from({ length: height }, (_, y) =>
    Array.from(mask.subarray(y * width, (y + 1) * width), (value) => (value === 0 ? '.' : '#')).join(''),
  );
}

test('takes the pixels whose middles lie inside', () => {
  expect(
    rowsOf(
      [
        [1, 1],
        [4, 1],
        [4, 3],
        [1, 3],
      ],
      5,
      4,
    ),
  ).toEqual(['.....', '.###.', '.###.', '.....']);
  expect(
    rowsOf(
      [
        [0, 0],
        [4, 0],
        [0, 4],
      ],
      4,
      4,
    ),
  ).toEqual(['###.', '##..', '#...', '....']);
});

test('polygons that share a border share no pixel and leave none out', () => {
  const left = rowsOf(
    [
      [0, 0],
      [1.5, 0],
      [2.5, 3],
      [0, 3],
    ],
    4,
    3,
  );
  const right = rowsOf(
    [
      [1.5, 0],
      [4, 0],
      [4, 3],
      [2.5, 3],
    ],
    4,
    3,
  );
  for (const [y, row] of left.entries())
    for (let x = 0; x < 4; x++) expect(row[x] === '#').not.toBe(right[y]?.[x] === '#');
});

test('what is inside twice is outside, and what is beyond the picture is left out', () => {
  const star: Polygon = [
    [-2, -2],
    [7, -2],
    [7, 7],
    [-2, 7],
    [-2, -2],
    [1, 1],
    [4, 1],
    [4, 4],
    [1, 4],
    [1, 1],
  ];
  expect(rowsOf(star, 5, 5)).toEqual(['#####', '#...#', '#...#', '#...#', '#####']);
  expect(rowsOf([], 2, 1)).toEqual(['..']);
});
