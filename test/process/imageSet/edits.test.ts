import { beforeAll, describe, expect, it } from 'vitest';
import { newAnnotation, reshaped, withoutId } from '../../../src/core/dataset/edit/imageEdits';
import type { Shape } from '../../../src/core/dataset/shape';
import type { FilterChip } from '../../../src/protocol/query';
import { openSet, sharedSet } from './openSet';

const object = (id: number, image_id: number, category_id: number, bbox: readonly number[]) => ({
  id,
  image_id,
  category_id,
  bbox,
  area: ((bbox[2] ?? 0) * (bbox[3] ?? 0)) / 2,
  iscrowd: 0,
});
const document = {
  images: [
    { id: 1, file_name: 'a.jpg', width: 200, height: 100 },
    { id: 2, file_name: 'b.jpg', width: 200, height: 100 },
    { id: 3, file_name: 'c.jpg', width: 200, height: 100 },
  ],
  annotations: [
    object(10, 1, 7, [0, 0, 10, 10]),
    object(11, 1, 8, [50, 20, 100, 50]),
    object(20, 2, 7, [20, 20, 40, 40]),
  ],
  categories: [
    { id: 7, name: 'boat' },
    { id: 8, name: 'car' },
  ],
};

const label = (...values: string[]): FilterChip => ({ kind: 'category', column: 'label', values });
const box = (x1: number, y1: number, x2: number, y2: number): Shape => ({ kind: 'box', box: { x1, y1, x2, y2 } });

describe('annotations that people edited', () => {
  let shared: Awaited<ReturnType<typeof sharedSet>>;
  let set: Awaited<ReturnType<typeof openSet>>;
  beforeAll(async () => {
    shared = await sharedSet({ 'set.json': JSON.stringify(document) });
    set = await openSet(shared.client, shared.path('set.json'));
  });
  const edit = (edits: Parameters<typeof tell>[0], whole = false) => tell(edits, whole);
  const tell = (
    edits: readonly { key: string; changes: readonly { id: string; after: object | null }[] }[],
    whole: boolean,
  ) => shared.client.call('imageset/edits', { setId: set.setId, edits: edits as never, whole });
  const found = async (chips: FilterChip[]) => [...(await set.query({ chips })).order];
  const info = () => shared.client.call('imageset/info', { setId: set.setId, wait: true });

  it('are found as they stand, counted and shown so, and as the file has them once taken back', async () => {
    const [boat] = (await set.image(0)).annotations;
    if (boat === undefined) throw new Error('no boat');
    const relabelled = { ...withoutId(boat), label: 'ferry', id: '10' };
    const changes = [
      { id: '10', after: relabelled },
      { id: '11', after: null },
      { id: 'new-1', after: { ...newAnnotation('boat', box(0, 0, 20, 5)), id: 'new-1' } },
    ];
    expect(await edit([{ key: '1', changes }])).toEqual([0]);

    expect(await found([label('ferry')])).toEqual([0]);
    expect(await found([label('car')])).toEqual([]);
    expect(await found([label('boat'), { kind: 'range', column: 'area', from: 100, to: 100 }])).toEqual([0]);
    expect([...(await set.query({ where: "label = 'ferry' and area = 50" })).order]).toEqual([0]);
    expect((await set.query({ groupBy: 'label' })).sections.map(({ title }) => title)).toEqual([
      'boat',
      'ferry',
      'no label',
    ]);
    const { labels, annotations } = await info();
    expect(annotations).toBe(3);
    expect(labels).toEqual([
      { label: 'boat', images: 2, annotations: 2 },
      { label: 'car', images: 0, annotations: 0 },
      { label: 'ferry', images: 1, annotations: 1 },
    ]);
    const [row] = await set.rows();
    expect(row).toMatchObject({ annotations: 2, labels: Int32Array.of(2, 0) });
    expect(row?.boxes).toEqual(Float32Array.of(0, 0, 10, 10, 0, 0, 20, 5));
    const columns = await shared.client.call('imageset/columns', { setId: set.setId });
    expect(columns.find(({ name }) => name === 'label')?.values).toEqual(['boat', 'ferry']);
    expect(columns.find(({ name }) => name === 'boxWidth')).toMatchObject({ present: 3, max: 40 });

    expect(await edit([{ key: '1', changes: [] }])).toEqual([0]);
    expect(await found([label('car')])).toEqual([0]);
    await expect(found([label('ferry')])).resolves.toEqual([]);
    expect((await info()).labels.map((one) => one.label)).toEqual(['boat', 'car']);
  });

  it('have the area of the mask that was drawn, in pixels as pycocotools counts them', async () => {
    const [, car] = (await set.image(0)).annotations;
    if (car === undefined) throw new Error('no car');
    const corners = [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 9, y: 5 },
    ];
    const after = { ...reshaped(withoutId(car), { kind: 'polygons', rings: [corners] }), id: '11' };
    await edit([{ key: '1', changes: [{ id: '11', after }] }], true);
    const { view } = await set.query({ chips: [label('car')], sort: { column: 'area', descending: false } });
    const [drawn] = await set.rows(view);
    // The half of 9 × 5 pixels would be 22.5.
    expect(drawn?.sorted).toBe(22);
  });

  it('move what a view counts, while its images stay as they were found', async () => {
    await edit([], true);
    const { view, annotations } = await set.query({ chips: [label('boat')] });
    expect(annotations).toBe(2);
    const changes = [
      { id: '20', after: null },
      { id: 'new-2', after: { ...newAnnotation('boat', box(0, 0, 4, 4)), id: 'new-2' } },
      { id: 'new-3', after: { ...newAnnotation('boat', box(0, 0, 4, 4)), id: 'new-3' } },
      { id: 'new-4', after: { ...newAnnotation('car', box(0, 0, 4, 4)), id: 'new-4' } },
    ];
    await edit([{ key: '2', changes }]);
    expect(await set.statistics(view)).toMatchObject({ images: 2, annotations: 3 });
    expect(await set.statistics()).toMatchObject({ images: 3, annotations: 5 });
  });

  it('of a set that is still being read count once it is', async () => {
    const { setId } = await shared.client.call('imageset/open', { path: shared.path('set.json'), roots: [] });
    const edits = [
      { key: '3', changes: [{ id: 'new-1', after: { ...newAnnotation('dog', box(0, 0, 9, 9)), id: 'new-1' } }] },
    ];
    await shared.client.call('imageset/edits', { setId, edits, whole: true });
    const { labels } = await shared.client.call('imageset/info', { setId, wait: true });
    expect(labels.at(-1)).toEqual({ label: 'dog', images: 1, annotations: 1 });
  });
});
