import { describe, expect, it } from 'vitest';
import { detectTrace, traceFormat } from '../../../src/formats/detect';
import type { FormatId } from '../../../src/formats/format';
import { memoryDir } from './memoryDir';

const line = (row: object) => `${JSON.stringify(row)}\n`;
const detect = (content: string, name = 'a.jsonl') => detectTrace({ dir: memoryDir({ [name]: content }), file: name });
const read = (format: FormatId, row: object) =>
  traceFormat(format).read(line(row), { file: 'a.jsonl', line: 3 }, memoryDir({}));
const recordOf = async (format: FormatId, row: object) => (await read(format, row)).record!;

/** What a turn says, as the parser will see it. */
const turnsOf = ({ response, statedTurns = [] }: Awaited<ReturnType<typeof recordOf>>) =>
  statedTurns.map(({ role, span }) => [role, response.slice(span.start, span.end)]);

const call =
  '<think>t</think><tool_call>{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1, 2, 3, 4]}}</tool_call>';
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const trajectory = (url: string) => [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: [image(url), { type: 'text', text: 'Which colour?' }] },
  { role: 'assistant', content: call },
  { role: 'user', content: [image(url), { type: 'text', text: '\nThink first.' }] },
  { role: 'assistant', content: '<answer>A</answer>' },
];
const deepEyes = {
  image: 'sa_4690.jpg',
  question: 'Which colour?',
  answer: 'red',
  answer_choice: 'B',
  pred_ans: 'A',
  pred_output: trajectory('data:image/jpeg;base64,'),
  status: 'success',
};
const geoVistaRow = { uid: 'u1', image_path: '/data/a.jpg', pred_output: trajectory('/tmp/crop_0.jpg'), metadata: {} };

describe('the writers of message lists are told apart', () => {
  const blank = 'data:image/jpeg;base64,base64_image';
  it.each<[FormatId, object]>([
    ['deepeyes-eval', deepEyes],
    ['chain-of-focus-eval', { ...deepEyes, image: '/data/sa_4690.jpg', pred_output: trajectory(blank) }],
    ['geovista', geoVistaRow],
    ['messages', { pred_output: trajectory('a.jpg') }],
    [
      'messages',
      {
        messages: [
          { role: 'user', content: '<image>Where?' },
          { role: 'assistant', content: 'x' },
        ],
      },
    ],
    ['messages', { conversations: [{ from: 'human', value: 'Where?' }], images: ['a.jpg'] }],
    ['messages', { conversations: { from: ['human', 'gpt'], value: ['<image>Where?', 'There.'] } }],
  ])('%s', async (format, row) => {
    expect(await detect(line(row))).toMatchObject({ format, files: ['a.jsonl'] });
    // A row longer than what a signature may read shows its first keys and messages all the same.
    if (format !== 'messages')
      expect(await detect(line({ ...row, extra: 'x'.repeat(100_000) }))).toMatchObject({ format });
  });

  it('one that failed first is known by the next', async () => {
    expect(await detect(line({ uid: 'u0', image_path: 'a.jpg', error: 'x' }) + line(geoVistaRow))).toMatchObject({
      format: 'geovista',
    });
  });
});

