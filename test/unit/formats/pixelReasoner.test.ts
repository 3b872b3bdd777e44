import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { detectTrace, traceFormat } from '../../../src/formats/detect';
import { memoryDir } from './memoryDir';

const call =
  '<think>Closer.</think><tool_call>\n{"name": "crop_image_normalized", "arguments": {"bbox_2d": [0.1, 0.2, 0.3, 0.4], "target_image": 1}}\n</tool_call>';
const text = (said: string) => ({ text: said, type: 'text' });
const picture = (path: string) => ({ image: path, type: 'image', min_pixels: 200_704, max_pixels: 6_272_000 });
const crop = (path: string) => [text('\nHere is the cropped image (Image Size: 448x392):'), picture(path)];

/** As `experience_maker.py` dumps it: messages of qwen-agent, the last prompt, and `str` of the images. */
const conversation = (returned: readonly object[] = crop('/ckpt/logs/dumps_iter3/vstar-7/iter0.jpg')) => [
  [
    { role: 'system', content: [text('You are a helpful assistant.\n\n# Tools')] },
    { role: 'user', content: [picture('/data/vstar/sa_7.jpg'), text('What colour?')] },
    { role: 'assistant', content: [text(call)] },
    { role: 'user', content: returned },
    { role: 'assistant', content: [text('\\boxed{red}')] },
  ],
  '<|im_start|>system\n…',
  '[<PIL.Image.Image image mode=RGB size=1036x700 at 0x7F>, <PIL.Image.Image image mode=RGB size=448x392 at 0x7F>]',
];
const sample = (qid: string, more: object = {}) =>
  `${JSON.stringify({
    solutions: `${call}<|im_start|>user\nHere is the cropped image (Image Size: 448x392):<|vision_start|><|vision_end|><|im_end|>\n<|im_start|>assistant\n\\boxed{red}`,
    gts: ['red'],
    round0_correctness: 1,
    reward: 0.95,
    round0_nwait: 1,
    qids: qid,
    questions: '<|im_start|>system\nx<|im_end|>\n<|im_start|>user\nWhat colour?<|im_end|>\n<|im_start|>assistant\n',
    ...more,
  })}\n`.replace('{"solutions":', '{"solutions": ');
const path = 'dumps_iter3/vstar-7/conv.json';
const read = (document: unknown, files: Readonly<Record<string, string>> = {}, file = path) =>
  traceFormat('pixel-reasoner').read(JSON.stringify(document), { file, line: 1 }, memoryDir({ [file]: '', ...files }));

describe('a dump of Pixel-Reasoner', () => {
  it('opens with its turns, its image, the crop beside it and the pixels that the policy saw', async () => {
    const { record, problems } = await read(conversation(), { 'dumps_iter3/vstar-7/iter0.jpg': 'x' });
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      step: 3,
      reward: null,
      imageName: '/data/vstar/sa_7.jpg',
      inputSize: { width: 1036, height: 700 },
      fields: [{ name: 'qid', value: 'vstar-7' }],
      observations: [
        {
          turn: 1,
          name: 'iter0.jpg',
          view: { kind: 'file', path: 'dumps_iter3/vstar-7/iter0.jpg' },
          size: { width: 448, height: 392 },
        },
      ],
    });
    const { response, statedTurns } = record!;
    expect(statedTurns?.map(({ role, span }) => [role, response.slice(span.start, span.end)])).toEqual([
      ['assistant', call],
      ['user', '\nHere is the cropped image (Image Size: 448x392):<image>'],
      ['assistant', '\\boxed{red}'],
    ]);
  });

  it('takes a crop by its name beside the dump and from nowhere else', async () => {
    const elsewhere = { 'secret.jpg': 'x', 'dumps_iter3/iter0.jpg': 'x' };
    for (const name of ['../iter0.jpg', '/etc/passwd', '../../secret.jpg', '/ckpt/dumps_iter3/vstar-7/iter0.jpg'])
      expect((await read(conversation(crop(name)), elsewhere)).record?.observations).toMatchObject([
        { view: { kind: 'blank' } },
      ]);
  });

  it('says nothing of sizes where the images listed are not those of the messages', async () => {
    const [messages, prompt] = conversation();
    const { record } = await read([messages, prompt, '[<PIL.Image.Image image mode=RGB size=9x9 at 0x7F>]']);
    expect(record?.inputSize).toBeNull();
    expect(record?.observations?.[0]).not.toHaveProperty('size');
  });

  it('has the scores of its evaluation where these agree, and none where ranks disagree', async () => {
    const scored = async (log: string) =>
      (await read(conversation(), { 'sample.eval_iter3_0.jsonl': log, 'sample.eval_iter4_0.jsonl': sample('vstar-7') }))
        .record;
    expect(await scored(`torn{\n${sample('vstar-7')}${sample('vstar-7')}`)).toMatchObject({
      reward: 0.95,
      groundTruth: ['red'],
    });
    expect((await scored(sample('vstar-7')))?.fields).toContainEqual({ name: 'round0_correctness', value: 1 });
    expect(await scored(sample('vstar-7') + sample('vstar-7', { reward: 0 }))).toMatchObject({ reward: null });
    expect(await scored(sample('other'))).toMatchObject({ reward: null, groundTruth: null });
  });

  it('that is something else does not open, and says why', async () => {
    expect(await read({})).toMatchObject({ record: null, problems: [{ file: path }] });
    expect(await read([[7]])).toMatchObject({ record: null, problems: [{ severity: 'error' }] });
  });
});

