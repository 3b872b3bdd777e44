import { describe, expect, it } from 'vitest';
import { verlDump } from '../../../src/formats/verlDump';
import { memoryDir, verlLine } from './memoryDir';

const read = (text: string, file = '7.jsonl') => verlDump.read(text.trimEnd(), { file, line: 3 }, memoryDir({}));
const recordOf = async (row: Record<string, unknown>) => (await read(verlLine(row))).record!;

describe('a row of a verl dump', () => {
  it('keeps what the reward function returned as fields, in the order of the log', async () => {
    const record = await recordOf({ acc: true, pred: 'A', overlong_reward: -0.5, request_id: 'r1' });
    expect(record).toMatchObject({ kind: 'rollout', step: 7, uid: null, reward: 1, groundTruth: 'A' });
    expect(record.fields).toEqual([
      { name: 'acc', value: true },
      { name: 'pred', value: 'A' },
      { name: 'overlong_reward', value: -0.5 },
      { name: 'request_id', value: 'r1' },
    ]);
  });

  it('takes the group from the left of uid, which may hold underscores itself', async () => {
    const record = await recordOf({ uid: 'a_b_3f_5_0' });
    expect(record.uid).toBe('a_b_3f');
    expect(record.fields).toEqual([{ name: 'uid', value: 'a_b_3f_5_0' }]);
    expect((await recordOf({ uid: 'prompt-17' })).uid).toBe('prompt-17');
  });

  it('opens older dumps without ground truth, and empty prompts', async () => {
    const { record, problems } = await read('{"input": "", "output": "x", "score": 0, "step": 7}');
    expect(record).toMatchObject({ prompt: '', groundTruth: null, reward: 0 });
    expect(problems).toEqual([]);
  });

  it('prefers score, and falls back to the reward of a validation dump', async () => {
    expect((await recordOf({ score: 2, reward: 3 })).fields).toEqual([{ name: 'reward', value: 3 }]);
    expect((await recordOf({ score: undefined, reward: 3 })).reward).toBe(3);
  });

  it('reads NaN as a reward that is no number, not as none', async () => {
    const { record, problems } = await read(verlLine().replace('"score":1', '"score":NaN'));
    expect(record?.reward).toBeNaN();
    expect(problems).toEqual([]);
  });

  it('takes image, input size and data source from rows that describe themselves', async () => {
    const row = { image_path: 'a/b.jpg', input_width: 2240, input_height: 1512, data_source: 'vstar' };
    expect(await recordOf(row)).toMatchObject({
      imageName: 'a/b.jpg',
      inputSize: { width: 2240, height: 1512 },
      dataSource: 'vstar',
      fields: [],
    });
    expect((await recordOf({ images: ['c.png', 'd.png'] })).imageName).toBe('c.png');
    expect((await recordOf({ input_size: '2240x1512' })).inputSize).toEqual({ width: 2240, height: 1512 });
  });

  it('takes group and frames from rows that state them', async () => {
    const row = { group_id: 17, box_frame: 'input', truth_frame: 'original', tool_frame: 'relative1000' };
    const record = await recordOf({ ...row, group_id: 'prompt-17' });
    expect(record.uid).toBe('prompt-17');
    expect(record.statedFrames).toEqual({ prediction: 'input', groundTruth: 'original', tool: 'relative1000' });
    expect(record.fields).toEqual([]);
    expect((await recordOf({ box_frame: 'furlongs' })).statedFrames).toEqual({});
  });
});

describe('what is wrong in a row is said with file, line and field', () => {
  const messages = async (text: string) => (await read(text)).problems;
  const place = { file: '7.jsonl', line: 3 };

  it('when the row still opens', async () => {
    expect(await messages(verlLine({ score: [1] }))).toMatchObject([
      { ...place, field: 'score', severity: 'warning', message: '"score" is a list, not a number' },
    ]);
    expect(await messages(verlLine({ score: undefined }))).toMatchObject([{ ...place, field: 'score' }]);
    expect(await messages(verlLine({ input: undefined }))).toMatchObject([{ ...place, field: 'input' }]);
    expect(await messages(verlLine({ step: 8 }))).toMatchObject([
      { field: 'step', message: '"step" is 8, but the file is named after step 7' },
    ]);
    expect(await messages(verlLine({ step: 'seven' }))).toMatchObject([{ field: 'step' }]);
  });

  it.each([
    ['[1, 2]', 'The line holds a list where an object is expected.', null],
    ['null', 'The line holds null where an object is expected.', null],
    ['{"input": "a", "score": 1, "step": 7}', '"output" is missing; a rollout needs its text.', 'output'],
    ['{"input": "a", "output": ["x"], "score": 1}', '"output" is a list; a rollout needs its text.', 'output'],
  ])('when it does not: %s', async (text, message, field) => {
    expect(await read(text)).toEqual({
      record: null,
      problems: [{ ...place, severity: 'error', element: null, field, message }],
    });
  });

  it('when it is no JSON', async () => {
    const { record, problems } = await read('{"input": "a", "output": "b');
    expect(record).toBeNull();
    expect(problems[0]?.message).toMatch(/^The line is not JSON: /);
  });
});