describe('a trajectory of messages', () => {
  it('takes its turns from the roles, and its prompt from what came before the first of the assistant', async () => {
    const record = await recordOf('deepeyes-eval', deepEyes);
    expect(turnsOf(record)).toEqual([
      ['assistant', call],
      ['user', '<image>\nThink first.'],
      ['assistant', '<answer>A</answer>'],
    ]);
    expect(record).toMatchObject({
      kind: 'rollout',
      prompt: 'system\nYou are a helpful assistant.\nuser\n<image>Which colour?',
      imageName: 'sa_4690.jpg',
      groundTruth: 'red',
      reward: null,
    });
    expect(record.fields.map(({ name }) => name)).toEqual(['question', 'answer_choice', 'pred_ans', 'status']);
  });

  it('has a total only where the writer defines one', async () => {
    expect((await recordOf('deepeyes-eval', { ...deepEyes, acc: 1 })).reward).toBe(1);
    const other = await recordOf('messages', { messages: trajectory('a.jpg'), score: 1, acc: 1 });
    expect(other.reward).toBeNull();
    expect(other.fields.map(({ name }) => name)).toEqual(['score', 'acc']);
  });

  it('knows the frame of DeepEyes, and of no other', () => {
    expect(traceFormat('deepeyes-eval').frames).toMatchObject({ tool: { spec: { kind: 'original' } } });
    for (const id of ['chain-of-focus-eval', 'geovista', 'messages'] as const)
      expect(traceFormat(id).frames).toEqual({});
  });

  it('reads the layouts of LLaMA-Factory and ms-swift, calls and observations included', async () => {
    const sharegpt = await recordOf('messages', {
      conversations: [
        { from: 'human', value: '<image>Where?' },
        { from: 'function_call', value: '{"name": "zoom", "arguments": {}}' },
        { from: 'observation', value: 'seen' },
        { from: 'gpt', value: 'There.' },
      ],
      images: ['a.jpg', 'b.jpg'],
    });
    expect(turnsOf(sharegpt)).toEqual([
      ['assistant', '<tool_call>\n{"name": "zoom", "arguments": {}}\n</tool_call>'],
      ['tool', 'seen'],
      ['assistant', 'There.'],
    ]);
    expect(sharegpt.imageName).toBe('a.jpg');
    expect(sharegpt.fields).toEqual([{ name: 'images', value: ['a.jpg', 'b.jpg'] }]);
    const columns = { conversations: { from: ['human', 'gpt'], value: ['<image>Where?', 'There.'] } };
    expect(turnsOf(await recordOf('messages', columns))).toEqual([['assistant', 'There.']]);
  });

  it("puts OpenAI's calls and reasoning where the parser looks for them, as they are written", async () => {
    const record = await recordOf('messages', {
      messages: [
        { role: 'user', content: [{ type: 'image', image: 'a.jpg' }] },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'hm',
          tool_calls: [{ id: 'x', type: 'function', function: { name: 'zoom', arguments: '{"bbox_2d": [1, 2,' } }],
        },
        { role: 'tool', tool_call_id: 'x', content: 'Error' },
      ],
    });
    expect(turnsOf(record)).toEqual([
      [
        'assistant',
        '<think>\nhm\n</think>\n<tool_call>\n{"name": "zoom", "arguments": {"bbox_2d": [1, 2,}\n</tool_call>',
      ],
      ['tool', 'Error'],
    ]);
    expect(record.imageName).toBe('a.jpg');
  });

  it('takes the answer of ms-swift’s inference from its own column', async () => {
    const messages = [{ role: 'user', content: '<image>Where?' }];
    expect(turnsOf(await recordOf('messages', { response: 'There.', messages, images: [{ path: 'a.jpg' }] }))).toEqual([
      ['assistant', 'There.'],
    ]);
  });

  it('without an answer is a sample, with the boxes of ms-swift’s grounding data in the frame it states', async () => {
    const objects = {
      ref: ['dog', 'cat'],
      bbox: [
        [1, 2, 3, 4],
        [5, 6],
      ],
      bbox_type: 'real',
    };
    const messages = [{ role: 'user', content: '<image>Find <ref-object>' }];
    expect(await recordOf('messages', { messages, images: ['a.jpg'], objects })).toMatchObject({
      kind: 'sample',
      response: '',
      truthBoxes: [{ box: { x1: 1, y1: 2, x2: 3, y2: 4 }, label: 'dog' }],
      statedFrames: { groundTruth: 'original' },
    });
    const relative = { ...objects, bbox_type: 'norm1' };
    expect(await recordOf('messages', { messages, objects: relative })).toMatchObject({
      statedFrames: { groundTruth: 'relative1' },
    });
  });
});

describe('images that the messages hold', () => {
  it('are never taken for a path when their bytes were taken out', async () => {
    const record = await recordOf('messages', { messages: trajectory('data:image/jpeg;base64,base64_image') });
    expect(record.imageName).toBeNull();
    expect(record.imageTrouble).toContain('taken out of the log');
  });

  it('stay in the log when they stand there as base64, and are read out of it one by one', async () => {
    const bytes = (kind: string) => Uint8Array.from(`\x89PNG\r\n${kind}${'x'.repeat(90)}`, (c) => c.charCodeAt(0));
    const uri = (kind: string) => `data:image/png;base64,${btoa(String.fromCharCode(...bytes(kind)))}`;
    const [asked, , called, , answered] = trajectory('');
    const row = {
      messages: [
        asked,
        { role: 'user', content: [image(uri('whole')), { type: 'text', text: 'Which colour?' }] },
        called,
        { role: 'user', content: [{ type: 'text', text: `see ![](${uri('first')})` }, image(uri('second'))] },
        answered,
      ],
      thumbnail: uri('thumbnail'),
      more: { bytes: [uri('more')] },
    };
    const record = await recordOf('messages', row);
    expect(record).toMatchObject({
      imageName: null,
      imageView: { kind: 'embedded', index: 0 },
      observations: [
        { turn: 1, name: 'image 2', view: { kind: 'embedded', index: 1 } },
        { turn: 1, name: 'image 3', view: { kind: 'embedded', index: 2 } },
      ],
    });
    expect(turnsOf(record)[1]).toEqual(['user', 'see ![](<image>)<image>']);
    expect(JSON.stringify(record)).not.toContain('iVBOR');
    const read = async (index: number) =>
      traceFormat('messages').embedded?.(line(row), { file: 'a.jsonl', line: 3 }, memoryDir({}), index);
    expect(await Promise.all([0, 1, 2].map(read))).toEqual(['whole', 'first', 'second'].map(bytes));
    expect(await read(3)).toBeNull();
  });

  it('of a column are the prompt’s and what came back, where there are as many as places for them', async () => {
    const messages = [
      { role: 'user', content: '<image>Where?' },
      { role: 'assistant', content: '<tool_call>{}</tool_call>' },
      { role: 'tool', content: '<tool_response><image></tool_response>' },
      { role: 'assistant', content: 'There.' },
    ];
    const all = await recordOf('messages', { messages, images: ['a.jpg', { path: 'crops/b.jpg' }] });
    expect(all.imageName).toBe('a.jpg');
    expect(all.observations).toEqual([{ turn: 1, name: 'b.jpg', view: { kind: 'file', path: 'crops/b.jpg' } }]);
    // Which of two places a single image belongs to is not told: it is the prompt's.
    const one = await recordOf('messages', { messages, images: ['a.jpg'] });
    expect(one.imageName).toBe('a.jpg');
    expect(one.observations).toEqual([{ turn: 1, name: 'image 2', view: { kind: 'blank' } }]);
  });

  it('came back as crops that GeoVista saved and DeepEyes took out', async () => {
    expect((await recordOf('geovista', geoVistaRow)).observations).toEqual([
      { turn: 1, name: 'crop_0.jpg', view: { kind: 'file', path: '/tmp/crop_0.jpg' } },
    ]);
    expect((await recordOf('deepeyes-eval', deepEyes)).observations).toEqual([
      { turn: 1, name: 'image 2', view: { kind: 'blank' } },
    ]);
  });

  it('are listed up to a thousand, however many a hostile row claims', async () => {
    const messages = [
      { role: 'assistant', content: 'x' },
      { role: 'user', content: '<image>'.repeat(100_000) },
    ];
    expect((await recordOf('messages', { messages })).observations).toHaveLength(1000);
  });

  it('are null bytes where their base64 is broken', async () => {
    const messages = trajectory(`data:image/png;base64,${'*'.repeat(100)}`);
    const text = line({ messages });
    const read = traceFormat('messages').embedded?.(text, { file: 'a.jsonl', line: 3 }, memoryDir({}), 0);
    expect(await read).toBeNull();
  });

  it('are named by a path in the messages when no column names one', async () => {
    expect((await recordOf('messages', { messages: trajectory('file:///data/a.jpg') })).imageName).toBe('/data/a.jpg');
  });
});

