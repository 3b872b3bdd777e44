import { expect, it } from 'vitest';
import { CocoCategoryIds, cocoImageIds } from '../../../src/data/process/imageSet/export/cocoIds';

it('keeps the numbers of images, so that results on the whole set fit its parts', () => {
  expect(cocoImageIds(['139', '285', '0'])).toEqual([139, 285, 0]);
});

it('counts images from 1 where one is known by a name, or by digits that are no number', () => {
  expect(cocoImageIds(['7', 'boats/7.jpg'])).toEqual([1, 2]);
  expect(cocoImageIds(['007', '7'])).toEqual([1, 2]);
});

it('keeps the gaps between COCO’s categories; a label that the file lacks comes behind them', () => {
  const stated = new Map([
    ['person', 1],
    ['kite', 38],
  ]);
  const ids = new CocoCategoryIds(['person', 'kite'], stated);
  expect(ids.of('buoy')).toBe(39);
  expect([...ids.all]).toEqual([
    ['person', 1],
    ['kite', 38],
    ['buoy', 39],
  ]);
});

it('counts categories from 1 where the file numbers none, or one number twice', () => {
  expect([...new CocoCategoryIds(['a', 'b'], new Map()).all].map(([, id]) => id)).toEqual([1, 2]);
  const twice = new Map([
    ['a', 3],
    ['b', 3],
  ]);
  expect([...new CocoCategoryIds(['a', 'b'], twice).all].map(([, id]) => id)).toEqual([1, 2]);
});
