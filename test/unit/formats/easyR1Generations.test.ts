import { describe, expect, it } from 'vitest';
import { easyR1Generations } from '../../../src/formats/easyR1Generations';
import { memoryDir } from './memoryDir';

const place = { file: 'generations.log', line: 5 };
const read = (text: string) => easyR1Generations.read(text, place, memoryDir({}));
const detect = (files: Record<string, string>, file: string | null) =>
  easyR1Generations.detect({ dir: memoryDir(files), file });

/** As EasyR1's `FileGenerationLogger` writes a sample. */
const sample = (output: string, score = '1.0', truth = 'A') =>
  `[prompt] system\nYou see.\nuser\nWhere?\nassistant\n\n[output] ${output}\n[ground_truth] ${truth}\n[score] ${score}\n\n`;

describe('a sample of EasyR1', () => {
  it('opens with all lines of its texts', async () => {
    const { record, problems } = await read(sample('<think>a\n\nb</think>\n<answer>x</answer>', '0.5', '[1, 2, 3, 4]'));
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      step: null,
      prompt: 'system\nYou see.\nuser\nWhere?\nassistant\n',
      response: '<think>a\n\nb</think>\n<answer>x</answer>',
      groundTruth: '[1, 2, 3, 4]',
      truthBoxes: [{ box: { x1: 1, y1: 2, x2: 3, y2: 4 } }],
      reward: 0.5,
      imageName: null,
      fields: [],
    });
  });

  it('may hold the writer’s own words in its response', async () => {
    const talk = 'I say\n[score] 3\n[ground_truth] B\nand more';
    expect((await read(sample(talk))).record).toMatchObject({ response: talk, groundTruth: 'A', reward: 1 });
  });

  it('reads nan and Windows newlines', async () => {
    expect((await read(sample('x', 'nan').replaceAll('\n', '\r\n'))).record).toMatchObject({
      reward: Number.NaN,
      groundTruth: 'A',
      response: 'x',
    });
  });

  it('is refused when cut off, and opens without a reward when that is no number', async () => {
    const cut = sample('x').split('[score]')[0]!;
    expect(await read(cut)).toMatchObject({ record: null, problems: [{ ...place, severity: 'error' }] });
    expect(await read('[prompt] a\n[ground_truth] b\n[score] 1\n')).toMatchObject({ record: null });
    const { record, problems } = await read(sample('x', 'good'));
    expect(record?.reward).toBeNull();
    expect(problems).toMatchObject([{ field: 'score', message: '"score" is "good", not a number' }]);
  });
});

describe('the signature', () => {
  it('takes the log, also under another name, and the folder it is in', async () => {
    const found = { format: 'easyr1-generations', files: ['generations.log'] };
    expect(await detect({ 'generations.log': sample('x') }, 'generations.log')).toMatchObject(found);
    expect(await detect({ 'generations.log': sample('x'), 'experiment_log.jsonl': '' }, null)).toMatchObject(found);
    expect(await detect({ 'old.log': sample('x'.repeat(100_000)) }, 'old.log')).not.toBeNull();
    expect(await detect({ 'old.log': `[prompt] ${'x'.repeat(100_000)}` }, 'old.log')).not.toBeNull();
  });

  it('leaves other logs alone', async () => {
    for (const text of ['', '[prompt] alone\n', '[info] started\n[output] x\n', sample('x').slice(9)])
      expect(await detect({ 'generations.log': text }, 'generations.log')).toBeNull();
    expect(await detect({}, null)).toBeNull();
  });
});
