import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refCocoJson, sftJson } from '../../../../src/formats/imageSet/conversationSets';
import { imagefolderMetadata } from '../../../../src/formats/imageSet/imagefolderMetadata';
import { memoryDir } from '../memoryDir';
import { pngHeader, scanned } from './scanned';

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const ask = (question: string, answer: string) => [
  { from: 'human', value: `<image>${question}` },
  { from: 'gpt', value: answer },
];

describe('referring expressions as VLM-R1 has them', () => {
  it('are a question and a box each, several of one image', async () => {
    const rows = [
      { id: 1, image: 'train2014/a.jpg', conversations: ask('the dog?', '[10, 20, 30.5, 40]') },
      {
        id: 2,
        image: 'train2014/a.jpg',
        conversations: ask('the cat?', '```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}]\n```'),
      },
      { image: 'train2014/b.jpg', problem: 'the bird?', solution: [5, 6, 7, 8] },
    ];
    for (const [name, text] of [
      ['refcoco_train.jsonl', lines(rows)],
      ['refcoco_train.json', JSON.stringify(rows, null, 4)],
    ] as const) {
      const { images, problems } = await scanned(refCocoJson, memoryDir({ [name]: text }), name);
      expect(problems).toEqual([]);
      expect(
        images.map(({ key, questions: [question], annotations: [one] }) => [key, question?.text, one?.label, one?.box]),
      ).toEqual([
        ['train2014/a.jpg', 'the dog?', null, { x1: 10, y1: 20, x2: 30.5, y2: 40 }],
        ['train2014/a.jpg#2', 'the cat?', 'cat', { x1: 1, y1: 2, x2: 3, y2: 4 }],
        ['train2014/b.jpg', 'the bird?', null, { x1: 5, y1: 6, x2: 7, y2: 8 }],
      ]);
    }
  });
});

describe('training data of LLaMA-Factory and ms-swift', () => {
  const messages = [
    { role: 'user', content: '<image>Where?' },
    { role: 'assistant', content: 'Here.' },
  ];

  it('has objects beside the messages, in pixels or in parts of the image', async () => {
    const objects = {
      ref: ['cat', 'nose'],
      bbox: [
        [1, 2, 30, 40],
        [5, 6],
      ],
    };
    const norm = { ref: ['cat'], bbox: [[0.1, 0.2, 0.5, 1]], bbox_type: 'norm1' };
    const { images, problems } = await scanned(
      sftJson,
      memoryDir({
        'sft.jsonl': lines([
          { messages, images: ['a.png'], objects },
          { messages, images: ['a.png'], objects: norm },
        ]),
        'a.png': pngHeader(100, 50),
      }),
    );
    expect(problems).toEqual([]);
    expect(images.map(({ questions }) => questions)).toEqual(
      Array(2).fill([{ text: 'Where?', options: [], answer: 'Here.' }]),
    );
    expect(images[0]?.annotations.map(({ label, shape }) => [label, shape.kind])).toEqual([
      ['cat', 'box'],
      ['nose', 'points'],
    ]);
    expect(images[1]?.annotations[0]?.box).toEqual({ x1: 10, y1: 10, x2: 50, y2: 50 });
  });

  it('tells line by line what is wrong', async () => {
    const text = `${lines([{ messages, images: ['a.png'], objects: { ref: [], bbox: [[1, 2, 3]] } }])}{"messages": [\n\n${lines(
      [
        { messages, images: [] },
        { messages, images: ['a.png', 'b.png'] },
      ],
    )}`;
    const { images, problems } = await scanned(sftJson, memoryDir({ 'sft.jsonl': text }));
    expect(images).toHaveLength(2);
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [1, 'objects.bbox'],
      [2, null],
      [4, 'images'],
      [5, 'images'],
    ]);
  });

  it('never brings a reader down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (objects, said, image) => {
        const rows = [
          { messages, images: ['a.png'] },
          { messages: [said], images: [image], objects },
          { conversations: said, image, problem: 'x', solution: said },
        ];
        const { images } = await scanned(sftJson, memoryDir({ 'sft.jsonl': lines(rows) }));
        expect(images.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("Hugging Face's imagefolder", () => {
  it('has objects and captions beside its images, by split', async () => {
    const row = { file_name: 'a.png', objects: { bbox: [[302, 109, 73, 52]], categories: [0] }, text: 'a dog' };
    const { images, problems } = await scanned(
      imagefolderMetadata,
      memoryDir({
        'train/metadata.jsonl': lines([row]),
        'train/a.png': '',
        'test/metadata.csv': 'file_name,question,answer\nb.png,"Is it a ""dog"", or\nnot?",yes\nc.png,,\n',
        'test/b.png': '',
      }),
    );
    expect(problems).toEqual([]);
    expect(images).toMatchObject([
      { key: 'test/b.png', split: 'test', questions: [{ text: 'Is it a "dog", or\nnot?', answer: 'yes' }] },
      { key: 'test/c.png', place: { file: 'test/metadata.csv', line: 4 } },
      {
        key: 'train/a.png',
        split: 'train',
        annotations: [{ label: '0', box: { x1: 302, y1: 109, x2: 375, y2: 161 } }],
      },
    ]);
  });

  it('leads nowhere but into its folder', async () => {
    const { images, problems } = await scanned(
      imagefolderMetadata,
      memoryDir({ 'metadata.jsonl': lines([{ file_name: '../../etc/passwd' }]) }),
    );
    expect(images).toEqual([]);
    expect(problems).toMatchObject([{ line: 1, field: 'file_name' }]);
  });

  it('never brings a reader down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.string(), async (bbox, categories, table) => {
        const rows = [
          { file_name: 'a.png' },
          { file_name: bbox, objects: bbox },
          { file_name: 'b.png', objects: { bbox: [bbox], categories } },
        ];
        const files = { 'a/metadata.jsonl': lines(rows), 'b/metadata.csv': `file_name,x\n${table}` };
        const { images } = await scanned(imagefolderMetadata, memoryDir(files));
        expect(images.length).toBeGreaterThan(1);
      }),
    );
  });
});
