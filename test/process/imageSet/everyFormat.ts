import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pngHeader } from '../../unit/formats/imageSet/scanned';
import { tar, tarMember } from '../../unit/formats/imageSet/tarFile';
import { writeTables } from '../images/tables';

/** A set of one format with two images, of which the first has an object that is moved. */
export interface FormatFixture {
  readonly title: string;
  readonly format: string;
  /** Path → text; annotation files, each of which is written byte by byte where nothing changed. */
  readonly texts: Readonly<Record<string, string | Uint8Array>>;
  /** Pictures of 100 × 100 pixels. */
  readonly images: readonly string[];
  /** What is opened, relative; '' for the folder. */
  readonly open: string;
  /** Statement by which DuckDB writes a table; `$` stands for the folder. */
  readonly table?: { readonly file: string; readonly sql: string };
  /** The box stands in the text of the answer. */
  readonly inAnswer?: true;
}

export const png = pngHeader(100, 100);

const labelmeFile = (image: string) =>
  JSON.stringify(
    {
      version: '5.8.1',
      flags: {},
      shapes: [
        {
          label: 'cat',
          points: [
            [10, 20],
            [30, 60],
          ],
          group_id: null,
          description: '',
          shape_type: 'rectangle',
          flags: {},
        },
        {
          label: 'dog',
          points: [
            [1, 1],
            [9, 1],
            [9, 9],
          ],
          group_id: null,
          description: '',
          shape_type: 'polygon',
          flags: {},
        },
      ],
      imagePath: image,
      imageData: null,
      imageHeight: 100,
      imageWidth: 100,
    },
    null,
    2,
  );
const coco = (more = '') =>
  `{"info": {"year": 2017}, "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 100}, {"id": 2, "file_name": "b.png", "width": 100, "height": 100}], "annotations": [{"id": 7, "image_id": 1, "category_id": 3, "bbox": [10.0, 20, 20, 40], "area": 800.0, "iscrowd": 0, "odd": 1e0${more}}, {"id": 8, "image_id": 2, "category_id": 3, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}], "categories": [{"id": 3, "name": "cat"}]}\n`;
const soda = (poly: string) => `{"annotations": [{"poly": [${poly}], "category_id": 4, "odd": 1e0}]}`;
const row = (image: string, more: string) =>
  `{"messages": [{"role": "user", "content": "<image>where?"}, {"role": "assistant", "content": "there"}], "images": ["${image}"]${more}}\n`;
const objects = '{bbox: [[10.0, 20.0, 20.0, 40.0]::FLOAT[]], categories: [i], area: [800.0]::DOUBLE[]}';

/** A set of YOLO of one task: an object of the first image as a line, and what the description says besides. */
const yolo = (task: string, line: string, more = ''): FormatFixture => ({
  title: `YOLO, ${task}`,
  format: 'yolo',
  texts: {
    'data.yaml': `path: .\ntrain: images\nnames: [cat, dog]\n${more}`,
    'labels/a.txt': `${line}\n${line}\n`,
    'labels/b.txt': line,
  },
  images: ['images/a.png', 'images/b.png'],
  open: '',
});

