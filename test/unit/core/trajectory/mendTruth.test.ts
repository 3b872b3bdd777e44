import { describe, expect, it } from 'vitest';
import { mendTruthBoxes } from '../../../../src/core/trajectory/mendTruth';

const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });
const second = new Map([[1, box(10.4, 20.6, 30, 40)]]);

describe('a ground truth with a box put elsewhere', () => {
  it('keeps the form that its dataset writes boxes in, and whole numbers whole', () => {
    expect(
      mendTruthBoxes(
        [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ],
        second,
      ),
    ).toEqual([
      [1, 2, 3, 4],
      [10, 21, 30, 40],
    ]);
    expect(
      mendTruthBoxes(
        [{ bbox: [1, 2, 3, 4] }, { label: 'dog', bbox: [5, 6, 7, 8.5], id: 3 }],
        new Map([[1, box(10, 20, 30, 40)]]),
      ),
    ).toEqual([{ bbox: [1, 2, 3, 4] }, { label: 'dog', bbox: [10, 20, 20, 20], id: 3 }]);
    expect(mendTruthBoxes({ bbox_2d: [0.1, 0.2, 0.3, 0.4] }, new Map([[0, box(0.5, 0.1, 0.25, 1 / 3)]]))).toEqual({
      bbox_2d: [0.25, 0.1, 0.5, 0.333333],
    });
  });

  it('keeps every other letter of a text, JSON or Python', () => {
    const python = "[{'bbox_2d': [1,2, 3,4], 'label': 'number 5'},  {'bbox_2d': [5, 6, 7, 8.0], 'n': 2}]";
    expect(mendTruthBoxes(python, new Map([[1, box(5, 6, 70, 8)]]))).toBe(
      "[{'bbox_2d': [1,2, 3,4], 'label': 'number 5'},  {'bbox_2d': [5, 6, 70, 8.0], 'n': 2}]",
    );
    expect(mendTruthBoxes('[1, 2, 3, 4]', new Map([[0, box(1, 2, 3, 9)]]))).toBe('[1, 2, 3, 9]');
  });

  it('is none where it would be read otherwise', () => {
    expect(mendTruthBoxes('a dog', new Map([[0, box(1, 2, 3, 4)]]))).toBeNull();
    expect(mendTruthBoxes([1, 2, 3, 4], second)).toBeNull();
    // Keys that are numbers are read in another order than they are written.
    expect(mendTruthBoxes('{"bbox_2d": [[1, 2, 3, 4], [5, 6, 7, 8]], "7": 9, "1": 8}', second)).toBeNull();
  });
});
