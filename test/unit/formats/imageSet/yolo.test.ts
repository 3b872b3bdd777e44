import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yolo } from '../../../../src/formats/imageSet/yolo';
import { memoryDir } from '../memoryDir';
import { jpegHeader, pngHeader, scanned } from './scanned';

const yaml = (more = '') =>
  `path: ../datasets/coco8\ntrain: images/train\nval: images/val\nnames:\n  0: person\n  1: cat\n${more}`;
const set = (labels: string, more = '', image: Uint8Array = pngHeader(200, 100)) =>
  scanned(yolo, memoryDir({ 'data.yaml': yaml(more), 'images/train/a.png': image, 'labels/train/a.txt': labels }));

describe('a set of YOLO', () => {
  it('has its splits, names, and boxes in pixels', async () => {
    const { images, labels, problems } = await scanned(
      yolo,
      memoryDir({
        'data.yaml': yaml(),
        'images/train/a.png': pngHeader(200, 100),
        'labels/train/a.txt': '0 0.5 0.5 0.1 0.2\n1 0.25 0.5 0.5 1 0.875\n',
        'images/val/b.png': pngHeader(10, 10),
      }),
    );
    expect(problems).toEqual([]);
    expect(labels).toEqual(['person', 'cat']);
    expect(images.map(({ key, split, size }) => [key, split, size?.width])).toEqual([
      ['images/train/a.png', 'train', 200],
      ['images/val/b.png', 'val', 10],
    ]);
    expect(images[0]?.annotations).toMatchObject([
      { id: 'labels/train/a.txt#1', label: 'person', box: { x1: 90, y1: 40, y2: 60 }, score: null },
      { label: 'cat', box: { x1: 0, y1: 0, x2: 100, y2: 100 }, score: 0.875 },
    ]);
  });

  it('has polygons', async () => {
    const { images } = await set('0 0 0 0.5 0 0.5 1\n1 0 0 1 0 1 1 0 1\n');
    expect(images[0]?.annotations.map(({ shape }) => shape)).toEqual([
      {
        kind: 'polygons',
        rings: [
          [
            { x: 0, y: 0 },
            { x: 100, y: 0 },
            { x: 100, y: 100 },
          ],
        ],
      },
      {
        kind: 'polygons',
        rings: [
          [
            { x: 0, y: 0 },
            { x: 200, y: 0 },
            { x: 200, y: 100 },
            { x: 0, y: 100 },
          ],
        ],
      },
    ]);
  });

  it('has turned boxes where every line has nine numbers, and says that this is a guess', async () => {
    const labels = '0 0.5 0 1 0.5 0.5 1 0 0.5\n';
    const guessed = await set(labels);
    expect(guessed.images[0]?.annotations[0]?.shape.kind).toBe('quad');
    expect(guessed.problems).toMatchObject([{ file: 'data.yaml', field: 'task' }]);
    const stated = await set(labels, 'task: segment\n');
    expect(stated.images[0]?.annotations[0]?.shape.kind).toBe('polygons');
    expect(stated.problems).toEqual([]);
  });

  it('has poses', async () => {
    const { images } = await set('0 0.5 0.5 0.5 0.5 0.5 0.25 2 0 0 0\n', 'kpt_shape: [2, 3]\n');
    expect(images[0]?.annotations).toMatchObject([
      {
        shape: { kind: 'box' },
        keypoints: [
          { x: 100, y: 25, visibility: 2 },
          { x: 0, y: 0, visibility: 0 },
        ],
      },
    ]);
  });

  it('tells what keypoints of its classes are called, where the description does', async () => {
    const named = await set('', 'kpt_shape: [2, 3]\nkpt_names:\n  0: [nose]\n');
    expect(named.skeletons.person).toEqual({ names: ['nose', ''], skeleton: [] });
    expect((await set('')).skeletons).toEqual({});
  });

  it('counts in the image as EXIF turns it', async () => {
    const files = { 'classes.txt': 'cat\n', 'a.jpg': jpegHeader(200, 100, 6), 'a.txt': '0 0.5 0.5 1 1\n' };
    const { images } = await scanned(yolo, memoryDir(files));
    expect(images[0]).toMatchObject({
      size: { width: 100, height: 200 },
      annotations: [{ label: 'cat', box: { x2: 100, y2: 200 } }],
    });
  });

  it('tells line by line what it cannot read, and which labels have no image', async () => {
    const { images, problems } = await scanned(
      yolo,
      memoryDir({
        'data.yaml': yaml(),
        'images/train/a.png': pngHeader(200, 100),
        'labels/train/a.txt': '0 nan 0.5 0.1 0.2\n\n0 0.5 0.5\n7 0.5 0.5 0.1 0.2\n0 50 50 10 20\n',
        'images/train/broken.png': 'no image',
        'labels/train/broken.txt': '0 0.5 0.5 1 1\n',
        'labels/train/gone.txt': '0 0.5 0.5 1 1\n',
      }),
    );
    expect(images.map(({ annotations }) => annotations.length)).toEqual([2, 0]);
    expect(problems.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['labels/train/a.txt', 1, '"nan" is no number'],
      ['labels/train/a.txt', 3, 'The line has 3 numbers, which detect labels never have'],
      ['labels/train/a.txt', 4, 'The class 7 has no name'],
      ['labels/train/a.txt', 5, '50 is no part of a side: labels count from 0 to 1'],
      ['labels/train/broken.txt', null, 'Labels count in parts of the image, whose size cannot be read: none is shown'],
      ['labels/train/gone.txt', null, 'The labels belong to no image: none has their name'],
    ]);
  });

  it('is not what any folder of texts and images is', async () => {
    for (const files of [
      { 'a.png': '', 'a.txt': 'a photo of 3 cats' },
      { 'config.yaml': 'names: [a]\n' },
      { 'b.txt': '0 1 1 1 1' },
    ])
      expect(await yolo.detect({ dir: memoryDir(files as Record<string, string>), file: null })).toBeNull();
  });

  it('never brings a reader down', async () => {
    const line = fc.array(fc.oneof(fc.double().map(String), fc.constantFrom('nan', '0', '1', '', '\r', '-')), {
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (lines) => {
        const { images } = await set(lines.map((words) => words.join(' ')).join('\n'), 'kpt_shape: [2, 3]\n');
        for (const { box } of images.flatMap(({ annotations }) => annotations))
          expect(Object.values(box ?? {}).every((side) => !Number.isNaN(side))).toBe(true);
      }),
    );
  });

  const real = `${process.env.SACCADE_DATA ?? ''}/x-anylabeling`;
  it.skipIf(!existsSync(`${real}/cat_dog.txt`))('of X-AnyLabeling opens beside its image', async () => {
    const names = ['cat_dog.txt', 'cat_dog.webp', 'classes.txt'];
    const { images, problems } = await scanned(
      yolo,
      memoryDir(Object.fromEntries(names.map((name) => [name, readFileSync(`${real}/${name}`)]))),
    );
    expect(problems).toEqual([]);
    expect(images[0]).toMatchObject({
      size: { width: 1440, height: 810 },
      annotations: [{ label: 'cat' }, { label: 'dog' }],
    });
  });
});
