import { describe, expect, it } from 'vitest';
import { r1vLog } from '../../../src/formats/r1vLog';
import { memoryDir } from './memoryDir';

const place = { file: 'debug_log.txt', line: 9 };
const read = (text: string) => r1vLog.read(text, place, memoryDir({}));
const detect = (name: string, content: string) => r1vLog.detect({ dir: memoryDir({ [name]: content }), file: name });

const boxes = '<think>There.</think><answer>{"bbox": [10, 20, 30, 40]}</answer>';

/** A record as VLM-R1's `iou_reward` writes it. */
function vlmR1(parts: { content?: string; reward?: string; path?: string; solution?: string; method?: string } = {}) {
  const { content = boxes, reward = '0.5', path = "['/data/coco/1.jpg']", solution = '[10, 20, 30, 44]' } = parts;
  return [
    `------------- 12-08-30-00-123456 Accuracy reward: ${reward} -------------`,
    ...(parts.method === undefined ? [] : [`accu_reward_method: ${parts.method}`]),
    `image_path: ${path}`,
    'problem: Where is the',
    'red boat?',
    `Content: ${content}`,
    `Solution: ${solution}`,
    '',
  ].join('\n');
}

describe('a record of VLM-R1', () => {
  it('opens with image, problem, response, solution and reward, however many lines each takes', async () => {
    const { record, problems } = await read(vlmR1({ content: '<think>a\n\nb</think>\n<answer>x</answer>' }));
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      step: null,
      uid: null,
      prompt: 'Where is the\nred boat?',
      response: '<think>a\n\nb</think>\n<answer>x</answer>',
      groundTruth: '[10, 20, 30, 44]',
      truthBoxes: [{ box: { x1: 10, y1: 20, x2: 30, y2: 44 }, label: null }],
      reward: 0.5,
      imageName: '/data/coco/1.jpg',
    });
    expect(record?.fields).toEqual([
      { name: 'time', value: '12-08-30-00-123456' },
      { name: 'reward_name', value: 'Accuracy reward' },
    ]);
    expect(record).not.toHaveProperty('imageDoubt');
  });

  it('takes the boxes of a solution out of its answer tags', async () => {
    const { record } = await read(vlmR1({ solution: '<answer>\n[1, 2, 3, 4]\n</answer>' }));
    expect(record?.truthBoxes).toEqual([{ box: { x1: 1, y1: 2, x2: 3, y2: 4 }, label: null }]);
  });

  it('reads the first of several paths and keeps them all; a bare path and None are read too', async () => {
    const several = (await read(vlmR1({ path: "['/a/it\\'s.jpg', '/b.jpg']" }))).record;
    expect(several?.imageName).toBe("/a/it's.jpg");
    expect(several?.fields).toContainEqual({ name: 'image_path', value: ["/a/it's.jpg", '/b.jpg'] });
    expect((await read(vlmR1({ path: '/a/b.jpg' }))).record?.imageName).toBe('/a/b.jpg');
    expect(await read(vlmR1({ path: 'None' }))).toMatchObject({ record: { imageName: null }, problems: [] });
    expect((await read(vlmR1({ path: '[]' }))).problems).toMatchObject([{ field: 'image_path', line: 9 }]);
  });

  it("marks a path that is only the batch's first sample's", async () => {
    const { record } = await read(vlmR1({ method: 'mcq' }));
    expect(record?.imageDoubt).toMatch(/first sample/);
    expect(record?.fields).toContainEqual({ name: 'accu_reward_method', value: 'mcq' });
    expect(record?.fields.map(({ name }) => name)).toContain('untrusted');
  });

  it('reads the shapes of other writers: 12 dashes, GLM with its sizes, nan', async () => {
    const glm = [
      '------------ 12-08-30-00-123456 IOU Accuracy reward:------------',
      `Content: ${boxes}`,
      'Solution: [10, 20, 30, 40]',
      'Input size: (336, 448), Image size: (480, 640)',
      'Reward: 0.25',
      '',
    ].join('\n');
    expect((await read(glm)).record).toMatchObject({
      reward: 0.25,
      groundTruth: '[10, 20, 30, 40]',
      inputSize: { width: 448, height: 336 },
      loggedImageSize: { width: 640, height: 480 },
    });
    expect((await read(vlmR1({ reward: 'nan' }))).record?.reward).toBeNaN();
    const { record, problems } = await read(vlmR1({ reward: 'tensor(1.)' }));
    expect(record?.reward).toBeNull();
    expect(problems).toMatchObject([{ field: 'reward', severity: 'warning' }]);
  });
});

