import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { writeSidecar } from '../../../src/core/annotation/sidecar';
import { newAnnotation } from '../../../src/core/dataset/edit/imageEdits';
import { countsOf } from '../../../src/core/mask/cocoMask';
import type { SetExportChoice } from '../../../src/protocol/imageSetExport';
import { makeFolder, startClient } from '../data/openClient';

const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
const everything: SetExportChoice = { verdicts: [], tags: [], query: null, indices: null };
const mask = { size: [6, 8] as const, counts: countsOf(Uint32Array.of(10, 3, 3, 3, 29)) };

/** As labelme 5 writes them: a polygon and a rectangle, beside its picture. */
function labelme(file: string): string {
  const shape = (label: string, shape_type: string, points: number[][]) => {
    return { label, points, group_id: null, description: '', shape_type, flags: {}, mask: null };
  };
  const shapes = [
    shape('cat', 'rectangle', [
      [1, 1],
      [4, 5],
    ]),
    shape('dog', 'polygon', [
      [0, 0],
      [6, 0],
      [6, 4],
    ]),
  ];
  return JSON.stringify(
    { version: '5.5.0', flags: {}, shapes, imagePath: file, imageData: null, imageHeight: 6, imageWidth: 8 },
    null,
    2,
  );
}

let folder: string;
let client: Awaited<ReturnType<typeof startClient>>['client'];
let setId: number;

beforeEach(async () => {
  folder = await makeFolder({ 'a.json': labelme('a.jpg'), 'b.json': labelme('b.jpg') });
  for (const name of ['a.jpg', 'b.jpg'])
    await sharp({ create: { width: 8, height: 6, channels: 3, background: '#336699' } }).toFile(join(folder, name));
  ({ client } = await startClient());
  ({ setId } = await client.call('imageset/open', { path: folder, roots: [] }));
  await client.call('imageset/info', { setId, wait: true });
  const [a] = await client.call('imageset/rows', { setId, start: 0, count: 1, view: null });
  const image = await client.call('imageset/image', { setId, index: 0 });
  const [cat] = image.annotations;
  const notes = {
    verdict: { ...by, value: 'accept' },
    tags: { ...by, value: ['small'] },
    annotations: {
      [cat?.id ?? '']: { ...by, value: { removed: true } },
      'new-1': { ...by, value: newAnnotation('bird', { kind: 'mask', mask }) },
      'new-2': { ...by, value: newAnnotation('bird', { kind: 'line', points: [{ x: 0, y: 0 }] }) },
    },
  };
  const record = { kind: 'image', key: a?.key, hints: { line: 1, step: null }, notes } as unknown as AnnotationRecord;
  writeFileSync(join(folder, '.saccade'), writeSidecar({ head: '', size: 0 }, [record]));
});

const exported = (to: 'coco' | 'yolo' | 'original', name: string, choice = everything, images = 'copy' as const) => {
  const output = join(folder, '..', `${name}-${Date.now()}`);
  return { output, done: client.call('imageset/export', { setId, to, output, images, choice, places: [] }) };
};

