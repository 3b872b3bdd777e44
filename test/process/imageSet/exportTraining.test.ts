import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingChoice } from '../../../src/core/dataset/trainingSamples';
import { countsOf } from '../../../src/core/mask/cocoMask';
import { createImageResolver } from '../../../src/data/process/images/resolver';
import { TableDatabase } from '../../../src/data/process/images/tableDatabase';
import type { SetExportChoice, SetExportFormat } from '../../../src/protocol/imageSetExport';
import { record, verlPrompt } from '../images/tables';
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

/** As V* has them: the right option first, boxes as x, y, width and height. */
const vstar = { target_object: ['flag'], bbox: [[1, 1, 3, 4]], question: 'Which colour?', options: ['red', 'green'] };
const detection: TrainingChoice = {
  task: 'detection',
  prompt: "Find '{object}'.",
  system: 'Be brief.',
  frame: { kind: 'original' },
};

/** Masks in pictures are read by the media child; this one answers for it. */
const disc = { size: [6, 8] as const, counts: countsOf(Uint32Array.of(10, 3, 35)) };
const read: string[] = [];
const { client, path } = await sharedSet(
  { 'instances_train.json': coco, 'flag.json': JSON.stringify(vstar) },
  {
    readMask: async ({ source }) => {
      read.push(source.kind === 'file' ? source.path : 'base64');
      return { mask: disc, area: 3, box: { x1: 1, y1: 4, x2: 3, y2: 6 } };
    },
  },
);
let setId: number;

beforeAll(async () => {
  const plain = { create: { width: 40, height: 20, channels: 3, background: '#336699' } } as const;
  await sharp(plain).withMetadata({ orientation: 6 }).jpeg().toFile(path('a.jpg'));
  await sharp({ create: { ...plain.create, width: 8, height: 6 } }).toFile(path('b.png'));
  await sharp({ create: { ...plain.create, width: 8, height: 6 } })
    .jpeg()
    .toFile(path('flag.jpg'));
  ({ setId } = await openSet(client, path('instances_train.json')));
});

/** As ThinObject5K lies: a mask beside each image, under its name. */
async function maskFolders(): Promise<string> {
  const folder = path('thin');
  for (const name of ['images', 'masks']) mkdirSync(join(folder, name), { recursive: true });
  const plain = sharp({ create: { width: 8, height: 6, channels: 3, background: '#000000' } });
  await plain
    .clone()
    .jpeg()
    .toFile(join(folder, 'images', 'a.jpg'));
  await plain
    .clone()
    .greyscale()
    .png()
    .toFile(join(folder, 'masks', 'a.png'));
  return folder;
}