/** One a row of the table in docs/datasets.md, built as the format's own writer builds it. */
export const fixtures: readonly FormatFixture[] = [
  {
    title: 'COCO',
    format: 'coco',
    texts: { 'instances.json': coco() },
    images: ['a.png', 'b.png'],
    open: 'instances.json',
  },
  {
    title: 'SODA-D',
    format: 'coco',
    texts: { 'val.json': coco(', "ignore": 0').replace('"iscrowd": 0, ', '') },
    images: ['rawData/a.png', 'rawData/b.png'],
    open: 'val.json',
  },
  {
    title: 'LVIS',
    format: 'lvis',
    texts: {
      'lvis_v1_val.json': coco(', "segmentation": [[10, 20, 30, 20, 30, 60, 10, 60]]')
        .replaceAll(
          '"file_name": "',
          '"neg_category_ids": [], "not_exhaustive_category_ids": [], "coco_url": "http://images.cocodataset.org/val2017/',
        )
        .replace('"name": "cat"', '"frequency": "c", "synset": "cat.n.01", "name": "cat"'),
    },
    images: ['val2017/a.png', 'val2017/b.png'],
    open: 'lvis_v1_val.json',
  },
  {
    title: 'COCO results',
    format: 'coco-results',
    texts: {
      'results.json':
        '[{"image_id": 1, "category_id": 3, "bbox": [10.0, 20, 20, 40], "score": 0.50},\n {"image_id": 2, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 1e-1}]',
    },
    images: ['1.png', '2.png'],
    open: 'results.json',
  },
  {
    title: 'V* bench',
    format: 'vstar',
    texts: Object.fromEntries(
      ['a', 'b'].map((name) => [
        `direct_attributes/${name}.json`,
        '{"target_object": ["cat"], "bbox": [[10.0, 20, 20, 40]], "question": "\\u00e9?", "options": ["x", "y"], "odd": 1e0}',
      ]),
    ),
    images: ['direct_attributes/a.png', 'direct_attributes/b.png'],
    open: '',
  },
  {
    title: 'labelme',
    format: 'labelme',
    texts: { 'a.json': labelmeFile('a.png'), 'b.json': labelmeFile('b.png') },
    images: ['a.png', 'b.png'],
    open: '',
  },
  yolo('detect', '0 0.20 0.4  0.200 0.4'),
  yolo('segment', '1 0.10 0.2 0.3  0.20 0.3 0.6 0.2 0.65 .1 0.6', 'task: segment\n'),
  yolo('OBB', '0 0.10 0.2 0.3  0.20 0.3 0.6 .1 0.6', 'task: obb\n'),
  yolo('pose', '0 0.20 0.4  0.200 0.4 0.15 0.30 2 0.2 0.3 1', 'kpt_shape: [2, 3]\n'),
  {
    title: 'DOTA',
    format: 'dota',
    texts: {
      'labelTxt/a.txt': 'imagesource:x\r\ngsd:0.1\r\n10.0 20 30 20 30 60 10  60 ship 0\r\n',
      'labelTxt/b.txt': '1 1 5 1 5 5 1 5 plane 1',
    },
    images: ['images/a.png', 'images/b.png'],
    open: '',
  },
  {
    title: 'SODA-A',
    format: 'soda-a',
    texts: { 'a.json': soda('10.0, 20, 30, 20, 30, 60, 10, 60'), 'b.json': soda('1, 1, 5, 1, 5, 5, 1, 5') },
    images: ['a.png', 'b.png'],
    open: '',
  },
  {
    title: 'CVAT, images',
    format: 'cvat-xml',
    texts: {
      'annotations.xml': `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n${['a', 'b']
        .map(
          (name, id) =>
            `  <image id="${id}" name="${name}.png" width="100" height="100">\n    <box label="cat" source="manual" occluded="0" xtl="10.00" ytl="20.00" xbr="30.00" ybr="60.00" z_order="0">\n    </box>\n  </image>`,
        )
        .join('\n')}\n</annotations>\n`,
    },
    images: ['a.png', 'b.png'],
    open: '',
  },
  {
    title: 'CVAT, video',
    format: 'cvat-xml',
    texts: {
      'annotations.xml': `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta><task><size>2</size><original_size><width>100</width><height>100</height></original_size></task></meta>\n  <track id="0" label="cat" source="manual">\n${[
        0, 1,
      ]
        .map(
          (frame) =>
            `    <box frame="${frame}" keyframe="${1 - frame}" outside="0" occluded="0" xtl="10.00" ytl="20.00" xbr="30.00" ybr="60.00" z_order="0">\n    </box>\n`,
        )
        .join('')}  </track>\n</annotations>\n`,
    },
    images: ['images/frame_000000.PNG', 'images/frame_000001.PNG'],
    open: '',
  },
  {
    title: 'imagefolder, metadata.jsonl',
    format: 'imagefolder',
    texts: {
      'train/metadata.jsonl':
        '{"file_name": "a.png", "objects": {"bbox": [[10.0, 20, 20, 40]], "categories": [0], "hard": [true]}, "odd": 1e0}\n{"file_name":"b.png","objects":{"bbox":[],"categories":[]}}\n',
    },
    images: ['train/a.png', 'train/b.png'],
    open: '',
  },
  {
    title: 'imagefolder, metadata.parquet',
    format: 'hf-parquet',
    texts: {},
    table: {
      file: 'metadata.parquet',
      sql: `COPY (SELECT ['a.png', 'b.png'][i + 1] AS file_name, ${objects} AS objects, 1.5::FLOAT AS odd FROM range(2) rows(i)) TO '$' (FORMAT parquet)`,
    },
    images: ['a.png', 'b.png'],
    open: '',
  },
  {
    title: 'parquet with images',
    format: 'hf-parquet',
    texts: {},
    table: {
      file: 'data/train-00000-of-00001.parquet',
      sql: `COPY (SELECT {bytes: '\\x89PNG'::BLOB || encode(i::VARCHAR), path: i || '.png'} AS image, 'What is ' || i || '?' AS question, ${objects} AS objects, DATE '2020-01-01' AS day FROM range(2) rows(i)) TO '$' (FORMAT parquet, KV_METADATA {huggingface: '{}'})`,
    },
    images: [],
    open: '',
  },
  {
    title: 'referring expressions',
    format: 'refcoco-json',
    texts: {
      'refs.json': JSON.stringify(
        ['a.png', 'b.png'].map((image) => ({ image, problem: 'the cat?', solution: [10, 20, 30, 60], odd: 1 })),
        null,
        4,
      ),
    },
    images: ['a.png', 'b.png'],
    open: 'refs.json',
    inAnswer: true,
  },
  {
    title: 'ms-swift, pixels',
    format: 'sft-json',
    texts: {
      'train.jsonl':
        row('a.png', ', "objects": {"ref": ["cat"], "bbox": [[10.0, 20, 30, 60]]}') +
        row('b.png', ', "objects": {"ref": ["cat"], "bbox": [[1, 2, 3, 4]]}'),
    },
    images: ['a.png', 'b.png'],
    open: 'train.jsonl',
  },
  {
    title: 'ms-swift, norm1',
    format: 'sft-json',
    texts: {
      'train.jsonl':
        row('a.png', ', "objects": {"ref": ["cat"], "bbox": [[0.10, 0.2, 0.3, 0.6]], "bbox_type": "norm1"}') +
        row('b.png', ', "objects": {"ref": ["cat"], "bbox": [[0.1, 0.2, 0.3, 0.4]], "bbox_type": "norm1"}'),
    },
    images: ['a.png', 'b.png'],
    open: 'train.jsonl',
  },
  {
    title: 'WebDataset',
    format: 'webdataset',
    texts: {
      'train-000000.tar': tar(
        tarMember('a.png', png),
        tarMember('a.json', '{"objects": {"bbox": [[10.0, 20, 20, 40]], "categories": ["cat"]}, "odd": 1e0}'),
        tarMember('b.png', png),
        tarMember('b.cls', '3'),
      ),
    },
    images: [],
    open: '',
  },
];

/** Writes a fixture into a folder. Returns what is to be opened. */
export async function putFixture(folder: string, { texts, images, open, table }: FormatFixture): Promise<string> {
  const put = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(texts)) await put(path, content);
  for (const path of images) await put(path, png);
  if (table !== undefined) {
    await mkdir(dirname(join(folder, table.file)), { recursive: true });
    await writeTables(table.sql.replace('$', join(folder, table.file)));
  }
  return join(folder, open);
}