describe('an image set', () => {
  it('becomes COCO with its edits: masks as RLE, polygons, images beside it; what COCO cannot say is told', async () => {
    const { output, done } = exported('coco', 'coco');
    const told = await done;
    expect(told).toMatchObject({ images: 2, annotations: 4, files: ['annotations.json'], problemCount: 1 });
    expect(told.problems[0]?.message).toContain('line “bird” is left out');
    const coco = JSON.parse(readFileSync(join(output, 'annotations.json'), 'utf8'));
    const names = new Map(coco.categories.map(({ id, name }: { id: number; name: string }) => [id, name]));
    expect(coco.images).toEqual([
      { id: 1, width: 8, height: 6, file_name: 'images/a.jpg' },
      { id: 2, width: 8, height: 6, file_name: 'images/b.jpg' },
    ]);
    const short = coco.annotations.map((one: { category_id: number; image_id: number; segmentation?: object }) => [
      one.image_id,
      names.get(one.category_id),
      one.segmentation ?? null,
    ]);
    const dog = [[0, 0, 6, 0, 6, 4]];
    expect(short).toEqual([
      [1, 'dog', dog],
      [1, 'bird', mask],
      [2, 'cat', null],
      [2, 'dog', dog],
    ]);
    expect(coco.annotations[2].bbox).toEqual([1, 1, 3, 4]);
    expect(statSync(join(output, 'images/a.jpg')).size).toBe(statSync(join(folder, 'a.jpg')).size);
    expect((await client.call('imageset/detect', { path: join(output, 'annotations.json') }))?.format).toBe('coco');
  });

  it('is cut down to what a verdict, a tag or a query chooses', async () => {
    const accepted = await exported('coco', 'accepted', { ...everything, verdicts: ['accept'], tags: ['small'] }).done;
    expect(accepted).toMatchObject({ images: 1, annotations: 2 });
    await expect(exported('coco', 'none', { ...everything, tags: ['large'] }).done).rejects.toThrow(/No image/);
  });

  it('becomes YOLO: a label file an image, classes by name', async () => {
    const { output, done } = exported('yolo', 'yolo', { ...everything, indices: [1] });
    // What the label file does not tell is said.
    const notes = ['1 polygons, masks and other shapes are written as their boxes.'];
    expect(await done).toMatchObject({ images: 1, annotations: 2, notes });
    expect(readFileSync(join(output, 'labels/b.txt'), 'utf8').split('\n')[0]).toBe('0 0.3125 0.5 0.375 0.666667');
    expect(readFileSync(join(output, 'data.yaml'), 'utf8')).toContain('0: "cat"');
  });

  it('becomes YOLO with a label file of its own for images that only their endings tell apart', async () => {
    const twins = {
      images: ['p.jpg', 'p.png'].map((file_name, i) => ({ id: i + 1, file_name, width: 8, height: 6 })),
      annotations: [1, 2].map((id) => ({ id, image_id: id, category_id: 1, bbox: [id, 1, 2, 2] })),
      categories: [{ id: 1, name: 'cat' }],
    };
    const other = await makeFolder({ 'instances_train.json': JSON.stringify(twins) });
    for (const name of ['p.jpg', 'p.png']) await sharp(join(folder, 'a.jpg')).toFile(join(other, name));
    ({ setId } = await client.call('imageset/open', { path: join(other, 'instances_train.json'), roots: [] }));
    const { output, done } = exported('yolo', 'twins');
    expect(await done).toMatchObject({ images: 2, annotations: 2, problemCount: 0 });
    expect(readdirSync(join(output, 'images'))).toEqual(['2-p.png', 'p.jpg']);
    expect(readdirSync(join(output, 'labels'))).toEqual(['2-p.txt', 'p.txt']);
    // Where they stay the second has no place: it is told, and not written over the first.
    const where = join(folder, '..', `stay-${Date.now()}`);
    const order = { setId, to: 'yolo', output: where, images: 'none', choice: everything, places: [] } as const;
    const told = await client.call('imageset/export', order);
    expect(told).toMatchObject({ annotations: 1, problemCount: 1 });
    expect(told.problems[0]).toMatchObject({ file: 'p.png', message: expect.stringContaining('labels/p.txt') });
  });

  it('of two files that both count from 1 has images of their own keys, and is one COCO document with ids of their own', async () => {
    const split = (name: string) =>
      JSON.stringify({
        images: [{ id: 1, file_name: `${name}.jpg`, width: 8, height: 6 }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 2, 2] }],
        categories: [{ id: 1, name: 'cat' }],
      });
    const other = await makeFolder({ 'instances_train.json': split('t'), 'instances_val.json': split('v') });
    ({ setId } = await client.call('imageset/open', { path: other, roots: [] }));
    await client.call('imageset/info', { setId, wait: true });
    const rows = await client.call('imageset/rows', { setId, start: 0, count: 9, view: null });
    expect(rows.map(({ key }) => key)).toEqual(['1', '1@instances_val.json']);
    const output = join(folder, '..', `splits-${Date.now()}`);
    await client.call('imageset/export', { setId, to: 'coco', output, images: 'none', choice: everything, places: [] });
    const coco = JSON.parse(readFileSync(join(output, 'annotations.json'), 'utf8'));
    expect(coco.images.map(({ id, file_name }: { id: number; file_name: string }) => [id, file_name])).toEqual([
      [1, 't.jpg'],
      [2, 'v.jpg'],
    ]);
    expect(coco.annotations.map(({ image_id }: { image_id: number }) => image_id)).toEqual([1, 2]);
  });

  it('is written in its own format: what nobody edited stays byte for byte', async () => {
    const { output, done } = exported('original', 'own');
    await done;
    expect(readFileSync(join(output, 'b.json'), 'utf8')).toBe(labelme('b.jpg'));
    const labels = JSON.parse(readFileSync(join(output, 'a.json'), 'utf8')).shapes.map(
      ({ label }: { label: string }) => label,
    );
    expect(labels).toContain('dog');
    expect(labels).not.toContain('cat');
  });

  it('is never written over something, and a cancelled export leaves nothing', async () => {
    const { output, done } = exported('coco', 'twice');
    await done;
    const again = { setId, to: 'coco', output, images: 'none', choice: everything, places: [] } as const;
    await expect(client.call('imageset/export', again)).rejects.toThrow(/is not empty/);
    const stop = new AbortController();
    const other = join(folder, '..', `cancelled-${Date.now()}`);
    const cancelled = client.call('imageset/export', { ...again, output: other }, { signal: stop.signal });
    stop.abort();
    await expect(cancelled).rejects.toThrow();
    await expect.poll(() => existsSync(other)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
