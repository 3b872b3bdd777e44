import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dota } from '../../../../src/formats/imageSet/dota';
import { sodaA } from '../../../../src/formats/imageSet/sodaA';
import { vstarBench } from '../../../../src/formats/imageSet/vstarBench';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';

describe('V* bench', () => {
  const sample = (more: object = {}) =>
    JSON.stringify({
      target_object: ['dog', 'bag'],
      bbox: [
        [10, 20, 30, 40],
        [1, 2, 3, 4],
      ],
      question: 'Is the dog left of the bag?',
      options: ['left', 'right'],
      ...more,
    });

  it('has boxes as x, y, width and height, and the right option first', async () => {
    const { images, problems } = await scanned(
      vstarBench,
      memoryDir({
        'relative_position/a.json': sample(),
        'relative_position/a.jpg': '',
        'direct_attributes/README': '',
      }),
    );
    expect(problems).toEqual([]);
    expect(images).toMatchObject([
      {
        key: 'relative_position/a.jpg',
        split: 'relative_position',
        annotations: [{ label: 'dog', box: { x1: 10, y1: 20, x2: 40, y2: 60 } }, { label: 'bag' }],
        questions: [{ text: 'Is the dog left of the bag?', options: ['left', 'right'], answer: 'left' }],
      },
    ]);
  });

  it('has questions without boxes in a file of their own', async () => {
    const row = {
      image: 'direct_attributes/sa_1.jpg',
      text: 'What?\n(A) x\n(B) y',
      category: 'direct_attributes',
      label: 'A',
      question_id: 0,
    };
    const text = `${JSON.stringify(row)}\n{"image": 3}\n`;
    const { images, problems } = await scanned(vstarBench, memoryDir({ 'test_questions.jsonl': text }));
    expect(images).toMatchObject([{ key: row.image, annotations: [], questions: [{ text: row.text, answer: 'A' }] }]);
    expect(problems).toMatchObject([{ line: 2, field: 'image' }]);
  });

  it('tells of boxes that have no place', async () => {
    const { images, problems } = await scanned(
      vstarBench,
      memoryDir({
        'a.json': sample({
          bbox: [
            [1, 2, 3],
            [5, 5, -2, 4],
          ],
        }),
        'a.png': '',
      }),
    );
    expect(images[0]?.annotations.map(({ label }) => label)).toEqual(['bag']);
    expect(problems.map(({ element, message }) => [element, message])).toEqual([
      [0, '"bbox" holds 3 values, not 4'],
      [1, 'The corners of the box are swapped'],
    ]);
  });

  const real = `${process.env.SACCADE_DATA ?? ''}/active-o3`;
  it.skipIf(!existsSync(real))('has the same files as the examples of ACTIVE-O3', async () => {
    const text = readFileSync(`${real}/sa_17063.json`);
    const { images, problems } = await scanned(vstarBench, memoryDir({ 'sa_17063.json': text, 'sa_17063.jpg': '' }));
    expect(problems).toEqual([]);
    expect(images[0]?.annotations).toHaveLength(1);
  });
});

describe('DOTA', () => {
  const labels =
    'imagesource:GoogleEarth\ngsd:0.146343590398\n2753 2408 2861 2385 2888 2468 2805 2502 plane 0\n3445 3391 3484 3409 3478 3422 3437 3402 large-vehicle 1\n';

  it('has headers, corners, classes and difficult ones', async () => {
    const files = { 'train/labelTxt/P0000.txt': labels, 'train/images/P0000.png': '' };
    const { images, problems } = await scanned(dota, memoryDir(files));
    expect(problems).toEqual([]);
    expect(images).toMatchObject([
      {
        key: 'train/images/P0000.png',
        split: 'train',
        annotations: [
          { id: 'train/labelTxt/P0000.txt#3', label: 'plane', ignore: false, shape: { kind: 'quad' } },
          { label: 'large-vehicle', ignore: true, box: { x1: 3437, y1: 3391, x2: 3484, y2: 3422 } },
        ],
      },
    ]);
    const detection = await dota.detect({ dir: memoryDir(files), file: null });
    const read = await dota.readImage({ dir: memoryDir(files), file: null }, detection!, images[0]!.place);
    expect(read.attributes).toEqual({ imagesource: 'GoogleEarth', gsd: '0.146343590398' });
  });

  it('tells line by line what it cannot read', async () => {
    const { images, problems } = await scanned(
      dota,
      memoryDir({
        'a.txt': `${labels}1 2 3 4 5 6 7 8\n1 2 3 4 5 6 7 nan ship 0\n1 2 3 4 5 6 7 x ship 0\n0 0 9 9 9 0 0 9 ship 0`,
      }),
    );
    expect(images[0]?.annotations).toHaveLength(3);
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [5, 'The line has 8 words, not 10'],
      [6, '"corners" holds NaN'],
      [7, '"x" is no number'],
      [8, 'The polygon crosses itself'],
    ]);
  });

  it('never brings a reader down', async () => {
    const word = fc.oneof(fc.double().map(String), fc.constantFrom('ship', '', 'nan', '1', '\r'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(word, { maxLength: 11 }), { maxLength: 4 }), async (lines) => {
        const text = labels + lines.map((words) => words.join(' ')).join('\n');
        expect((await scanned(dota, memoryDir({ 'a.txt': text }))).images[0]?.annotations.length).toBeGreaterThan(1);
      }),
    );
  });
});

describe('SODA-A', () => {
  const quad = [10, 10, 20, 10, 20, 20, 10, 20];
  const file = (annotations: readonly unknown[]) =>
    JSON.stringify({
      images: { file_name: '00001.jpg', height: 2700, width: 4800, id: 0 },
      annotations,
      categories: [
        { id: 0, name: 'airplane' },
        { id: 9, name: 'ignore' },
      ],
    });

  it('has corners, names and what is to be ignored', async () => {
    const annotations = [
      { id: 0, category_id: 0, area: 100, poly: quad },
      { id: 1, category_id: 9, area: 100, poly: quad },
      { id: 2, category_id: 0, poly: [...quad, 5, 15] },
    ];
    const { images, problems } = await scanned(
      sodaA,
      memoryDir({ 'Annotations/train/00001.json': file(annotations), 'Images/train/00001.jpg': '' }),
    );
    expect(images).toMatchObject([
      {
        key: 'Images/train/00001.jpg',
        size: { width: 4800, height: 2700 },
        split: 'train',
        annotations: [
          { label: 'airplane', area: 100, ignore: false, shape: { kind: 'quad' } },
          { label: 'ignore', ignore: true },
          { shape: { kind: 'polygons' }, ignore: true },
        ],
      },
    ]);
    expect(problems.map(({ element, field }) => [element, field])).toEqual([[2, 'poly']]);
  });

  it('of a split has classes by their number', async () => {
    const text = JSON.stringify({ annotations: [{ poly: quad, cat_id: 6, trunc: 1 }] });
    const { images } = await scanned(sodaA, memoryDir({ '00001__800.json': text, '00001__800.jpg': '' }));
    expect(images[0]?.annotations).toMatchObject([{ label: 'storage-tank', attributes: { trunc: 1 } }]);
  });

  it('never brings a reader down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.array(fc.double()), async (value, poly) => {
        const { images } = await scanned(
          sodaA,
          memoryDir({ 'a.json': file([value, { poly: value, category_id: value }, { poly }]) }),
        );
        expect(images).toHaveLength(1);
      }),
    );
  });
});
