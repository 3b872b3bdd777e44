import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pngHeader } from '../../unit/formats/imageSet/scanned';
import { tar, tarMember } from '../../unit/formats/imageSet/tarFile';
import { writeTables } from '../images/tables';
import { openSet, sharedSet } from './openSet';

/** Where a problem stands: file, line, element, field; and what it says. */
type Told = readonly [string, number | null, number | null, string | null, RegExp];

interface BadSet {
  readonly title: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly open?: string;
  /** Statement by which DuckDB writes `a.parquet`; `$` stands for its path. */
  readonly table?: string;
  /** Images, and annotations that have a place. */
  readonly left: readonly [images: number, annotations: number];
  readonly told: readonly Told[];
}

const png = pngHeader(100, 100);
const shape = (points: string, type = 'polygon', label = '"cat"') =>
  `{"label": ${label}, "points": ${points}, "shape_type": "${type}", "flags": {}}`;
const labelme = (shapes: readonly string[], image: string, side = 100) =>
  `{"shapes": [${shapes.join(', ')}], "imagePath": "${image}", "imageData": null, "imageWidth": ${side}, "imageHeight": 100}`;
const bow = '[[10, 10], [50, 50], [50, 10], [10, 50]]';
const cvatBox = (more: string) => `<box label="a" occluded="0" xtl="1" ytl="1" xbr="9" ybr="9"${more}></box>`;
const swift = (image: string, boxes: string, type = '') =>
  `{"messages": [], "images": ["${image}"], "objects": {"ref": ["a", "b", "c"], "bbox": ${boxes}${type}}}\n`;

