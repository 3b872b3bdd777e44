import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelme } from '../../../../src/formats/imageSet/labelme';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';

/** As `labelme/_label_file.py` writes one: `json.dump(data, f, ensure_ascii=False, indent=2)`. */
const file = (shapes: readonly object[], more: object = {}) =>
  JSON.stringify(
    {
      version: '5.7.0',
      flags: {},
      shapes,
      imagePath: 'a.jpg',
      imageData: null,
      imageHeight: 100,
      imageWidth: 200,
      ...more,
    },
    null,
    2,
  );
const shape = (type: string, points: readonly (readonly number[])[], more: object = {}) => ({
  label: type,
  points,
  group_id: null,
  description: '',
  shape_type: type,
  flags: {},
  mask: null,
  ...more,
});
const read = (shapes: readonly object[], more: object = {}) =>
  scanned(labelme, memoryDir({ 'a.json': file(shapes, more), 'a.jpg': '' }));

describe('a labelme file', () => {
  it('has every shape that labelme draws, each at its place', async () => {
    const { images, problems } = await read([
      shape('rectangle', [
        [10, 20],
        [30, 50],
      ]),
      shape('circle', [
        [50, 50],
        [53, 54],
      ]),
      shape('polygon', [
        [1, 1],
        [9, 1],
        [9, 9],
      ]),
      shape('line', [
        [1, 1],
        [9, 9],
      ]),
      shape('linestrip', [
        [1, 1],
        [9, 9],
        [20, 9],
      ]),
      shape('point', [[5, 6]]),
      shape('points', [
        [5, 6],
        [7, 8],
      ]),
      shape('oriented_rectangle', [
        [20, 10],
        [30, 20],
        [20, 30],
        [10, 20],
      ]),
      shape(
        'mask',
        [
          [40, 40],
          [49, 59],
        ],
        { mask: 'iVBORw0KGgo=' },
      ),
    ]);
    expect(problems).toEqual([]);
    expect(images[0]).toMatchObject({ key: 'a.jpg', size: { width: 200, height: 100 } });
    expect(images[0]?.annotations.map(({ shape: { kind }, box }) => [kind, box && Object.values(box)])).toEqual([
      ['box', [10, 20, 30, 50]],
      ['circle', [45, 45, 55, 55]],
      ['polygons', [1, 1, 9, 9]],
      ['line', [1, 1, 9, 9]],
      ['line', [1, 1, 20, 9]],
      ['points', [5, 6, 5, 6]],
      ['points', [5, 6, 7, 8]],
      ['quad', [10, 10, 30, 30]],
      ['maskPicture', [40, 40, 50, 60]],
    ]);
  });

  it('of X-AnyLabeling has rectangles of four corners, turned boxes, scores and difficult ones', async () => {
    const { images } = await read([
      shape(
        'rectangle',
        [
          [10, 20],
          [30, 20],
          [30, 50],
          [10, 50],
        ],
        { score: 0.5, difficult: true, attributes: { c: 1 } },
      ),
      shape(
        'rotation',
        [
          [20, 10],
          [30, 20],
          [20, 30],
          [10, 20],
        ],
        { direction: 0.785 },
      ),
    ]);
    expect(images[0]?.annotations).toMatchObject([
      {
        shape: { kind: 'box', box: { x1: 10, y1: 20, x2: 30, y2: 50 } },
        score: 0.5,
        ignore: true,
        attributes: { attributes: { c: 1 } },
      },
      { shape: { kind: 'quad' }, attributes: { direction: 0.785 } },
    ]);
  });

  it('finds its image where it says, beside it by name, or inside itself', async () => {
    const found = async (more: object, names: readonly string[]) => {
      const files = Object.fromEntries(names.map((name) => [name, '']));
      const set = await scanned(labelme, memoryDir({ ...files, 'json/a.json': file([], more) }));
      return [set.images[0]?.bytes, set.problems.length];
    };
    expect(await found({ imagePath: '..\\img\\b.png' }, ['img/b.png'])).toEqual([
      { kind: 'file', candidates: ['img/b.png'] },
      0,
    ]);
    expect(await found({ imagePath: 'C:\\photos\\b.png' }, ['json/b.png'])).toEqual([
      { kind: 'file', candidates: ['json/b.png'] },
      1,
    ]);
    // labelme's own tutorial has a file that names itself.
    expect(await found({ imagePath: 'a.json' }, ['json/a.JPG'])).toEqual([
      { kind: 'file', candidates: ['json/a.JPG'] },
      1,
    ]);
    expect(await found({ imagePath: '../../../etc/passwd' }, [])).toEqual([
      { kind: 'file', candidates: ['json/passwd'] },
      0,
    ]);
    expect(await found({ imageData: '/9j/4AAQ' }, ['json/a.jpg'])).toEqual([
      { kind: 'embedded', file: 'json/a.json' },
      0,
    ]);
  });

  it('gives the bytes of the image inside it', async () => {
    const dir = memoryDir({ 'a.json': file([], { imageData: 'AQID' }) });
    const detection = { format: 'labelme', files: ['a.json'], reason: '' } as const;
    expect(await labelme.embedded?.({ dir, file: null }, detection, { file: 'a.json', line: null })).toEqual(
      new Uint8Array([1, 2, 3]),
    );
  });

  it('tells of shapes without a place, and of those that only look wrong, and keeps the latter', async () => {
    const { images, problems } = await scanned(
      labelme,
      memoryDir({
        'a.json': file([
          shape('polygon', [
            [0, 0],
            [9, 9],
            [9, 0],
            [0, 9],
          ]),
          shape('rectangle', [
            [30, 50],
            [10, 20],
          ]),
          shape('rectangle', [
            [Number.NaN, 0],
            [1, 1],
          ]),
          shape('rectangle', [
            [0, 0],
            [500, 20],
          ]),
          shape('cuboid', [
            [1, 1],
            [2, 2],
          ]),
        ]).replace('null,\n          0', 'NaN,\n          0'),
        'a.jpg': '',
        'broken.json': '{"shapes": [',
      }),
    );
    expect(images[0]?.annotations.map(({ id }) => id)).toEqual(['a.json#0', 'a.json#1', 'a.json#3', 'a.json#4']);
    expect(problems.map(({ file: name, element, message }) => [name, element, message])).toEqual([
      ['a.json', 0, 'The polygon crosses itself'],
      ['a.json', 1, 'The corners of the box are swapped'],
      ['a.json', 2, '"points" holds NaN'],
      ['a.json', 3, 'The shape reaches over the image of 200 × 100 pixels'],
      ['a.json', 4, '"cuboid" is no known shape: its points are shown'],
      ['broken.json', null, expect.stringContaining('not JSON')],
    ]);
  });

  it('never brings a reader down, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (shapes, points, path) => {
        const text = JSON.stringify({
          shapes: [{ shape_type: 'rectangle', points }, shapes],
          imagePath: path,
          imageWidth: shapes,
        });
        const set = await scanned(labelme, memoryDir({ 'a.json': text }));
        expect(set.images).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  const real = `${process.env.SACCADE_DATA ?? ''}/labelme/apc2016_obj3.json`;
  it.skipIf(!existsSync(real))('of the project itself opens, with the image inside it', async () => {
    const { images, problems } = await scanned(labelme, memoryDir({ 'apc2016_obj3.json': readFileSync(real, 'utf8') }));
    expect(problems).toEqual([]);
    expect(images[0]?.bytes.kind).toBe('embedded');
    expect(images[0]?.annotations.map(({ label }) => label)).toHaveLength(4);
  });
});
