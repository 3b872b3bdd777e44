import { describe, expect, it } from 'vitest';
import { passRule, passWords } from '../../../src/core/metric/passRule';
import { ImageTable } from '../../../src/data/process/imageSet/imageTable';
import { NameClaims } from '../../../src/data/process/imageSet/rollouts/nameClaims';
import { NameIndex } from '../../../src/data/process/imageSet/rollouts/nameIndex';

function indexOf(files: readonly string[]): Promise<NameIndex> {
  const table = new ImageTable();
  for (const file of files)
    table.add({
      key: file,
      file,
      size: null,
      split: null,
      bytes: { kind: 'file', candidates: [file] },
      place: { file: 'set.json', line: null },
    });
  return NameIndex.of(table);
}

describe('names of images', () => {
  it('are compared from their end, part by part', async () => {
    const index = await indexOf(['val/0.jpg', 'train/0.jpg', 'train/1.jpg', 'https://host/train/2.jpg?size=3']);
    expect(index.nearest('/cluster/coco/train/0.jpg')).toEqual({ indices: [1], shared: 2 });
    expect(index.nearest('C:\\coco\\val\\0.jpg')).toEqual({ indices: [0], shared: 2 });
    expect(index.nearest('elsewhere/0.jpg')).toEqual({ indices: [0, 1], shared: 1 });
    expect(index.nearest('2.jpg')).toEqual({ indices: [3], shared: 1 });
    expect(index.nearest('0.png').indices).toEqual([]);
    expect(index.nearest('../..').indices).toEqual([]);
  });

  it('that thousands of images have are told by their folders', async () => {
    const index = await indexOf(Array.from({ length: 5000 }, (_, i) => `scene${i}/left/image.png`));
    expect(index.nearest('/data/scene77/left/image.png')).toEqual({ indices: [77], shared: 3 });
    expect(index.nearest('left/image.png').indices).toHaveLength(5000);
  });

  it('belong to the picture that shares the most, and to nobody where two share as much', () => {
    const claims = new NameClaims();
    const far = { image: 1, name: '/b/x/0.jpg', shared: 1 };
    const near = { image: 1, name: '/b/train/0.jpg', shared: 2 };
    claims.add(far);
    expect(claims.holds(far)).toBe(true);
    claims.add(near);
    expect([claims.holds(far), claims.holds(near)]).toEqual([false, true]);
    claims.add({ ...near, name: '/c/train/0.jpg' });
    expect(claims.holds(near)).toBe(false);
    const lone = { image: 2, name: 'a.jpg', shared: 1 };
    claims.add(lone);
    claims.own(2, '/found/a.jpg');
    expect(claims.holds(lone)).toBe(false);
  });
});

describe('what passes', () => {
  const values = (list: readonly (number | null)[]) => (row: number) => list[row] ?? null;
  it('is what the user says, then a column of 0 and 1 of a known name, then the greater of two totals', () => {
    const totals = values([0.2, 1.7, 1.7]);
    const correct = { name: 'metrics/Correct', value: values([0, 1, null]) };
    const graded = { name: 'accuracy', value: values([0, 0.5, 1]) };
    expect(passRule(3, totals, [graded, correct], 0.5)).toEqual({ column: null, least: 0.5 });
    expect(passRule(3, totals, [graded, correct], null)).toEqual({ column: 'metrics/Correct', least: 1 });
    expect(passRule(3, totals, [graded], null)).toEqual({ column: null, least: 1.7 });
    expect(passRule(3, values([0.1, 0.2, 0.3]), [graded], null)).toBeNull();
    expect(passRule(2, values([1, 1]), [], null)).toEqual({ column: null, least: 1 });
    expect(passRule(2, values([null, Number.NaN]), [], null)).toBeNull();
    expect(passWords({ column: 'acc', least: 1 })).toBe('acc is 1');
  });
});