describe('a line of samples', () => {
  const line = (row: string, file = 'sample.jsonl') =>
    traceFormat('pixel-reasoner-samples').read(row, { file, line: 1 }, memoryDir({}));

  it('opens with the trainer’s id, its total and turns by the chat tokens that were kept', async () => {
    const { record, problems } = await line(sample('q1'));
    expect(problems).toEqual([]);
    expect(record).toMatchObject({ step: null, uid: 'q1', reward: 0.95, groundTruth: ['red'] });
    const { turns } = parseResponse(record!.response, { dialect: 'generic' });
    expect(turns.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant']);
  });

  it('of an evaluation is of that evaluation', async () => {
    expect((await line(sample('q1'), 'sample.eval_iter12_3.jsonl')).record?.step).toBe(12);
  });
});

describe('the signatures', () => {
  const detect = (files: Readonly<Record<string, string>>, file: string | null = null) =>
    detectTrace({ dir: memoryDir(files), file });
  const dump = JSON.stringify(conversation());

  it('take one dump, a folder of them, and the logs of all evaluations', async () => {
    const format = 'pixel-reasoner';
    expect(await detect({ 'conv.json': dump }, 'conv.json')).toMatchObject({ format, files: ['conv.json'] });
    expect(await detect({ 'a/conv.json': dump, 'b/conv.json': dump, 'c/x.txt': '' })).toMatchObject({
      format,
      files: ['a/conv.json', 'b/conv.json'],
    });
    const logs = { 'dumps_iter3/a/conv.json': dump, 'dumps_iter4/a/conv.json': dump, 'sample.jsonl': sample('q') };
    expect(await detect(logs)).toMatchObject({ format, files: ['dumps_iter3/a/conv.json', 'dumps_iter4/a/conv.json'] });
    expect(await detect({ 'conv.json': '[{"role": "user"}]', 'a/conv.json': '{}' })).toBeNull();
  });

  it('keep training and evaluations apart', async () => {
    const format = 'pixel-reasoner-samples';
    const both = { 'sample.jsonl': sample('q'), 'sample.eval_iter1_0.jsonl': sample('q'), 'metrics_iter1.json': '{}' };
    expect(await detect(both)).toMatchObject({ format, files: ['sample.jsonl'] });
    expect(await detect(both, 'sample.eval_iter1_0.jsonl')).toMatchObject({ files: ['sample.eval_iter1_0.jsonl'] });
    const long = sample('q', { solutions: 'x'.repeat(99_999) });
    expect(await detect({ 'sample.jsonl': long })).toMatchObject({ format });
  });
});
