import { describe, expect, it } from 'vitest';
import { refCocoJson, sftJson } from '../../../../src/formats/imageSet/conversationSets';
import { dota } from '../../../../src/formats/imageSet/dota';
import { imagefolderMetadata } from '../../../../src/formats/imageSet/imagefolderMetadata';
import type { ImageSetFormat } from '../../../../src/formats/imageSet/imageSetFormat';
import { labelme } from '../../../../src/formats/imageSet/labelme';
import { sodaA } from '../../../../src/formats/imageSet/sodaA';
import { vstarBench } from '../../../../src/formats/imageSet/vstarBench';
import { imageSetWriter } from '../../../../src/formats/imageSet/write/writers';
import { yolo } from '../../../../src/formats/imageSet/yolo';
import { memoryDir } from '../memoryDir';
import { pngHeader, scanned } from './scanned';
import { box, drawn, written } from './written';

const png = pngHeader(100, 100);
const shape = (label: string, points: readonly (readonly number[])[], type: string) =>
  `    {\n      "label": "${label}",\n      "points": [\n${points.map(([x, y]) => `        [\n          ${x}.50,\n          ${y}.0\n        ]`).join(',\n')}\n      ],\n      "group_id": null,\n      "shape_type": "${type}",\n      "flags": {},\n      "odd": 1e0\n    }`;

/** Files of each format with spaces, orders and numbers that a writer of JSON would not give back. */
const sets: readonly {
  format: ImageSetFormat;
  texts: Record<string, string>;
  images: Record<string, Uint8Array>;
  keys: [string, string];
}[] = [
  {
    format: labelme,
    texts: {
      'a.json': `{\n  "version": "5.7.0",\n  "shapes": [\n${shape(
        'cat',
        [
          [1, 2],
          [30, 40],
        ],
        'rectangle',
      )},\n${shape(
        'dog',
        [
          [1, 2],
          [9, 9],
          [2, 9],
        ],
        'polygon',
      )}\n  ],\n  "imagePath": "a.png",\n  "imageData": null\n}`,
      'b.json': '{"shapes":[], "imagePath":"b.png","imageData":null}',
    },
    images: { 'a.png': png, 'b.png': png },
    keys: ['a.png', 'b.png'],
  },
  {
    format: vstarBench,
    texts: {
      'a.json':
        '{"target_object": ["cat", "dog"], "bbox": [[1.50, 2, 3, 4.0], [5, 6, 7, 8]], "question": "\\u00e9?", "options": []}',
      'b.json': '{"target_object": ["cat"], "bbox": [[1, 2, 3, 4]], "question": "?", "options": ["x"]}',
    },
    images: { 'a.png': png, 'b.png': png },
    keys: ['a.png', 'b.png'],
  },
  {
    format: sodaA,
    texts: {
      'a.json':
        '{"annotations": [{"poly": [1.0, 1, 9, 1, 9, 9, 1, 9], "category_id": 0 , "odd": []}, {"poly": [1, 1, 5, 1, 5, 5, 1, 5], "category_id": 4}]}',
      'b.json': '{"annotations": [{"poly": [1, 1, 5, 1, 5, 5, 1, 5], "category_id": 4}]}',
    },
    images: { 'a.png': png, 'b.png': png },
    keys: ['a.png', 'b.png'],
  },
  {
    format: dota,
    texts: {
      'labelTxt/a.txt': 'imagesource:x\r\n1.0 1 9 1  9 9 1 9 ship 0\r\n1 1 5 1 5 5 1 5 plane 1\r\n',
      'labelTxt/b.txt': '1 1 5 1 5 5 1 5 plane 1',
    },
    images: { 'images/a.png': png, 'images/b.png': png },
    keys: ['images/a.png', 'images/b.png'],
  },
  {
    format: yolo,
    texts: {
      'classes.txt': 'cat\nship',
      'labels/a.txt': '0 0.50 0.5  0.100 0.2\n1 .25 0.25 0.1 0.1',
      'labels/b.txt': '1 0.25 0.25 0.1 0.1\n',
    },
    images: { 'images/a.png': png, 'images/b.png': png },
    keys: ['images/a.png', 'images/b.png'],
  },
];

