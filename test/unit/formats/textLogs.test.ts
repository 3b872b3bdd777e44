import { describe, expect, it } from 'vitest';
import { detectTrace, traceFormat } from '../../../src/formats/detect';
import type { FormatId } from '../../../src/formats/format';
import { pickleTrouble } from '../../../src/formats/pickles';
import { memoryDir } from './memoryDir';

const line = (row: object) => `${JSON.stringify(row)}\n`;
const detect = (files: Record<string, string>, file: string | null) => detectTrace({ dir: memoryDir(files), file });
const read = (format: FormatId, row: object, file: string) =>
  traceFormat(format).read(line(row), { file, line: 1 }, memoryDir({}));
const recordOf = async (format: FormatId, row: object, file: string) => (await read(format, row, file)).record!;

const prompt = '<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>Which?<|im_end|>\n<|im_start|>assistant\n';
const long = 'x'.repeat(100_000);
const board = {
  step: 4,
  prompt,
  response: '<answer>B</answer><|im_end|>',
  response_tokens: ['<answer', '>', 'B', '</answer>', '<|im_end|>'],
  logprobs: [-0.1, -0.2, -0.3, -0.1, 0],
  token_rewards: [0, 0, 0, 0, 1.1],
  reward: 1.2,
  ground_truth: 'B',
};
const skyRl = {
  input_prompt: prompt,
  output_response: 'B',
  score: 0.5,
  stop_reason: 'stop',
  env_class: 'gsm8k',
  env_extras: { reward_spec: { method: 'rule', ground_truth: 'B' } },
  data_source: 'test',
};
const arealRow = {
  task_id: 17,
  sample_idx: 1,
  seqlen: 9,
  prompt_len: 5,
  head_version: 2,
  tail_version: 3,
  reward: 1,
  prompt,
  completion: 'B<|im_end|>',
};

describe("RLLoggingBoard's rollouts", () => {
  const name = 'rollout_data_rank0.jsonl';

  it('are known by their token lists, by their name, and as a folder', async () => {
    expect(await detect({ 'renamed.jsonl': line(board) }, 'renamed.jsonl')).toMatchObject({
      format: 'rl-logging-board',
    });
    const { step, response, reward } = board;
    const validation = line({ step, prompt, response, reward, validation: true });
    expect(await detect({ [name]: validation }, name)).toMatchObject({ format: 'rl-logging-board' });
    expect(await detect({ 'other.jsonl': validation }, 'other.jsonl')).toBeNull();
    expect(await detect({ [name]: line({ ...board, prompt: long }) }, name)).not.toBeNull();
    expect(await detect({ [name]: line(board), 'rollout_data_rank1.jsonl': line(board) }, null)).toMatchObject({
      files: [name, 'rollout_data_rank1.jsonl'],
    });
  });

  it('have their total, and the numbers of each token', async () => {
    const record = await recordOf('rl-logging-board', board, name);
    expect(record).toMatchObject({ step: 4, reward: 1.2, groundTruth: 'B', prompt, response: board.response });
    expect(record.fields).toEqual([]);
    expect(record.tokens?.starts).toEqual([0, 7, 8, 9, 18]);
    expect(record.tokens).toMatchObject({ rewards: board.token_rewards, logprobs: board.logprobs, values: null });
  });
});

describe("SkyRL's evaluations", () => {
  const folders = {
    'global_step_10_evals/test.jsonl': line(skyRl),
    'global_step_10_evals/aggregated_results.jsonl': line({ 'eval/all/avg_score': 0.5 }),
    'global_step_5_evals/test.jsonl': line(skyRl),
  };

  it('are known as a file, one folder, and all of them by step; the metrics beside them are no rollouts', async () => {
    expect(await detect(folders, null)).toMatchObject({
      format: 'skyrl-evals',
      files: ['global_step_5_evals/test.jsonl', 'global_step_10_evals/test.jsonl'],
    });
    expect(await detect({ 'a.jsonl': line({ ...skyRl, input_prompt: long }) }, 'a.jsonl')).not.toBeNull();
    const metrics = { 'aggregated_results.jsonl': line({ 'eval/all/avg_score': 0.5 }) };
    expect(await detect(metrics, 'aggregated_results.jsonl')).toBeNull();
  });

  it('have the step of their folder, and the sum of scores per token', async () => {
    const file = 'global_step_10_evals/test.jsonl';
    expect(await recordOf('skyrl-evals', skyRl, file)).toMatchObject({
      step: 10,
      reward: 0.5,
      groundTruth: 'B',
      dataSource: 'test',
    });
    const perToken = await recordOf('skyrl-evals', { ...skyRl, score: [0, 0.25, 1] }, file);
    expect(perToken.reward).toBe(1.25);
    expect(perToken.fields).toContainEqual({ name: 'score', value: [0, 0.25, 1] });
    const { record, problems } = await read('skyrl-evals', { ...skyRl, score: 'good' }, file);
    expect(record!.reward).toBeNull();
    expect(problems).toMatchObject([{ field: 'score', severity: 'warning' }]);
  });
});

describe("AReaL's rollouts", () => {
  it('are known as a file, a version and all versions in numeric order', async () => {
    expect(await detect({ '17.jsonl': line(arealRow) }, '17.jsonl')).toMatchObject({ format: 'areal' });
    expect(await detect({ '17.jsonl': line(arealRow), '9.jsonl': line(arealRow) }, null)).toMatchObject({
      format: 'areal',
      files: ['9.jsonl', '17.jsonl'],
    });
    expect(await detect({ '10/3.jsonl': line(arealRow), '9/20.jsonl': line(arealRow) }, null)).toMatchObject({
      files: ['9/20.jsonl', '10/3.jsonl'],
    });
    const { prompt: _, ...rest } = arealRow;
    expect(await detect({ '17.jsonl': line({ ...rest, prompt: long }) }, '17.jsonl')).not.toBeNull();
  });

  it('have the version of their folder for a step, and their task for a group', async () => {
    expect(await recordOf('areal', arealRow, '5/17.jsonl')).toMatchObject({ step: 5, uid: '17', reward: 1 });
    const alone = await recordOf('areal', arealRow, '17.jsonl');
    expect(alone.step).toBeNull();
    expect(alone.fields).toContainEqual({ name: 'tail_version', value: 3 });
  });
});

describe('a pickle', () => {
  it.each(['7.pt', 'policy.pth', 'a.b.pkl', 'episodes.pkl.gz', 'X.PICKLE'])('%s is refused with two lines', (name) => {
    const [why, load, write, ...more] = pickleTrouble(name)!.split('\n');
    expect(why).toContain('never');
    expect(load).toContain(`"${name}"`);
    expect(write).toContain('.jsonl"');
    expect(more).toEqual([]);
  });

  it('of a step keeps it', () => {
    expect(pickleTrouble('7.pt')).toContain('"step": 7');
    expect(pickleTrouble('eval_7.pt')).toContain('"step": 0');
  });

  it('is told by its ending alone', () => {
    for (const name of ['7.jsonl', 'pt', 'prompt', 'a.pt.jsonl']) expect(pickleTrouble(name)).toBeNull();
  });
});
