import { expect, it } from 'vitest';
import { ColumnShelf } from '../../../src/data/process/imageSet/columnShelf';
import { EffectiveTables, type LabelledRow } from '../../../src/data/process/imageSet/effectiveTables';
import { SetQueries } from '../../../src/data/process/imageSet/setQueries';
import { SetTables } from '../../../src/data/process/imageSet/setTables';
import { everyImage } from '../../../src/protocol/imageSet';

const cat: LabelledRow = {
  label: 'cat',
  box: { x1: 0, y1: 0, x2: 1, y2: 1 },
  area: null,
  score: null,
  crowd: false,
  ignore: false,
};

it('an edit that comes while a query runs takes no image out of what it finds', async () => {
  const tables = new SetTables();
  const label = tables.labels.code('cat');
  for (let index = 0; index < 3; index++) {
    const file = `${index}.jpg`;
    const bytes = { kind: 'file', candidates: [file] } as const;
    tables.images.add({ key: file, file, size: null, split: null, bytes, place: { file: 'set.json', line: null } });
    tables.annotations.add(index, label, cat);
  }
  tables.done = true;
  const effective = new EffectiveTables(tables);
  const queries = new SetQueries(effective, new ColumnShelf(effective));
  const { signal } = new AbortController();
  const cats = { ...everyImage, chips: [{ kind: 'category', column: 'label', values: ['cat'] } as const] };
  const asked = queries.query(cats, signal);
  effective.replace(new Map([[1, [cat, cat]]]));
  const view = await asked;
  expect([view.images, view.annotations]).toEqual([3, 4]);
  // The same of a view that is counted again.
  effective.replace(new Map([[2, [cat]]]));
  const listed = queries.listed(view.view, signal);
  effective.replace(new Map([[2, [cat, cat]]]));
  const { matching } = await listed;
  const ones = [...(matching.annotation ?? [])].reduce(
    (sum, bits) => sum + bits.toString(2).replaceAll('0', '').length,
    0,
  );
  expect(ones).toBe(4);
});