/** Of every format: an image that is missing, one twice, what belongs to none, boxes outside, NaN, crossing rings, wrong sizes, as far as it can state them. */
const sets: readonly BadSet[] = [
  {
    title: 'COCO',
    files: {
      'a.png': png,
      'c.json': `{"images": [{"id": 1, "file_name": "a.png", "width": 80, "height": 100}, {"id": 2, "file_name": "gone.png", "width": 9, "height": 9}, {"id": 1, "file_name": "a.png", "width": 80, "height": 100}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [70, 10, 50, 10], "area": 1},
  {"id": 2, "image_id": 1, "category_id": 1, "bbox": [NaN, 10, 5, 10]},
  {"id": 3, "image_id": 9, "category_id": 1, "bbox": [1, 1, 2, 2]},
  {"id": 3, "image_id": 2, "category_id": 7, "bbox": [1, 1, 2, 2]}], "categories": [{"id": 1, "name": "cat"}]}`,
    },
    open: 'c.json',
    left: [3, 4],
    told: [
      ['c.json', 1, 2, 'images.id', /image 1 is stated a second time/],
      ['c.json', 3, 0, 'annotations.bbox', /reaches over/],
      ['c.json', 5, 2, 'annotations.image_id', /There is no image 9/],
      ['c.json', 6, 3, 'annotations.id', /annotation 3 is stated a second time/],
      ['c.json', 4, 1, 'annotations.bbox', /something else than finite numbers/],
      ['c.json', null, null, 'categories', /no category 7/],
      ['c.json', null, null, null, /gone.png was not found/],
      ['c.json', null, null, null, /100 × 100 pixels; the set says 80 × 100/],
    ],
  },
  {
    title: 'labelme',
    files: {
      'a.png': png,
      'a.json': labelme(
        [
          shape(bow),
          shape('[[1, NaN], [2, 2]]', 'rectangle'),
          shape('[[90, 90], [190, 95]]', 'rectangle'),
          shape('[[1, 1]]', 'rectangle'),
          shape('[[1, 1]]', 'point', 'null'),
        ],
        'a.png',
        80,
      ),
      'b.json': labelme([], 'gone.png'),
      'c.json': labelme([], 'a.png'),
      'd.json': '{"shapes": [',
    },
    left: [3, 3],
    told: [
      ['a.json', null, 0, 'points', /crosses itself/],
      ['a.json', null, 1, 'points', /NaN/],
      ['a.json', null, 2, 'points', /reaches over the image/],
      ['a.json', null, 3, 'points', /2 are needed/],
      ['a.json', null, 4, 'label', /not text/],
      ['c.json', null, null, null, /a second time/],
      ['d.json', null, null, null, /not JSON/],
      ['b.json', null, null, null, /gone.png was not found/],
      ['a.json', null, null, null, /the set says 80 × 100/],
    ],
  },
  {
    title: 'V* bench',
    files: {
      'a.png': png,
      'a.json':
        '{"target_object": ["x", "y", "z"], "bbox": [[1, 2, NaN, 4], [90, 90, -5, 4], [1, 2, 3]], "question": "?", "options": ["a"]}',
      'gone.json': '{"target_object": ["x"], "bbox": [[1, 2, 3, 4]], "question": "?", "options": ["a"]}',
    },
    left: [2, 2],
    told: [
      ['a.json', null, 0, 'bbox', /NaN/],
      ['a.json', null, 1, 'bbox', /swapped/],
      ['a.json', null, 2, 'bbox', /3 values, not 4/],
      ['gone.json', null, null, null, /gone.jpg was not found/],
    ],
  },
  {
    title: 'YOLO',
    files: {
      'data.yaml': 'names: [cat]\ntrain: images\n',
      'images/a.png': png,
      'labels/a.txt': '0 0.5 0.5 nan 0.1\n0 0.95 0.5 0.3 0.1\nx 1 1 1 1\n3 0.5 0.5 0.1 0.1\n0 0.5\n',
      'labels/gone.txt': '0 0.5 0.5 0.1 0.1\n',
    },
    left: [1, 2],
    told: [
      ['labels/a.txt', 1, null, null, /nan/],
      ['labels/a.txt', 2, null, 'box', /reaches over/],
      ['labels/a.txt', 3, null, null, /"x" is no number/],
      ['labels/a.txt', 4, null, 'class', /no name/],
      ['labels/a.txt', 5, null, null, /2 numbers/],
      ['labels/gone.txt', null, null, null, /image/],
    ],
  },
  {
    title: 'DOTA',
    files: {
      'images/a.png': png,
      'labelTxt/a.txt':
        '1 1 9 1 9 9 1 9 ship 0\n1 1 9 9 9 1 1 9 ship 0\nnan 1 9 1 9 9 1 9 ship 0\n1 1 9 1 9 9 1 9 ship maybe\n1 2 3\n',
      'labelTxt/gone.txt': '1 1 9 1 9 9 1 9 ship 0\n',
    },
    left: [2, 4],
    told: [
      ['labelTxt/a.txt', 2, null, 'corners', /crosses itself/],
      ['labelTxt/a.txt', 3, null, 'corners', /NaN/],
      ['labelTxt/a.txt', 4, null, 'difficult', /maybe/],
      ['labelTxt/a.txt', 5, null, null, /3 words/],
      ['labelTxt/gone.txt', null, null, null, /gone.png was not found/],
    ],
  },
  {
    title: 'SODA-A',
    files: {
      'a.png': png,
      'a.json':
        '{"images": {"file_name": "a.png", "width": 80, "height": 100}, "annotations": [{"poly": [1, 1, 9, 9, 9, 1, 1, 9], "category_id": 0}, {"poly": [1, NaN, 9, 9, 9, 1, 1, 9], "category_id": 0}, {"poly": [1, 1, 190, 1, 190, 9, 1, 9], "category_id": 0}, {"poly": [1, 1], "category_id": 0}, 7]}',
      'gone.json': '{"annotations": [{"poly": [1, 1, 5, 1, 5, 5, 1, 5], "category_id": 4}]}',
    },
    left: [2, 3],
    told: [
      ['a.json', null, 0, 'poly', /crosses itself/],
      ['a.json', null, 1, 'poly', /NaN/],
      ['a.json', null, 2, 'poly', /reaches over/],
      ['a.json', null, 3, 'poly', /no corners/],
      ['a.json', null, 4, 'annotations', /holds/],
      ['gone.json', null, null, null, /gone.jpg was not found/],
      ['a.json', null, null, null, /the set says 80 × 100/],
    ],
  },
  {
    title: 'CVAT',
    files: {
      'a.png': png,
      'annotations.xml': `<annotations><version>1.1</version>
<image id="0" name="a.png" width="80" height="100">${cvatBox('')}<box label="b" xtl="nan" ytl="1" xbr="9" ybr="9"/><box label="c" xtl="70" ytl="1" xbr="190" ybr="9"/><polygon label="d" points="10,10;50,50;50,10;10,50"/></image>
<image id="1" name="gone.png" width="9" height="9"/><image id="2" name="a.png" width="80" height="100"/></annotations>`,
    },
    left: [3, 3],
    told: [
      ['annotations.xml', null, 1, 'xtl', /nan/],
      ['annotations.xml', null, 2, 'box', /reaches over/],
      ['annotations.xml', null, 3, 'points', /crosses itself/],
      ['annotations.xml', null, null, null, /"a.png" is stated a second time/],
      ['annotations.xml', null, null, null, /gone.png was not found/],
      ['annotations.xml', null, null, null, /the set says 80 × 100/],
    ],
  },
  {
    title: 'folders of masks',
    files: { 'images/a.png': png, 'images/b.png': png, 'masks/a.png': png, 'masks/gone.png': png },
    left: [2, 1],
    told: [
      ['images/b.png', null, null, null, /no mask of this name/],
      ['masks/gone.png', null, null, null, /belongs to no image/],
    ],
  },
  {
    title: 'imagefolder',
    files: {
      'a.png': png,
      'metadata.jsonl':
        '{"file_name": "a.png", "objects": {"bbox": [[1, 2, NaN, 4], [9, 9, -5, 4], "x"], "categories": [0, 1, 2]}}\n{"file_name": "gone.png"}\n{"file_name": "../a.png"}\n{"x": 1}\n{',
    },
    left: [2, 1],
    told: [
      ['metadata.jsonl', 1, 0, 'objects.bbox', /NaN/],
      ['metadata.jsonl', 1, 1, 'objects.bbox', /swapped/],
      ['metadata.jsonl', 1, 2, 'objects.bbox', /not 4 numbers/],
      ['metadata.jsonl', 3, null, 'file_name', /leads out/],
      ['metadata.jsonl', 4, null, 'file_name', /names no image/],
      ['metadata.jsonl', 5, null, null, /not JSON/],
      ['metadata.jsonl', 2, null, null, /gone.png was not found/],
    ],
  },
  {
    title: 'parquet',
    files: {},
    table: `COPY (SELECT {bytes: 'x'::BLOB, path: 'a.png'} AS image, {bbox: [[1, 2, 'nan'::DOUBLE, 4], [9, 9, -5, 4], [1, 2]]} AS objects) TO '$' (FORMAT parquet)`,
    open: 'a.parquet',
    left: [1, 1],
    told: [
      ['a.parquet', 1, 0, 'objects.bbox', /NaN/],
      ['a.parquet', 1, 1, 'objects.bbox', /swapped/],
      ['a.parquet', 1, 2, 'objects.bbox', /2 values/],
    ],
  },
  {
    title: 'referring expressions',
    files: {
      'a.png': png,
      'r.jsonl':
        '{"image": "a.png", "problem": "?", "solution": [10, 10, 5, 5]}\n{"image": "gone.png", "problem": "?", "solution": [0.1, 0.2, 0.3, 0.4]}\n{"problem": "?", "solution": [1, 1, 2, 2]}\n',
    },
    open: 'r.jsonl',
    left: [2, 1],
    told: [
      ['r.jsonl', 1, 0, 'solution', /swapped/],
      ['r.jsonl', 2, 0, 'solution', /parts of the image/],
      ['r.jsonl', 3, null, 'images', /names no image/],
      ['r.jsonl', 2, null, null, /gone.png was not found/],
    ],
  },
  {
    title: 'ms-swift',
    files: {
      'a.png': png,
      's.jsonl':
        swift('a.png', '[[1, 2, NaN, 4], [9, 9, 5, 5], [1, 2, 3]]') +
        swift('gone.png', '[[0.1, 0.2, 0.3, 0.4]]', ', "bbox_type": "norm1"'),
    },
    open: 's.jsonl',
    left: [2, 1],
    told: [
      ['s.jsonl', 1, 0, 'objects.bbox', /NaN/],
      ['s.jsonl', 1, 1, 'objects.bbox', /swapped/],
      ['s.jsonl', 1, 2, 'objects.bbox', /3 values/],
      ['s.jsonl', 2, null, 'objects', /size cannot be read/],
      ['s.jsonl', 2, null, null, /gone.png was not found/],
    ],
  },
  {
    title: 'WebDataset',
    files: {
      'a.tar': tar(
        tarMember('a.png', png),
        tarMember('a.json', '{"objects": {"bbox": [[1, 2, NaN, 4], [9, 9, -5, 4]]}}'),
        tarMember('b.json', '{}'),
        tarMember('a.png', png),
        tarMember('a.json', '{'),
      ),
    },
    left: [2, 1],
    told: [
      ['a.tar', null, 0, 'objects.bbox', /NaN/],
      ['a.tar', null, 1, 'objects.bbox', /swapped/],
      ['a.tar', null, null, null, /"b" has no image/],
      ['a.tar', null, null, null, /not JSON/],
      ['a.tar', null, null, null, /a second time/],
    ],
  },
];

let shared: Awaited<ReturnType<typeof sharedSet>>;
beforeAll(async () => {
  shared = await sharedSet({}, { imageSize: async () => ({ width: 100, height: 100 }) });
});

describe.each(sets)('a bad set of $title', ({ title, files, open = '', table, left, told }) => {
  it('opens with what is good, and tells of everything else: file, line, element and field', async () => {
    const folder = shared.path(title.replaceAll(/\W+/g, '-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    if (table !== undefined) {
      await mkdir(folder, { recursive: true });
      await writeTables(table.replace('$', join(folder, 'a.parquet')));
    }
    const { client } = shared;
    const { info, image, setId } = await openSet(client, join(folder, open));
    expect([info.images, info.annotations]).toEqual(left);
    await image(0);
    const found = async () => {
      const { problems } = await client.call('imageset/info', { setId, wait: true });
      return problems.map(({ file, line, element, field, message }) => [file, line, element, field, message]);
    };
    await expect.poll(async () => (await found()).length).toBeGreaterThanOrEqual(told.length);
    const expected = told.map(([file, line, element, field, message]) => [
      file,
      line,
      element,
      field,
      expect.stringMatching(message),
    ]);
    expect(await found()).toEqual(expected);
  });
});
