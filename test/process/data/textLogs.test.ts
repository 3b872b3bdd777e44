import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

const line = (row: object) => `${JSON.stringify(row)}\n`;
const prompt = (question: string) => `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;
const zoom = '<tool_call>{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1, 2, 3, 4]}}</tool_call>';
/** Two turns with a tool's answer between them, special tokens kept. */
const response = `${zoom}<|im_end|>\n<|im_start|>user\n<tool_response><|vision_start|><|image_pad|><|vision_end|></tool_response><|im_end|>\n<|im_start|>assistant\n<answer>A</answer><|im_end|>`;

describe("RLLoggingBoard's rollouts", () => {
  it('open with every step of the file, turns where the special tokens stand, and lists of tokens as fields', async () => {
    const row = (step: number, question: string, reward: number) =>
      line({
        step,
        prompt: prompt(question),
        response,
        response_tokens: ['a'],
        logprobs: [-1],
        token_rewards: [1],
        reward,
      });
    const folder = await makeFolder({
      'rollout_data_rank0.jsonl': [1, 2].flatMap((s) => ['A?', 'B?', 'A?', 'B?'].map((q, i) => row(s, q, i))).join(''),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ format: 'rl-logging-board', rollouts: 8, groups: 4, steps: [1, 2] });
    const { rollouts, summary } = await trace.group(0);
    expect(summary).toMatchObject({ title: 'A?', meanReward: 1, size: 2 });
    expect(rollouts[0]!.turns.map(({ role, inferred }) => [role, inferred])).toEqual([
      ['assistant', false],
      ['tool', false],
      ['assistant', false],
    ]);
    expect(rollouts[0]!.regions).toMatchObject([{ field: 'tool', box: { x1: 1, y1: 2, x2: 3, y2: 4 } }]);
    expect(rollouts[0]!.fields).toContainEqual({ name: 'logprobs', value: [-1] });
  });
});

describe("SkyRL's evaluations", () => {
  it('open as one trace of steps', async () => {
    const row = (score: unknown) =>
      line({
        input_prompt: prompt('A?'),
        output_response: response,
        score,
        stop_reason: 'stop',
        env_class: 'x',
        env_extras: {},
        data_source: 'vstar',
      });
    const folder = await makeFolder({
      'global_step_10_evals/vstar.jsonl': row([0, 1]) + row(0.5),
      'global_step_10_evals/aggregated_results.jsonl': line({ 'eval/all/avg_score': 0.75 }),
      'global_step_5_evals/vstar.jsonl': row(0),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({
      format: 'skyrl-evals',
      rollouts: 3,
      steps: [5, 10],
      problemCount: 0,
    });
    expect((await trace.groups()).map(({ step, meanReward }) => [step, meanReward])).toEqual([
      [5, 0],
      [10, 0.75],
    ]);
    expect((await trace.rollout(0)).dataSource).toBe('vstar');
  });
});

describe("AReaL's rollouts", () => {
  it('open as one group for each task, also when one of it began with older weights', async () => {
    const row = (task: number, index: number, tail: number) =>
      line({
        task_id: task,
        sample_idx: index,
        seqlen: 9,
        prompt_len: 5,
        head_version: 1,
        tail_version: tail,
        reward: index,
        prompt: prompt('A?'),
        completion: response,
      });
    const folder = await makeFolder({
      '2/17.jsonl': row(17, 0, 2) + row(17, 1, 1),
      '2/18.jsonl': row(18, 0, 2) + row(18, 1, 2),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ format: 'areal', rollouts: 4, groups: 2, steps: [2] });
    expect((await trace.groups()).map(({ size, meanReward }) => [size, meanReward])).toEqual([
      [2, 0.5],
      [2, 0.5],
    ]);
  });
});

describe('a pickle', () => {
  it('is refused with the way to convert it, and not read', async () => {
    const folder = await makeFolder({ '7.pt': new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]) });
    const { client } = await startClient();
    await expect(openTrace(client, join(folder, '7.pt'))).rejects.toThrow(
      /pickle[\s\S]*torch\.load\("7\.pt"[\s\S]*7\.jsonl/,
    );
    expect(await client.call('path/detect', { path: join(folder, '7.pt') })).toBeNull();
  });
});