async function exported(to: SetExportFormat, name: string, training: Partial<TrainingChoice> = {}, set = setId) {
  const output = path(name);
  const images = to === 'verl' ? 'embed' : 'copy';
  const order = { setId: set, to, output, images, choice: everything, places: [] } as const;
  return { output, done: await client.call('imageset/export', { ...order, training: { ...detection, ...training } }) };
}

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
    // Images in cells have no file to link to.
    const linked = await client.call('imageset/export', { ...order, output: path('linked'), images: 'link' });
    expect(linked.notes.join(' ')).toContain('2 images stand inside files of the set and were copied');
    expect(lstatSync(join(path('linked'), 'images/a.jpg')).isFile()).toBe(true);
  });

  it('COCO with masks that stood in pictures of their own', async () => {
    const { setId: thin } = await openSet(client, await maskFolders());
    const output = path('thin-coco');
    const order = { setId: thin, to: 'coco', output, images: 'none', choice: everything, places: [] } as const;
    expect(await client.call('imageset/export', order)).toMatchObject({ annotations: 1, problemCount: 0 });
    expect(read).toEqual([join(path('thin'), 'masks', 'a.png')]);
    const [mask] = JSON.parse(readFileSync(join(output, 'annotations.json'), 'utf8')).annotations;
    expect(mask).toMatchObject({ segmentation: disc, area: 3, bbox: [1, 4, 2, 2] });
  });

  it('parquet that verl trains on: a row an image and label, joined again with what was logged of it', async () => {
    const { output, done } = await exported('verl', 'verl');
    expect(done).toMatchObject({ annotations: 3, files: ['train-00000-of-00001.parquet'] });
    expect(done.notes[0]).toMatch(/^3 samples\. .*stored pixels/);
    const file = join(output, 'train-00000-of-00001.parquet');
    const texts = await rowsOf(`SELECT to_json(t) FROM (SELECT * EXCLUDE images FROM '${file}') t`);
    const rows = texts.map(([text]) => JSON.parse(String(text)));
    const [kite] = rows;
    expect(kite).toMatchObject({
      data_source: 'instances_train',
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: "<image>Find 'kite'." },
      ],
      ability: 'grounding',
      reward_model: { style: 'rule', ground_truth: '[{"bbox_2d":[4,2,14,8],"label":"kite"}]' },
      extra_info: {
        split: 'train',
        index: 0,
        id: '1/kite',
        image_id: '1',
        width: 40,
        height: 20,
        truth_frame: 'original',
      },
    });
    expect(rows.map(({ extra_info: { index, label } }) => [index, label])).toEqual([
      [0, 'kite'],
      [1, 'boat'],
      [2, 'kite'],
    ]);
    expect(await rowsOf(`SELECT key FROM parquet_kv_metadata('${file}')`)).toEqual([]);
    const again = await openSet(client, output);
    expect(again.opened).toMatchObject({ format: 'hf-parquet', frame: 'stored' });
    expect((await again.image(2)).questions).toEqual([
      { text: "Find 'kite'.", options: [], answer: '[{"bbox_2d":[1,1,4,5],"label":"kite"}]' },
    ]);
    const resolver = await createImageResolver({
      tracePath: path('dumps'),
      format: 'verl-dump',
      overrides: { datasetFiles: [file] },
      cacheDir: path('cache'),
    });
    // Both kites were asked in the same words: the ground truth tells them apart.
    const logged = record({ prompt: verlPrompt("Find 'kite'."), groundTruth: rows[2].reward_model.ground_truth });
    const state = await resolver.resolve({ groupKey: 'g', record: logged, file: '1.jsonl' });
    if (state.kind !== 'resolved') throw new Error(JSON.stringify(state));
    expect(readFileSync(await resolver.file(state.ref))).toEqual(readFileSync(path('b.png')));
    await resolver.dispose();
  });

  it('questions for verl: options in another order, the letter of the right one as ground truth', async () => {
    const { setId: asking } = await openSet(client, path('flag.json'));
    const { output } = await exported('verl', 'asked', { task: 'question', prompt: '{question}\n{options}' }, asking);
    const [row] = await rowsOf(
      `SELECT prompt[2].content, reward_model.ground_truth, extra_info.answer FROM '${output}/train-00000-of-00001.parquet'`,
    );
    const [prompt, letter, answer] = (row ?? []).map(String);
    expect(prompt).toMatch(/^<image>Which colour\?\nA\. /);
    expect(prompt).toContain(`${letter}. red`);
    expect(answer).toBe('red');
  });

  it('conversations for LLaMA-Factory, whose boxes are the same again, whatever they count in', async () => {
    for (const kind of ['original', 'relative1000', 'input'] as const) {
      const resize = { factor: 28, minPixels: 3136, maxPixels: 12_845_056, before: null };
      const frame = kind === 'input' ? { kind, resize } : { kind };
      const { output, done } = await exported('llamafactory', `factory-${kind}`, { frame });
      expect(done.files).toEqual(['train.jsonl', 'dataset_info.json']);
      expect(JSON.parse(readFileSync(join(output, 'dataset_info.json'), 'utf8'))).toEqual({
        instances_train_train: {
          file_name: 'train.jsonl',
          formatting: 'sharegpt',
          columns: { messages: 'conversations', system: 'system', images: 'images' },
        },
      });
      const again = await openSet(client, join(output, 'train.jsonl'));
      expect(again.opened.format).toBe('sft-json');
      const [image] = [await again.image(0)];
      const box = image.annotations[0]?.box;
      // Whole numbers of a picture that is resized are a pixel's part off.
      for (const [side, wanted] of [
        ['x1', 4],
        ['y1', 2],
        ['x2', 14],
        ['y2', 8],
      ] as const)
        expect(Math.abs((box?.[side] ?? 0) - wanted)).toBeLessThan(kind === 'original' ? 1e-9 : 0.5);
      expect(image.annotations[0]?.label).toBe('kite');
      expect(readFileSync((await again.file(0))?.path ?? '')).toEqual(readFileSync(path('a.jpg')));
    }
  });

  it('messages for ms-swift with boxes as objects, images inside where they are to be', async () => {
    for (const kind of ['original', 'relative1'] as const) {
      const { output } = await exported('ms-swift', `swift-${kind}`, { frame: { kind } });
      const again = await openSet(client, join(output, 'train.jsonl'));
      const { annotations } = await again.image(2);
      expect(annotations).toMatchObject([{ label: 'kite', box: { x1: 1, x2: 4 } }]);
      expect(annotations[0]?.box?.y2).toBeCloseTo(5, 3);
    }
    const embedded = { setId, to: 'ms-swift', images: 'embed', choice: everything, places: [] } as const;
    const output = path('inside');
    await client.call('imageset/export', { ...embedded, output, training: detection });
    const [line] = readFileSync(join(output, 'train.jsonl'), 'utf8').split('\n');
    const [uri] = JSON.parse(line ?? '').images;
    expect(Buffer.from(uri.replace(/^data:image\/jpeg;base64,/, ''), 'base64')).toEqual(readFileSync(path('a.jpg')));
  });

  it('nothing that its trainer could not read: tasks without an answer, images inside of LLaMA-Factory', async () => {
    const order = { setId, output: path('refused'), choice: everything, places: [] } as const;
    const sensing = { ...detection, task: 'sense-detection' } as const;
    const refused = (to: SetExportFormat, images: 'embed' | 'copy', training?: TrainingChoice) =>
      client.call('imageset/export', { ...order, to, images, ...(training === undefined ? {} : { training }) });
    await expect(refused('llamafactory', 'copy', sensing)).rejects.toThrow(/one of the tasks detection/);
    await expect(refused('verl', 'embed')).rejects.toThrow(/one of the tasks/);
    await expect(refused('llamafactory', 'embed', detection)).rejects.toThrow(/cannot be embedded/);
    await expect(refused('verl', 'embed', { ...detection, task: 'question' })).rejects.toThrow(
      /No image gives a sample/,
    );
    expect(existsSync(order.output)).toBe(false);
  });
});