describe.each(sets)('a set of $format.id', ({ format, texts, images, keys: [first, second] }) => {
  const dir = memoryDir({ ...texts, ...images });
  const writer = imageSetWriter(format.id)!;

  it('is written byte by byte as it was where nothing changed', async () => {
    expect(await written(format, writer, dir)).toEqual({ files: texts, problems: [] });
  });

  it('leaves out what is not kept', async () => {
    const { files } = await written(format, writer, dir, {}, (key) => key === first);
    const left = Object.entries(texts).filter(([name]) => !/(^|\/)b\./.test(name));
    expect(files).toEqual(Object.fromEntries(left));
  });

  it('has the changes when it is read again, and everything else as it was', async () => {
    const before = (await scanned(format, dir)).images.find(({ key }) => key === first)!.annotations;
    const [one, two] = [before[0]!, before[1]!];
    const moved = { ...one, shape: { kind: 'box', box: box(20, 30, 60, 80) }, box: box(20, 30, 60, 80) } as const;
    const fresh = { ...drawn('new', two.label ?? '', [10, 10, 20, 40]) };
    const changes = [
      { id: one.id, after: moved },
      { id: two.id, after: null },
      { id: 'new', after: fresh },
    ];
    const { files, problems } = await written(format, writer, dir, { [first]: changes });
    expect(problems).toEqual([]);
    const again = await scanned(format, memoryDir({ ...files, ...images }));
    // YOLO's parts of sides come back with the last digit off.
    const whole = (own: object | null) =>
      Object.fromEntries(Object.entries(own ?? {}).map(([side, at]) => [side, Math.round(at)]));
    const left = again.images.find(({ key }) => key === first)!.annotations;
    expect(left.map(({ label, box: own }) => [label, whole(own)])).toEqual([
      [one.label, box(20, 30, 60, 80)],
      [two.label, box(10, 10, 20, 40)],
    ]);
    expect(again.images.find(({ key }) => key === second)?.annotations).toHaveLength(
      (await scanned(format, dir)).images.find(({ key }) => key === second)!.annotations.length,
    );
  });

  it('says when a removed annotation was not there', async () => {
    const { files, problems } = await written(format, writer, dir, { [first]: [{ id: 'nobody', after: null }] });
    expect(files).toEqual(texts);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('rows of a file', () => {
  const metadata =
    '{"objects": {"bbox": [[1.50, 2, 3, 4.0], [5, 6, 7, 8]], "categories": [0, 1], "hard": [true, false]}, "file_name": "a.png"}\n' +
    '{"file_name":"b.png","objects":{"bbox":[],"categories":[]}}\n\n{"file_name": "c.png"}\n';
  const swift =
    '{"messages": [{"role": "user", "content": "<image>?"}], "images": ["a.png"], "objects": {"ref": ["cat"], "bbox": [[1.50, 2, 3, 4]]}}\n';
  const refs = JSON.stringify(
    [
      { image: 'a.jpg', problem: 'the \u00e9?', solution: [1, 2, 3, 4] },
      {
        image: 'a.jpg',
        conversations: [
          { from: 'human', value: '<image>x' },
          { from: 'gpt', value: 'Box ( 1.50, 2,3, 4 ), done' },
        ],
      },
    ],
    null,
    4,
  );
  const set = (texts: Record<string, string>) => memoryDir({ ...texts, 'a.png': png, 'b.png': png, 'c.png': png });

  it('are written byte by byte as they were where nothing changed', async () => {
    for (const [format, texts] of [
      [imagefolderMetadata, { 'metadata.jsonl': metadata }],
      [sftJson, { 'a.jsonl': swift }],
      [refCocoJson, { 'a.json': refs }],
    ] as const)
      expect(await written(format, imageSetWriter(format.id)!, set(texts))).toEqual({ files: texts, problems: [] });
  });

  it('change, go and come in lists that stand side by side', async () => {
    const { images } = await scanned(imagefolderMetadata, set({ 'metadata.jsonl': metadata }));
    const [one, two] = images[0]!.annotations;
    const moved = {
      ...one!,
      shape: { kind: 'box', box: box(1.5, 2, 9.5, 6) } as const,
      box: box(1.5, 2, 9.5, 6),
      label: '3',
    };
    const fresh = { id: 'n', after: drawn('n', '2', [1, 1, 4, 5]) };
    const changes = { 'a.png': [{ id: one!.id, after: moved }, { id: two!.id, after: null }, fresh], 'c.png': [fresh] };
    const { files, problems } = await written(
      imagefolderMetadata,
      imageSetWriter('imagefolder')!,
      set({ 'metadata.jsonl': metadata }),
      changes,
      (key) => key !== 'b.png',
    );
    expect(problems).toEqual([]);
    expect(files['metadata.jsonl']).toBe(
      '{"objects": {"bbox": [[1.50, 2, 8, 4.0], [1, 1, 3, 4]], "categories": [3, 2], "hard": [true, null]}, "file_name": "a.png"}\n\n' +
        '{"file_name": "c.png", "objects": {"bbox": [[1, 1, 3, 4]], "categories": ["2"]}}\n',
    );
  });

  it('that have no list to stand in are told, and not lost without a word', async () => {
    const fresh = { 'a.png': [{ id: 'n', after: drawn('n', 'cat', [1, 1, 4, 5]) }] };
    for (const [format, file, row] of [
      [imagefolderMetadata, 'metadata.jsonl', '{"file_name": "a.png", "objects": {}}\n'],
      [sftJson, 'a.jsonl', '{"messages": [], "images": ["a.png"], "objects": {"ref": []}}\n'],
    ] as const) {
      const { files, problems } = await written(format, imageSetWriter(format.id)!, set({ [file]: row }), fresh);
      expect(files[file]).toBe(row);
      expect(problems).toMatchObject([{ file, line: 1, message: expect.stringContaining('no list "bbox"') }]);
    }
  });

  it('of ms-swift in parts of the image keep the numbers that did not move', async () => {
    const row =
      '{"messages": [], "images": ["a.png"], "objects": {"ref": ["cat", "dog"], "bbox": [[0.10, 0.2, 0.3, 0.40], [0.5, 0.5, 0.6, 0.6]], "bbox_type": "norm1"}}\n';
    const dir = set({ 'a.jsonl': row });
    const [one, two] = (await scanned(sftJson, dir)).images[0]!.annotations;
    const own = { ...one!.box!, x2: 70 };
    const { files, problems } = await written(sftJson, imageSetWriter('sft-json')!, dir, {
      'a.png': [
        { id: one!.id, after: { ...one!, shape: { kind: 'box', box: own }, box: own } },
        { id: two!.id, after: { ...two!, label: 'fox' } },
        { id: 'n', after: drawn('n', 'owl', [10, 20, 30, 55]) },
      ],
    });
    expect(problems).toEqual([]);
    expect(files['a.jsonl']).toBe(
      row
        .replace('[0.10, 0.2, 0.3, 0.40]', '[0.10, 0.2, 0.7, 0.40]')
        .replace('"dog"', '"fox", "owl"')
        .replace('0.6]]', '0.6], [0.1, 0.2, 0.3, 0.55]]'),
    );
  });

  it('are moved inside the text of an answer', async () => {
    const { images } = await scanned(refCocoJson, set({ 'a.json': refs }));
    const [one, two] = images.map(({ annotations }) => annotations[0]!);
    const to = { shape: { kind: 'box', box: box(1.5, 2, 30, 4) } as const, box: box(1.5, 2, 30, 4) };
    const changes = {
      'a.jpg': [{ id: one!.id, after: { ...one!, ...to } }],
      'a.jpg#2': [{ id: two!.id, after: { ...two!, ...to } }],
    };
    const { files } = await written(refCocoJson, imageSetWriter('refcoco-json')!, set({ 'a.json': refs }), changes);
    const [first, second] = JSON.parse(files['a.json']!);
    expect([first.solution, second.conversations[1].value]).toEqual([[1.5, 2, 30, 4], 'Box ( 1.50, 2,30, 4 ), done']);
  });
});

describe('an edit changes no more than it says', () => {
  it('in a file of labelme', async () => {
    const { texts, images } = sets[0]!;
    const dir = memoryDir({ ...texts, ...images });
    const [one] = (await scanned(labelme, dir)).images[0]!.annotations;
    const change = { id: one!.id, after: { ...one!, label: 'lion' } };
    const { files } = await written(labelme, imageSetWriter('labelme')!, dir, { 'a.png': [change] });
    expect(files['a.json']).toBe(texts['a.json']!.replace('"cat"', '"lion"'));
  });

  it('in a line of YOLO, whose other numbers stay as they were written', async () => {
    const { texts, images } = sets[4]!;
    const dir = memoryDir({ ...texts, ...images });
    const [one] = (await scanned(yolo, dir)).images[0]!.annotations;
    // Higher by half a pixel at the bottom and top each: the centre and the width stay.
    const wider = { ...one!.box!, y1: one!.box!.y1 - 0.5, y2: one!.box!.y2 + 0.5 };
    const change = { id: one!.id, after: { ...one!, shape: { kind: 'box', box: wider } as const, box: wider } };
    const { files } = await written(yolo, imageSetWriter('yolo')!, dir, { 'images/a.png': [change] });
    expect(files['labels/a.txt']).toBe('0 0.50 0.5  0.100 0.21\n1 .25 0.25 0.1 0.1');
  });

  it('and refuses classes that a set of YOLO does not have', async () => {
    const { texts, images } = sets[4]!;
    const changes = { 'images/b.png': [{ id: 'n', after: drawn('n', 'zebra', [1, 1, 5, 5]) }] };
    const { files, problems } = await written(
      yolo,
      imageSetWriter('yolo')!,
      memoryDir({ ...texts, ...images }),
      changes,
    );
    expect(files).toEqual(texts);
    expect(problems).toMatchObject([{ file: 'labels/b.txt', field: 'class' }]);
  });
});
