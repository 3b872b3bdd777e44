import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, startClient } from '../data/openClient';
import { openSet } from './openSet';

/** As cocodataset.org's `instances_val2017.json`: categories last, licences first. */
const instances = {
  info: { description: 'COCO', contributor: '"quoted" \\ and {braces}' },
  licenses: [{ id: 1, name: 'CC' }],
  images: [
    { license: 1, file_name: '000000000139.jpg', height: 426, width: 640, date_captured: '2013', id: 139 },
    { license: 1, file_name: '000000000285.jpg', height: 640, width: 586, date_captured: '2013', id: 285 },
    { license: 1, file_name: '000000000632.jpg', height: 483, width: 640, date_captured: '2013', id: 632 },
  ],
  annotations: [
    {
      segmentation: [[10, 10, 20, 10, 20, 30]],
      area: 100,
      iscrowd: 0,
      image_id: 139,
      bbox: [10, 10, 10, 20],
      category_id: 3,
      id: 1,
    },
    {
      segmentation: [[0, 0, 5, 0, 5, 5, 0, 5]],
      area: 25.5,
      iscrowd: 0,
      image_id: 139,
      bbox: [0, 0, 5, 5],
      category_id: 18,
      id: 2,
    },
    {
      segmentation: { counts: [0, 4, 12], size: [4, 4] },
      area: 4,
      iscrowd: 1,
      image_id: 285,
      bbox: [0, 0, 1, 4],
      category_id: 3,
      id: 900100000003,
    },
    {
      segmentation: [[1, 1, 9, 1, 9, 9]],
      num_keypoints: 1,
      area: 12000,
      iscrowd: 0,
      keypoints: [5, 6, 2, 0, 0, 0],
      image_id: 285,
      bbox: [100, 100, 200, 150],
      category_id: 1,
      id: 4,
    },
  ],
  categories: [
    { supercategory: 'person', id: 1, name: 'person', keypoints: ['nose', 'eye'], skeleton: [[1, 2]] },
    { supercategory: 'vehicle', id: 3, name: 'car' },
    { supercategory: 'animal', id: 18, name: 'dog' },
  ],
};

it('COCO: images with their annotations, in whatever order the lists stand', async () => {
  const { images, annotations, categories, ...others } = instances;
  const folder = await makeFolder({
    'annotations/instances_val2017.json': JSON.stringify(instances),
    'annotations/turned.json': JSON.stringify({ annotations, categories, images, ...others }, null, 2),
    'val2017/000000000285.jpg': 'x',
  });
  const { client } = await startClient();
  for (const name of ['instances_val2017.json', 'turned.json']) {
    const { opened, info, rows, image, file } = await openSet(client, join(folder, 'annotations', name));
    expect(opened).toMatchObject({ format: 'coco', formatTitle: 'COCO', frame: 'stored' });
    expect(info).toMatchObject({ images: 3, annotations: 4, problemCount: 2 });
    expect(info.problems.map(({ message }) => message)).toEqual([
      'The image 000000000139.jpg was not found.',
      'The image 000000000632.jpg was not found.',
    ]);
    expect(info.labels).toEqual([
      { label: 'person', images: 1, annotations: 1 },
      { label: 'car', images: 2, annotations: 2 },
      { label: 'dog', images: 1, annotations: 1 },
    ]);
    expect(info.skeletons).toEqual([{ label: 'person', names: ['nose', 'eye'], skeleton: [[0, 1]] }]);
    expect((await rows())[0]).toMatchObject({ key: '139', width: 640, height: 426, annotations: 2 });
    expect([...((await rows())[0]?.boxes ?? [])]).toEqual([10, 10, 20, 30, 0, 0, 5, 5]);
    const second = await image(1);
    expect(second).toMatchObject({
      key: '285',
      file: '000000000285.jpg',
      attributes: { license: 1, date_captured: '2013' },
    });
    expect(second.annotations).toMatchObject([
      { id: '900100000003', label: 'car', crowd: true, shape: { kind: 'mask', mask: { size: [4, 4] } } },
      { label: 'person', area: 12000, keypoints: [{ x: 5, y: 6, visibility: 2 }, { visibility: 0 }], attributes: {} },
    ]);
    expect(await file(1)).toEqual({ path: join(folder, 'val2017/000000000285.jpg') });
    expect(await file(0)).toBeNull();
  }
});

it('an image that is not as large as its file says is a problem once somebody looks at it', async () => {
  const folder = await makeFolder({
    'set.json': JSON.stringify(instances),
    '000000000139.jpg': 'x',
    '000000000285.jpg': 'x',
  });
  // The second is turned: its file states 586 × 640.
  const { client } = await startClient((path) =>
    path.endsWith('139.jpg') ? { width: 320, height: 213 } : { width: 640, height: 586 },
  );
  const { setId, image } = await openSet(client, join(folder, 'set.json'));
  await image(1);
  await image(0);
  const message = 'The image 000000000139.jpg is 320 × 213 pixels; the set says 640 × 426.';
  const told = async () => {
    const { problems } = await client.call('imageset/info', { setId, wait: true });
    return problems.map((problem) => problem.message);
  };
  await expect.poll(told).toEqual(['The image 000000000632.jpg was not found.', message]);
});

