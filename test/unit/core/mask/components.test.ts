import { expect, test } from 'vitest';
import { components } from '../../../../src/core/mask/components';

test('pieces touch at sides, not at corners, and are numbered in reading order', () => {
  const rows = ['##..#', '#..#.', '...##'];
  const mask = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  const { labels, areas } = components(mask, { width: 5, height: 3 });
  expect([...labels]).toEqual([1, 1, 0, 0, 2, 1, 0, 0, 3, 0, 0, 0, 0, 3, 3]);
  expect(areas).toEqual([0, 3, 1, 3]);
});

test('a piece does not go on from the end of a row at the beginning of the next', () => {
  const { areas } = components(Uint8Array.of(0, 0, 1, 1, 0, 0), { width: 3, height: 2 });
  expect(areas).toEqual([0, 1, 1]);
});
