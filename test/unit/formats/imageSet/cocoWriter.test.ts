import { describe, expect, it } from 'vitest';
import type { DatasetAnnotation } from '../../../../src/core/dataset/datasetImage';
import { countsOf } from '../../../../src/core/mask/cocoMask';
import type { DirSource } from '../../../../src/core/ports';
import { detectCoco } from '../../../../src/formats/imageSet/coco/detectCoco';
import { cocoWriter } from '../../../../src/formats/imageSet/write/cocoWriter';
import { memoryDir } from '../memoryDir';
import { box, drawn, written } from './written';

/** Spaces, an order and numbers that no writer of JSON gives back. */
const document = `{"info" : {"images": "none"},
 "annotations": [
  {"id": 7, "image_id": 1, "category_id": 3, "bbox": [1.50, 2, 30.0, 40], "area": 1200.0, "iscrowd": 0, "odd": 1e0},
  {"id": 8, "image_id": 2, "category_id": 3, "bbox": [0, 0, 5, 5], "area": 25, "iscrowd": 0, "segmentation": [[0, 0, 5, 0, 5.0, 5]]},
  {"id": 9, "image_id": 1, "category_id": 4, "bbox": [5, 5, 5, 5], "area": 25, "iscrowd": 1, "segmentation": {"size": [50, 60], "counts": [3000]}}
 ],
 "images": [{"id": 1, "file_name": "a.jpg", "width": 60, "height": 50}, {"id": 2, "file_name": "b.jpg", "width": 60, "height": 50}],
 "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}]
}
`;
const seven: DatasetAnnotation = {
  ...drawn('7', 'cat', [1.5, 2, 31.5, 42]),
  area: 1200,
  attributes: { odd: 1 },
};
const eight: DatasetAnnotation = {
  ...drawn('8', 'cat', [0, 0, 5, 5]),
  shape: {
    kind: 'polygons',
    rings: [
      [
        { x: 0, y: 0 },
        { x: 5, y: 0 },
        { x: 5, y: 5 },
      ],
    ],
  },
  area: 25,
};
/** A list of results is opened as a file, never as a folder. */
const detect = { detect: ({ dir }: { dir: DirSource }) => detectCoco({ dir, file: 'instances_val.json' }) };
const write = async (
  changes: Parameters<typeof written>[3],
  keep: Parameters<typeof written>[4] = null,
  text = document,
) => {
  const { files, problems } = await written(
    detect,
    cocoWriter,
    memoryDir({ 'instances_val.json': text }),
    changes,
    keep,
  );
  return { text: files['instances_val.json'] ?? '', problems };
};

