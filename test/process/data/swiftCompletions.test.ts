import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

const prompt = (question: string) =>
  `<|im_start|>user\n<|vision_start|>[151655 * 256]<|vision_end|>${question}<|im_end|>\n<|im_start|>assistant\n`;
const box = (numbers: string) => `<answer>[{"bbox_2d": [${numbers}], "label": "x"}]</answer>`;
const logStep = (step: number) =>
  `${JSON.stringify({
    step: Array.from({ length: 4 }, () => String(step)),
    prompt: ['Where is A?', 'Where is B?', 'Where is A?', 'Where is B?'].map(prompt),
    completion: [box('1, 2, 3, 4'), 'b0', 'a1', box('5, 6, 7, 8')],
    Format: [1, 0, 0, 1],
    advantages: [0.7, -0.7, -0.7, 0.7],
  })}\n`;

describe("ms-swift's completions", () => {
  it('open as groups of a step whose rows are elements of a line, torn last line and all', async () => {
    const folder = await makeFolder({ 'completions.jsonl': `${logStep(10)}${logStep(20)}{"step": ["30"` });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened).toMatchObject({ format: 'swift-completions', files: ['completions.jsonl'] });
    expect(await trace.scanned()).toMatchObject({
      rollouts: 8,
      groups: 4,
      uncertainGroups: 0,
      steps: [10, 20],
      fields: ['Format', 'advantages'],
      problems: [{ line: 3, element: null }],
      problemCount: 1,
    });
    expect((await trace.groups()).map(({ title, size, step }) => [title, size, step])).toEqual([
      ['Where is A?', 2, 10],
      ['Where is B?', 2, 10],
      ['Where is A?', 2, 20],
      ['Where is B?', 2, 20],
    ]);
    const { rollouts } = await trace.group(3);
    expect(rollouts.map(({ line, element, response }) => [line, element, response])).toEqual([
      [2, 1, 'b0'],
      [2, 3, box('5, 6, 7, 8')],
    ]);
    expect(rollouts[1]).toMatchObject({ reward: null, regions: [{ box: { x1: 5, y1: 6, x2: 7, y2: 8 } }] });
    expect(await trace.rollout(2)).toMatchObject({ line: 1, element: 2, response: 'a1' });
  });

  it("open in the Ray trainer's shape too", async () => {
    const sample = (completion: string, reward: number) =>
      `${JSON.stringify({ gen_step: 3, prompt: prompt('Where?'), completion, reward })}\n`;
    const folder = await makeFolder({ 'completions.jsonl': sample('a', 1) + sample('b', 0) });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'completions.jsonl'));
    expect(await trace.scanned()).toMatchObject({ rollouts: 2, groups: 1, steps: [3] });
    expect((await trace.groups())[0]).toMatchObject({ meanReward: 0.5, size: 2 });
    expect((await trace.rollout(1)).element).toBeNull();
  });
});