it('LVIS names its images by their address, and results have none but their ids', async () => {
  const lvis = {
    annotations: [
      { id: 1, area: 9, segmentation: [[1, 1, 4, 1, 4, 4]], image_id: 391895, bbox: [1, 1, 3, 3], category_id: 2 },
    ],
    images: [
      {
        id: 391895,
        width: 640,
        height: 360,
        neg_category_ids: [1],
        not_exhaustive_category_ids: [],
        coco_url: 'http://images.cocodataset.org/train2017/000000391895.jpg',
      },
    ],
    categories: [{ id: 2, name: 'alcohol', synset: 'alcohol.n.01', frequency: 'f' }],
  };
  const results = [
    { image_id: 42, category_id: 18, bbox: [258.15, 41.29, 348.26, 243.78], score: 0.236 },
    { image_id: 42, category_id: 1, segmentation: { size: [4, 4], counts: '547' }, score: 0.9 },
  ];
  const folder = await makeFolder({
    'lvis_v1_train.json': JSON.stringify(lvis),
    'results.json': JSON.stringify(results),
    'train2017/000000391895.jpg': 'x',
    'val/000000000042.jpg': 'x',
  });
  const { client } = await startClient();
  const set = await openSet(client, join(folder, 'lvis_v1_train.json'));
  expect(set.opened.format).toBe('lvis');
  expect((await set.rows())[0]).toMatchObject({ file: 'train2017/000000391895.jpg', split: 'train' });
  expect(await set.file(0)).toEqual({ path: join(folder, 'train2017/000000391895.jpg') });
  expect((await set.image(0)).attributes).toMatchObject({ neg_category_ids: [1] });

  const found = await openSet(client, join(folder, 'results.json'), [join(folder, 'val')]);
  expect(found.opened.format).toBe('coco-results');
  expect([...((await found.rows())[0]?.boxes.slice(4) ?? [])]).toEqual([1, 0, 3, 4]);
  expect(found.info.labels.map(({ label }) => label)).toEqual(['18', '1']);
  expect(await found.file(0)).toEqual({ path: join(folder, 'val/000000000042.jpg') });
  expect((await found.image(0)).annotations).toMatchObject([
    { score: 0.236, label: '18' },
    { shape: { kind: 'mask' }, box: { x1: 1, y1: 0, x2: 3, y2: 4 } },
  ]);
});

it('a large document is read by threads, and problems in it have their line, element and field', async () => {
  const ring = Array.from({ length: 2000 }, (_, at) => 10 + (at % 50));
  const images = Array.from({ length: 40 }, (_, id) => ({ id, file_name: `${id}.jpg`, width: 100, height: 100 }));
  const annotations: object[] = Array.from({ length: 3000 }, (_, id) => ({
    id,
    image_id: id % 40,
    category_id: 1,
    bbox: [1, 1, 10, 10 + (id % 7)],
    area: id,
    segmentation: [ring],
  }));
  annotations[1500] = { id: 1500, image_id: 77, category_id: 1, bbox: [1, 1, 5, 5] };
  annotations[2900] = { id: 5, image_id: 3, category_id: 9, bbox: [90, 90, 50, 5] };
  const lines = annotations.map((one) => JSON.stringify(one)).join(',\n');
  const text = `{"images": ${JSON.stringify(images)},\n"annotations": [\n${lines}],\n"categories": [{"id": 1, "name": "x"}]}`;
  expect(text.length).toBeGreaterThan(16 * 2 ** 20);
  const folder = await makeFolder({ 'large.json': text });
  const { client } = await startClient();
  const { info, query, image } = await openSet(client, join(folder, 'large.json'));
  expect(info).toMatchObject({ images: 40, annotations: 3000, problemCount: 5 });
  expect(info.problems.map(({ line, element, field, message }) => [line, element, field, message])).toEqual([
    [1503, 1500, 'annotations.image_id', 'There is no image 77.'],
    [2903, 2900, 'annotations.id', 'The annotation 5 is stated a second time.'],
    [2903, 2900, 'annotations.bbox', 'The box reaches over the image of 100 × 100 pixels.'],
    [null, null, 'categories', 'There is no category 9: it is shown by its id.'],
    [null, null, null, expect.stringContaining('None of the 40 images was found')],
  ]);
  const view = await query({ chips: [{ kind: 'range', column: 'area', from: 2999, to: null }] });
  expect([...view.order]).toEqual([39]);
  expect((await image(39)).annotations.at(-1)).toMatchObject({ id: '2999', area: 2999, label: 'x' });
});