describe('a COCO document', () => {
  it('is written byte by byte as it was where nothing changed', async () => {
    expect(await write({})).toEqual({ text: document, problems: [] });
    expect(await write({ 1: [{ id: '7', after: seven }], 2: [{ id: '8', after: eight }] })).toEqual({
      text: document,
      problems: [],
    });
  });

  it('has a moved side in its box, a new area, and everything else as it stood', async () => {
    const moved = { ...seven, shape: { kind: 'box', box: box(1.5, 2, 41.5, 42) }, box: box(1.5, 2, 41.5, 42) } as const;
    const { text } = await write({ 1: [{ id: '7', after: moved }] });
    expect(text).toBe(document.replace('[1.50, 2, 30.0, 40], "area": 1200.0', '[1.50, 2, 40.0, 40], "area": 1600.0'));
  });

  it('has none of the changes of another file whose ids begin anew', async () => {
    const dir = memoryDir({ 'instances_train.json': document, 'instances_val.json': document });
    const moved = { ...eight, shape: { kind: 'box', box: box(0, 0, 6, 5) }, box: box(0, 0, 6, 5) } as const;
    const changes = {
      1: [{ id: '7', after: null }],
      '2@instances_val.json': [
        { id: '8', after: moved },
        { id: 'n', after: drawn('n', 'dog', [1, 1, 2, 2]) },
      ],
    };
    const { files, problems } = await written({ detect: detectCoco }, cocoWriter, dir, changes);
    expect(problems).toEqual([]);
    const of = (file: string) => JSON.parse(files[file] ?? '').annotations.map((one: { id: number }) => one.id);
    expect(of('instances_train.json')).toEqual([8, 9]);
    expect(of('instances_val.json')).toEqual([7, 8, 9, 10]);
    expect(files['instances_val.json']).toContain('[0, 0, 6, 5]');
    expect(files['instances_train.json']).not.toContain('[0, 0, 6, 5]');
    const kept = await written({ detect: detectCoco }, cocoWriter, dir, {}, (key) => key === '2@instances_val.json');
    const left = ['train', 'val'].map((split) => JSON.parse(kept.files[`instances_${split}.json`] ?? '').images.length);
    expect(left).toEqual([0, 1]);
  });

  it('counts the area of a polygon as pycocotools does', async () => {
    const ring = [
      { x: 0, y: 0 },
      { x: 8, y: 0 },
      { x: 8, y: 5 },
      { x: 0, y: 5 },
    ];
    const after = { ...eight, shape: { kind: 'polygons', rings: [ring] } as const, box: box(0, 0, 8, 5) };
    const { text } = await write({ 2: [{ id: '8', after }] });
    expect(JSON.parse(text).annotations[1]).toMatchObject({
      segmentation: [[0, 0, 8, 0, 8, 5, 0, 5]],
      bbox: [0, 0, 8, 5],
      area: 40,
    });
  });

  it('gets new annotations with ids of their own, new categories, and loses removed ones', async () => {
    const { text, problems } = await write({
      1: [
        { id: 'x', after: drawn('x', 'bird', [10, 10, 20, 40]) },
        { id: '9', after: null },
        { id: '7', after: { ...seven, label: 'bird' } },
      ],
    });
    expect(problems).toEqual([]);
    expect(text).toBe(
      document
        .replace(
          /,\n {2}\{"id": 9.*\n/,
          ',\n  {"id": 10, "image_id": 1, "category_id": 5, "bbox": [10, 10, 10, 30], "area": 300, "iscrowd": 0}\n',
        )
        .replace('"category_id": 3', '"category_id": 5')
        .replace('"name": "dog"}', '"name": "dog"}, {"id": 5, "name": "bird"}'),
    );
  });

  it('keeps runs as a list where they were one', async () => {
    const nine = { ...drawn('9', 'dog', [0, 0, 2, 2]), crowd: true, area: 4 };
    const after = {
      ...nine,
      shape: { kind: 'mask', mask: { size: [50, 60], counts: countsOf(Uint32Array.of(0, 4, 2996)) } } as const,
    };
    const { text, problems } = await write({ 1: [{ id: '9', after }] });
    expect(problems).toEqual([]);
    expect(JSON.parse(text).annotations[2].segmentation.counts).toEqual([0, 4, 2996]);
  });

  it('loses images that are not kept, and what is theirs', async () => {
    const { text } = await write({}, (key) => key === '2');
    expect(text).toContain('"images": [{"id": 2, "file_name": "b.jpg", "width": 60, "height": 50}],');
    expect(text).toContain('"annotations": [\n  {"id": 8');
    expect(JSON.parse(text).annotations.map(({ id }: { id: number }) => id)).toEqual([8]);
    expect(JSON.parse((await write({}, () => false)).text)).toMatchObject({ images: [], annotations: [] });
  });
});

describe('a list of COCO results', () => {
  const results =
    '[{"image_id": 1, "category_id": 3, "bbox": [1.0, 2, 3, 4], "score": 0.90},\n{"image_id": 2, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5}]';

  it('is edited by the place of its elements', async () => {
    const after = { ...drawn('#0', '3', [1, 2, 4, 6]), score: 0.25 };
    const { text } = await write({ 1: [{ id: '#0', after }], 2: [{ id: '#1', after: null }] }, null, results);
    expect(text).toBe('[{"image_id": 1, "category_id": 3, "bbox": [1.0, 2, 3, 4], "score": 0.25}]');
  });
});