describe('a row that is broken', () => {
  it('says what is wrong, and where', async () => {
    expect(await read('geovista', { uid: 'u', image_path: 'a.jpg', error: 'CUDA out of memory' })).toMatchObject({
      record: null,
      problems: [
        {
          severity: 'error',
          file: 'a.jsonl',
          line: 3,
          message: 'The rollout failed when it was made: CUDA out of memory',
        },
      ],
    });
    expect(await read('messages', { messages: 'hello' })).toMatchObject({
      record: null,
      problems: [{ field: 'messages', message: '"messages" is a string; a list of messages is expected.' }],
    });
  });

  it('keeps the good messages', async () => {
    const { record, problems } = await read('messages', {
      messages: [
        { role: 'user', content: 'x' },
        7,
        { content: 'y' },
        { role: 'critic', content: [3] },
        { role: 'assistant', content: 'z' },
      ],
    });
    expect(turnsOf(record!)).toEqual([['assistant', 'z']]);
    expect(problems.map(({ message }) => message)).toEqual([
      '"messages" message 1 is a number, not an object; it was left out',
      '"messages" message 2 has no role; it was left out',
      '"messages" message 3 has the role "critic", read as what a tool returned',
      '"messages" message 3 holds a number where a part of its content is expected',
    ]);
  });
});

describe('a JSON array of such rows', () => {
  const rows = [
    {
      conversations: [
        { from: 'human', value: '<image>Where? "]}\\' },
        { from: 'gpt', value: 'There.' },
      ],
      images: ['a.jpg'],
    },
    { id: 2, message_list: [{ role: 'user', content: [{ type: 'image', image: 'b.jpg' }] }] },
  ];

  it('is known by its first elements, or by the beginning of a long one', async () => {
    const format = 'messages-json';
    expect(await detect(JSON.stringify(rows, null, 2), 'a.json')).toMatchObject({ format, files: ['a.json'] });
    expect(await detect(JSON.stringify(rows.slice(1)), 'a.json')).toMatchObject({ format });
    const long = { messages: [{ role: 'user', content: '<image>Where?' }], solution: 'x'.repeat(100_000) };
    expect(await detect(JSON.stringify([long]), 'a.json')).toMatchObject({ format });
    for (const other of [[], [1, 'x', [rows[0]]], rows[0], [{ messages: [{ role: 'user', content: 'Hello' }] }]])
      expect(await detect(JSON.stringify(other), 'a.json')).toBeNull();
    expect(await detect('[{"messages": ', 'a.json')).toBeNull();
  });

  it('reads an element as a line is read', async () => {
    const { record } = await traceFormat('messages-json').read(
      JSON.stringify(rows[0]),
      { file: 'a.json', line: 3, element: 0 },
      memoryDir({}),
    );
    expect(turnsOf(record!)).toEqual([['assistant', 'There.']]);
    expect(traceFormat('messages-json')).toMatchObject({ unit: 'element', arrayAt: [] });
  });
});
