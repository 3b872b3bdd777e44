import { beforeAll, describe, expect, it } from 'vitest';
import { datasetPresets } from '../../../src/core/dataset/presets';
import type { FilterChip } from '../../../src/protocol/query';
import { openSet, sharedSet } from './openSet';

/** An annotation by its box; the area is the mask's, half of the box. */
const object = (image_id: number, category_id: number, bbox: readonly number[], more = {}) => ({
  image_id,
  category_id,
  bbox,
  area: ((bbox[2] ?? 0) * (bbox[3] ?? 0)) / 2,
  iscrowd: 0,
  ...more,
});
const document = {
  images: [
    { id: 1, file_name: 'harbour/a.jpg', width: 200, height: 100 },
    { id: 2, file_name: 'harbour/b.jpg', width: 1000, height: 1000 },
    { id: 3, file_name: 'street/c10.jpg', width: 400, height: 400 },
    { id: 4, file_name: 'street/c9.jpg', width: 400, height: 400 },
  ],
  annotations: [
    object(1, 7, [0, 0, 10, 10]),
    object(1, 8, [50, 20, 100, 50]),
    object(2, 7, [100, 100, 300, 300]),
    object(2, 7, [0, 0, 12, 12], { iscrowd: 1 }),
    object(3, 8, [0, 0, 30, 30]),
  ],
  categories: [
    { id: 7, name: 'boat' },
    { id: 8, name: 'car' },
  ],
};

/** Training data as LLaMA-Factory has it, of rows that say which dataset they were taken from. */
const mixture = ['visual_probe', 'deepeyes', 'visual_probe', null]
  .map((data_source, i) => ({
    messages: [
      { role: 'user', content: '<image>What is it?' },
      { role: 'assistant', content: 'A boat.' },
    ],
    images: [`boats/${i}.jpg`],
    ...(data_source === null ? {} : { data_source }),
  }))
  .map((row) => JSON.stringify(row))
  .join('\n');

const label = (...values: string[]): FilterChip => ({ kind: 'category', column: 'label', values });
const range = (column: string, from: number | null, to: number | null): FilterChip => ({
  kind: 'range',
  column,
  from,
  to,
});

