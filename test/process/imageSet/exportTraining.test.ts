import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableDatabase } from '../../../src/data/process/images/tableDatabase';
import type { SetExportChoice } from '../../../src/protocol/imageSetExport';
import { openSet, sharedSet } from './openSet';

const everything: SetExportChoice = { verdicts: [], tags: [], query: null, indices: null };
/** COCO counts in stored pixels; a.jpg is 40 × 20 of them and stands upright a quarter turned, 20 × 40. */
const coco = JSON.stringify({
  images: [
    { id: 1, file_name: 'a.jpg', width: 40, height: 20 },
    { id: 2, file_name: 'b.png', width: 8, height: 6 },
    { id: 3, file_name: 'lost.png', width: 8, height: 6 },
  ],
  annotations: [
    { id: 1, image_id: 1, category_id: 1, bbox: [4, 2, 10, 6], area: 60 },
    { id: 2, image_id: 1, category_id: 2, bbox: [20, 10, 5, 5], area: 12, segmentation: [[20, 10, 25, 10, 25, 15]] },
    { id: 3, image_id: 2, category_id: 1, bbox: [1, 1, 3, 4], area: 12 },
    { id: 4, image_id: 3, category_id: 1, bbox: [1, 1, 3, 4], area: 12 },
  ],
  categories: [
    { id: 1, name: 'kite' },
    { id: 2, name: 'boat' },
  ],
});

const { client, path } = await sharedSet({ 'instances_train.json': coco });
let setId: number;

beforeAll(async () => {
  const plain = { create: { width: 40, height: 20, channels: 3, background: '#336699' } } as const;
  await sharp(plain).withMetadata({ orientation: 6 }).jpeg().toFile(path('a.jpg'));
  await sharp({ create: { ...plain.create, width: 8, height: 6 } }).toFile(path('b.png'));
  ({ setId } = await openSet(client, path('instances_train.json')));
});

async function rowsOf(sql: string): Promise<readonly (readonly unknown[])[]> {
  const database = new TableDatabase();
  try {
    return await database.rows(sql);
  } finally {
    await database.dispose();
  }
}

describe('an image set becomes', () => {
  it('parquet that datasets decodes: images inside, boxes in the pixels that it turns them into', async () => {
    const output = path('hf');
    const order = { setId, to: 'hf', output, images: 'embed', choice: everything, places: [] } as const;
    const done = await client.call('imageset/export', order);
    expect(done).toMatchObject({ images: 3, annotations: 3, files: ['train-00000-of-00001.parquet'], problemCount: 1 });
    expect(done.problems[0]).toMatchObject({ file: 'lost.png' });
    expect(done.notes.join(' ')).toMatch(/1 polygons.*as their boxes.*1 turned images/s);
    const file = join(output, 'train-00000-of-00001.parquet');
    const [first, ...more] = await rowsOf(
      `SELECT to_json({id: image_id, width: width, height: height, objects: objects, path: image.path}), octet_length(image.bytes) FROM '${file}'`,
    );
    expect(more).toHaveLength(1);
    expect(JSON.parse(String(first?.[0]))).toEqual({
      id: '1',
      width: 20,
      height: 40,
      path: 'a.jpg',
      // 90° clockwise: x and y of a corner become height − y and x.
      objects: {
        id: ['1', '2'],
        bbox: [
          [12, 4, 6, 10],
          [5, 20, 5, 5],
        ],
        category: ['kite', 'boat'],
        area: [60, 12],
        iscrowd: [0, 0],
      },
    });
    expect(Number(first?.[1])).toBe(readFileSync(path('a.jpg')).length);
    const [[features]] = (await rowsOf(`SELECT decode(value) FROM parquet_kv_metadata('${file}')`)) as [[string]];
    expect(JSON.parse(features).info.features).toMatchObject({
      image: { _type: 'Image' },
      width: { dtype: 'int32', _type: 'Value' },
      objects: { category: { feature: { dtype: 'string', _type: 'Value' }, _type: 'Sequence' } },
    });
    const again = await openSet(client, output);
    expect(again.opened).toMatchObject({ format: 'hf-parquet', frame: 'oriented' });
    const image = await again.image(0);
    expect(image.annotations[0]).toMatchObject({ label: 'kite', box: { x1: 12, y1: 4, x2: 18, y2: 14 }, area: 60 });
    expect(readFileSync((await again.file(0))?.path ?? '')).toEqual(readFileSync(path('a.jpg')));
  });

  it('COCO in stored pixels again, where the set counts in turned ones', async () => {
    const { setId: turned } = await openSet(client, path('hf'));
    const output = path('coco');
    const order = { setId: turned, to: 'coco', output, images: 'copy', choice: everything, places: [] } as const;
    await client.call('imageset/export', order);
    const document = JSON.parse(readFileSync(join(output, 'annotations.json'), 'utf8'));
    expect(document.images[0]).toEqual({ id: 1, width: 40, height: 20, file_name: 'images/a.jpg' });
    expect(document.annotations.map(({ bbox }: { bbox: number[] }) => bbox)).toEqual([
      [4, 2, 10, 6],
      [20, 10, 5, 5],
      [1, 1, 3, 4],
    ]);
    expect(readFileSync(join(output, 'images/a.jpg'))).toEqual(readFileSync(path('a.jpg')));
  });
});
