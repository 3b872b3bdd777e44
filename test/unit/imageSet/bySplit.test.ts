import { describe, expect, it } from 'vitest';
import { bySplit } from '../../../src/data/process/imageSet/export/bySplit';
import type { ChosenImage } from '../../../src/data/process/imageSet/export/chosenImages';

const chosen = (...splits: (string | null)[]) => splits.map((split) => ({ row: { split }, notes: {} }) as ChosenImage);
const filesOf = (...splits: (string | null)[]) => [...bySplit(chosen(...splits))].map(([name, at]) => [name, at]);

describe('the files of an export by split', () => {
  it('are named as the splits, and hold the images of no other', () => {
    expect(filesOf('train', 'val', null, 'train')).toEqual([
      ['train', [0, 2, 3]],
      ['val', [1]],
    ]);
    // In any script: names of which nothing was left would be one file.
    expect(filesOf('训练', '验证', '训练')).toEqual([
      ['训练', [0, 2]],
      ['验证', [1]],
    ]);
  });

  it('have names of their own where what is safe for a file is the same, also where capitals are', () => {
    expect(filesOf('val-2017', 'val 2017', '../val/2017', 'VAL_2017')).toEqual([
      ['val_2017', [0]],
      ['val_2017_2', [1]],
      ['_val_2017', [2]],
      ['VAL_2017_3', [3]],
    ]);
  });

  it('are at most 64', () => {
    expect(() => filesOf(...Array.from({ length: 65 }, (_, i) => `s${i}`))).toThrow(/more than 64 splits/);
  });
});
