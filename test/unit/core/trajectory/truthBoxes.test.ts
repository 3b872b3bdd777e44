import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTruthBoxes } from '../../../../src/core/trajectory/truthBoxes';

const a = { x1: 1, y1: 2, x2: 3, y2: 4 };
const b = { x1: 5, y1: 6, x2: 7, y2: 8 };

describe('ground truth as boxes', () => {
  it.each([
    ['one list', [1, 2, 3, 4], [[a, null]]],
    ['swapped corners', [3, 4, 1, 2], [[a, null]]],
    [
      'a list of lists',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      [
        [a, null],
        [b, null],
      ],
    ],
    [
      'a string of JSON',
      '[[1, 2, 3, 4], [5, 6, 7, 8]]',
      [
        [a, null],
        [b, null],
      ],
    ],
    ['a string of Python', "[{'bbox_2d': (1, 2, 3, 4), 'label': 'car'}]", [[a, 'car']]],
    ['strings in a list', ['[1, 2, 3, 4]'], [[a, null]]],
    [
      'objects',
      [{ bbox_2d: [1, 2, 3, 4], label: 'car' }, { bbox_2d: [5, 6, 7, 8] }],
      [
        [a, 'car'],
        [b, null],
      ],
    ],
    [
      'an object with several boxes',
      {
        bbox_2d: [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ],
        label: 'car',
      },
      [
        [a, 'car'],
        [b, 'car'],
      ],
    ],
    ['COCO as x, y, width, height', [{ bbox: [1, 2, 2, 2], category: 'car' }], [[a, 'car']]],
    ['good ones among bad', [[1, 2, 3, 4], [1, 2, 3], null, [Number.NaN, 2, 3, 4], 'x'], [[a, null]]],
    ['an option letter', 'B', []],
    ['prose that starts with a bracket', '[see the sign]', []],
    ['a number', 7, []],
    ['nothing', null, []],
    ['an empty list', [], []],
  ])('reads %s', (_, value, expected) => {
    expect(readTruthBoxes(value).map(({ box, label }) => [box, label])).toEqual(expected);
  });

  it('takes anything, and gives only ordered finite boxes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const { box } of readTruthBoxes(value as never)) {
          expect(box.x1 <= box.x2 && box.y1 <= box.y2).toBe(true);
        }
      }),
    );
  });
});
