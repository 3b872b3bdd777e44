import { describe, expect, it } from 'vitest';
import { EffectiveTables, type LabelledRow } from '../../../src/data/process/imageSet/effectiveTables';
import { SetTables } from '../../../src/data/process/imageSet/setTables';

const row = (label: string | null, x1: number): LabelledRow => ({
  label,
  box: { x1, y1: 0, x2: x1 + 1, y2: 1 },
  area: null,
  score: null,
  crowd: false,
  ignore: false,
});

/** Three images, each with two cats: at its own number times ten, and one behind it. */
function setOfCats() {
  const tables = new SetTables();
  const cat = tables.labels.code('cat');
  for (let index = 0; index < 3; index++) {
    const file = `${index}.jpg`;
    const bytes = { kind: 'file', candidates: [file] } as const;
    tables.images.add({ key: file, file, size: null, split: null, bytes, place: { file: 'set.json', line: null } });
    for (const more of [0, 1]) tables.annotations.add(index, cat, row('cat', index * 10 + more));
  }
  tables.done = true;
  return { tables, effective: new EffectiveTables(tables) };
}

/** By image: labels and left edges of its boxes. */
function shown(effective: EffectiveTables): readonly string[][] {
  const { annotations, labels } = effective;
  const { starts, order } = effective.byImage();
  return [0, 1, 2].map((image) =>
    [...order.subarray(starts[image], starts[image + 1])].map(
      (at) => `${labels.at(annotations.labels[at] ?? -1)} ${annotations.x1[at]}`,
    ),
  );
}

describe('tables of an image set as people left it', () => {
  it('have rows of edited images in the place of the file’s, and the file’s own again afterwards', () => {
    const { tables, effective } = setOfCats();
    const asFiled = [
      ['cat 0', 'cat 1'],
      ['cat 10', 'cat 11'],
      ['cat 20', 'cat 21'],
    ];
    expect(shown(effective)).toEqual(asFiled);
    const versions = [effective.version];
    effective.replace(
      new Map([
        [1, [row('dog', 5), row('cat', 10), row(null, 7)]],
        [2, []],
      ]),
    );
    versions.push(effective.version);
    expect(shown(effective)).toEqual([['cat 0', 'cat 1'], ['dog 5', 'cat 10', 'null 7'], []]);
    expect(effective.counted).toBe(5);
    expect(effective.labels.list).toEqual(['cat', 'dog']);
    effective.replace(new Map([[1, [row('cow', 6)]]]));
    versions.push(effective.version);
    expect(shown(effective)).toEqual([['cat 0', 'cat 1'], ['cow 6'], ['cat 20', 'cat 21']]);
    expect(effective.labels.list).toEqual(['cat', 'cow']);
    effective.replace(new Map());
    versions.push(effective.version);
    expect(shown(effective)).toEqual(asFiled);
    expect(new Set(versions).size).toBe(4);
    expect([tables.annotations.length, tables.labels.list]).toEqual([6, ['cat']]);
  });

  it('share the file’s arrays: an edit copies nothing but which image a row belongs to', () => {
    const { tables, effective } = setOfCats();
    effective.replace(new Map([[0, [row('dog', 3)]]]));
    const first = effective.annotations;
    expect(first.x1).toBe(tables.annotations.x1);
    expect(tables.annotations.images[0]).toBe(0);
    effective.replace(
      new Map([
        [0, [row('dog', 4)]],
        [1, [row('dog', 5)]],
      ]),
    );
    expect(effective.annotations.images).toBe(first.images);
    expect(effective.annotations.areas).toBe(tables.annotations.areas);
  });

  it('grow with their edits beyond the room that the file’s rows left', () => {
    const { effective } = setOfCats();
    effective.replace(new Map([[0, Array.from({ length: 3000 }, (_, at) => row('dog', at))]]));
    expect(shown(effective)[0]?.at(-1)).toBe('dog 2999');
    expect(shown(effective)[2]).toEqual(['cat 20', 'cat 21']);
  });
});