it("reads Visual-RFT's lower-case record and its Python boxes", async () => {
  const { record, problems } = await read(
    [
      '------------- 12-08-30-00-123456 Accuracy reward of IoU: 0.9 -------------',
      "content: <think>t</think><answer>[{'Position': [1, 2, 3, 4], 'Confidence': 0.9}]</answer>",
      "sol: <answer>[{'Position': [1, 2, 3, 5], 'Confidence': 1}]</answer>",
      "student_answer_bbox: [{'Position': [1, 2, 3, 4], 'Confidence': 0.9}]",
      'iou_results: [0.9]',
      '',
    ].join('\n'),
  );
  expect(problems).toEqual([]);
  expect(record).toMatchObject({ reward: 0.9, prompt: '', imageName: null });
  expect(record?.truthBoxes).toEqual([{ box: { x1: 1, y1: 2, x2: 3, y2: 5 }, label: null }]);
  expect(record?.fields.slice(1)).toEqual([
    { name: 'reward_name', value: 'Accuracy reward of IoU' },
    { name: 'student_answer_bbox', value: [{ Position: [1, 2, 3, 4], Confidence: 0.9 }] },
    { name: 'iou_results', value: [0.9] },
  ]);
});

describe('records of several ranks are never glued', () => {
  const refusal = async (text: string) => {
    const { record, problems } = await read(text);
    expect(record).toBeNull();
    expect(problems).toMatchObject([{ ...place, severity: 'error' }]);
    return problems[0]?.message ?? '';
  };

  it('when one begins in the middle of a line of another', async () => {
    const torn = vlmR1();
    expect(await refusal(torn.slice(0, torn.indexOf('There.')) + vlmR1())).toContain('middle of a line');
  });

  it('when one is cut off', async () => {
    const whole = vlmR1();
    expect(await refusal(whole.slice(0, whole.indexOf('Solution')))).toContain('"Solution:"');
    expect(await refusal(whole.slice(0, whole.indexOf('Content')))).toContain('"Content:"');
  });

  it('when the rest of another follows', async () => {
    expect(await refusal(`${vlmR1()}the rest.</think>\nSolution: [1, 2, 3, 4]\n`)).toContain('more than one');
    const closed = vlmR1({ solution: '<answer>[1, 2, 3, 4]</answer>' });
    expect(await refusal(`${closed}5, 6]</answer>\n`)).toContain('follows');
  });

  it('and a record of another reward names no rollout', async () => {
    const format = '------------- 12-08-30-00-123456 Format reward -------------\nContent: x\nHas format: True\n';
    expect(await refusal(format)).toContain('Format reward');
  });
});

describe('the signature', () => {
  it('takes a log of accuracy rewards, also after a torn beginning, and a folder of logs', async () => {
    expect(await detect('debug_log.txt', vlmR1())).toMatchObject({ format: 'r1v-log', files: ['debug_log.txt'] });
    expect(await detect('run.log', `the rest of a record\n${vlmR1()}`)).not.toBeNull();
    const files = { 'a.txt': vlmR1(), 'b.txt': vlmR1(), 'notes.txt': 'x', 'a_format.txt': '' };
    expect(await r1vLog.detect({ dir: memoryDir(files), file: null })).toMatchObject({ files: ['a.txt', 'b.txt'] });
  });

  it('leaves other text alone', async () => {
    const format = '------------- 12-08-30-00-123456 Format reward -------------\nContent: x\nHas format: True\n';
    const others = [
      format,
      '------------- \n',
      'Content: x\nSolution: y\n',
      '',
      '# Notes\n-------------\nAccuracy reward: 1',
    ];
    for (const text of others) expect(await detect('a.txt', text)).toBeNull();
    expect(await detect('a.md', vlmR1())).toBeNull();
  });
});