describe('queries over an image set', () => {
  let client: Awaited<ReturnType<typeof sharedSet>>;
  let set: Awaited<ReturnType<typeof openSet>>;
  beforeAll(async () => {
    client = await sharedSet({ 'set.json': JSON.stringify(document), 'mixture.jsonl': mixture });
    set = await openSet(client.client, client.path('set.json'));
  });
  const found = async (query: Parameters<typeof set.query>[0]) => [...(await set.query(query)).order];

  it('of annotations find images of which one annotation meets them all', async () => {
    expect(await set.query({ chips: [label('boat')] })).toMatchObject({ images: 2, annotations: 3 });
    expect(await found({ chips: [label('car'), range('area', null, 100)] })).toEqual([]);
    expect(await found({ chips: [label('boat'), range('area', null, 100)] })).toEqual([0, 1]);
    expect(await found({ chips: [range('crowd', 1, 1)] })).toEqual([1]);
    expect(await found({ chips: [range('annotations', 0, 0)] })).toEqual([3]);
    expect(await found({ chips: [{ kind: 'text', text: 'STREET', where: 'either', matchCase: false }] })).toEqual([
      2, 3,
    ]);

    expect(await found({ where: "label = 'boat' and area < 100" })).toEqual([0, 1]);
    expect(await found({ where: "label = 'boat' and width > 500" })).toEqual([1]);
    expect(await found({ where: "file like 'street/%'" })).toEqual([2, 3]);
    await expect(set.query({ where: 'colour = 1' })).rejects.toThrow(/no column “colour”. Columns: label, area/);
    await expect(set.query({ where: "label in (select 'x')" })).rejects.toThrow(/query of its own/);
    await expect(set.query({ chips: [range('label', 0, 1)] })).rejects.toThrow('holds names, not numbers');
  });

  it('sort images by their smallest or largest match, and put them under the titles of what they hold', async () => {
    expect(await found({ sort: { column: 'area', descending: false } })).toEqual([0, 1, 2, 3]);
    expect(await found({ sort: { column: 'area', descending: true } })).toEqual([1, 0, 2, 3]);
    expect(await found({ sort: { column: 'file', descending: false } })).toEqual([0, 1, 3, 2]);
    const view = await set.query({ sort: { column: 'area', descending: false }, chips: [label('car')] });
    expect((await set.rows(view.view)).map(({ index, sorted }) => [index, sorted])).toEqual([
      [2, 450],
      [0, 2500],
    ]);

    const byLabel = await set.query({ groupBy: 'label' });
    expect(byLabel.sections).toEqual([
      { title: 'boat', images: 2 },
      { title: 'car', images: 2 },
      { title: 'no label', images: 1 },
    ]);
    expect([...byLabel.order]).toEqual([0, 1, 0, 2, 3]);
    expect((await set.query({ groupBy: 'folder' })).sections.map(({ title }) => title)).toEqual(['harbour', 'street']);
    expect((await set.query({ groupBy: 'size', chips: [label('boat')] })).sections).toEqual([
      { title: 'small', images: 2 },
      { title: 'large', images: 1 },
    ]);
  });

  it('group by where images come from: the dataset their records name, else the file they stand in', async () => {
    expect((await set.query({ groupBy: 'source' })).sections).toEqual([{ title: 'set.json', images: 4 }]);
    const mixed = await openSet(client.client, client.path('mixture.jsonl'));
    expect((await mixed.query({ groupBy: 'source' })).sections).toEqual([
      { title: 'visual_probe', images: 2 },
      { title: 'deepeyes', images: 1 },
      { title: 'mixture.jsonl', images: 1 },
    ]);
  });

  it('count what a view holds', async () => {
    const { view } = await set.query({ chips: [label('boat')] });
    const { labels, boxAreas, perImage, centres, ...counts } = await set.statistics(view);
    expect(counts).toEqual({ images: 2, annotations: 3 });
    expect(labels).toEqual([
      { label: 'boat', images: 2, annotations: 3 },
      { label: 'car', images: 0, annotations: 0 },
    ]);
    expect(boxAreas.edges.length).toBe(boxAreas.counts.length + 1);
    expect(boxAreas.edges[0]).toBe(64);
    expect(boxAreas.counts.reduce((a, b) => a + b, 0)).toBe(3);
    expect([...perImage.counts]).toEqual([0, 1, 1]);
    // The box of 300 × 300 in the middle of 1000 × 1000 pixels.
    expect(centres.counts[8 * centres.side + 8]).toBe(1);
  });

  it('know what people said of images, and what others know of them', async () => {
    const { setId } = set;
    const mark = { verdict: null, tags: [], split: null, reviewed: false, edits: 0 };
    const marks = [
      { ...mark, key: '2', tags: ['hard', 'night'], verdict: 'reject' as const },
      { ...mark, key: '4', tags: ['night'], split: 'val', reviewed: true },
    ];
    await client.client.call('imageset/marks', { setId, marks });
    const values = { name: 'reward', about: '', images: Uint32Array.of(0, 2), values: Float64Array.of(0.2, 0.9) };
    await client.client.call('imageset/values', { setId, values });
    expect(await found({ chips: [{ kind: 'category', column: 'tag', values: ['night'] }] })).toEqual([1, 3]);
    expect(await found({ where: "verdict = 'reject' or split = 'val'" })).toEqual([1, 3]);
    expect(await found({ where: "reviewed = 0 and tag like '%hard%'" })).toEqual([1]);
    expect(await found({ chips: [range('reward', 0.5, null)] })).toEqual([2]);
    expect((await set.query({ groupBy: 'tag' })).sections).toEqual([
      { title: 'hard', images: 1 },
      { title: 'night', images: 2 },
      { title: 'no tag', images: 2 },
    ]);
    const columns = await client.client.call('imageset/columns', { setId });
    expect(columns.find(({ name }) => name === 'verdict')).toMatchObject({ present: 1, values: ['reject'] });
  });

  it('know which images are alike, each group under a title of its own', async () => {
    const { setId } = set;
    const sql = set.query({ where: 'duplicates = 1' });
    await expect(sql).rejects.toThrow();
    await expect(set.query({ groupBy: 'duplicates' })).rejects.toThrow('use Find Near-Duplicates first');
    const hashed = { images: Uint32Array.of(0, 1, 3), hashes: Uint32Array.of(9, 9, 2 ** 32 - 1, 0, 8, 9) };
    const found = await client.client.call('imageset/duplicates', { setId, hashed });
    expect(found).toEqual({ groups: 1, images: 2 });
    const { sections, order } = await set.query({ chips: [range('duplicates', 1, null)], groupBy: 'duplicates' });
    expect(sections).toEqual([{ title: 'duplicates 1', images: 2 }]);
    expect([...order]).toEqual([0, 3]);
    expect((await set.query({ groupBy: 'duplicates' })).sections[1]).toEqual({ title: 'no duplicates', images: 2 });
  });

  it('by name: each preset is a range of a column there is', async () => {
    const columns = new Set(
      (await client.client.call('imageset/columns', { setId: set.setId })).map(({ name }) => name),
    );
    for (const { column } of datasetPresets) expect(columns).toContain(column);
    const preset = datasetPresets.find(({ id }) => id === 'small-active-o3');
    expect(await found({ chips: [range(preset?.column ?? '', preset?.from ?? null, preset?.to ?? null)] })).toEqual([
      0, 1,
    ]);
  });
});
