import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FrameChoice } from '../../../src/core/geometry/frame';
import type { StepOverview } from '../../../src/protocol/overview';
import { bundleCli, runCli } from '../cli/cliBundle';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';

const zoom = (text: string) => `<tool_call>{"name": "zoom", "arguments": {"bbox_2d": ${text}}}</tool_call>`;

/** A run of two steps: at the first, one group of both rewards and one of equal ones; at the second, one group. */
const files = {
  'run/rollouts/10.jsonl':
    verlLine({ step: 10, input: 'user\nWhere is A?\n', score: 1, acc: 1, output: zoom('[0, 0, 10, 10]') }) +
    verlLine({ step: 10, input: 'user\nWhere is A?\n', score: 0, acc: 0, output: '<tool_call>{"name": "zo' }) +
    verlLine({ step: 10, input: 'user\nWhere is B?\n', score: 0, acc: 0 }) +
    verlLine({ step: 10, input: 'user\nWhere is B?\n', score: 0, acc: null }),
  'run/rollouts/20.jsonl':
    verlLine({ step: 20, input: 'user\nWhere is A?\n', score: 1, acc: 1 }) +
    verlLine({ step: 20, input: 'user\nWhere is A?\n', score: 1, acc: 1 }),
  'run/experiment_log.jsonl': '{"step": 10, "actor": {"entropy": 0.5}}\n{"step": 20, "actor": {"entropy": NaN}}\n',
};

async function open() {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, 'run/rollouts'));
  await trace.scanned();
  return { client, ...trace };
}

describe('a run by its steps', () => {
  test('rewards, groups and actions of each step', async () => {
    const { client, traceId } = await open();
    const overview = await client.call('overview/steps', { traceId, columns: ['reward', 'acc'], right: null });
    expect(overview).toMatchObject({ complete: true, right: 1, rightFrom: 'values' });
    expect(overview.parts).toHaveLength(1);
    const { kind, steps, rollouts, malformed, outcomes, columns } = overview.parts[0] as StepOverview;
    expect([kind, [...steps], [...rollouts]]).toEqual(['training', [10, 20], [4, 2]]);
    expect(columns.map(({ name, role }) => [name, role])).toEqual([
      ['reward', 'total'],
      ['acc', 'field'],
    ]);
    expect([...(columns[0]?.series.mean ?? [])]).toEqual([0.25, 1]);
    expect([...(columns[1]?.series.count ?? [])]).toEqual([3, 2]);
    expect([...malformed]).toEqual([1 / 4, 0]);
    expect([outcomes.groups, outcomes.noSpread, outcomes.allRight, outcomes.allWrong].map((one) => [...one])).toEqual([
      [2, 1],
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
  });

  test('what is counted of a rollout is a series', async () => {
    const { client, traceId } = await open();
    const { parts } = await client.call('overview/steps', { traceId, columns: null, right: null });
    const columns = parts[0]?.columns ?? [];
    const counted = columns.filter(({ role }) => role === 'derived').map(({ name }) => name);
    expect(counted).toEqual(['regions', 'turns', 'tool_calls', 'response_length']);
  });

  test('a folder of validation is a series of its own', async () => {
    const folder = await makeFolder({ 'run/val_rollouts/10.jsonl': files['run/rollouts/10.jsonl'] });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'run/val_rollouts'));
    await trace.scanned();
    const { parts } = await client.call('overview/steps', { traceId: trace.traceId, columns: [], right: 1 });
    expect(parts.map(({ kind }) => kind)).toEqual(['validation']);
  });

  test('rows that say that they are of validation are, too', async () => {
    const folder = await makeFolder({
      'rollouts/10.jsonl':
        verlLine({ step: 10, score: 1, split: 'train' }) + verlLine({ step: 10, score: 0, split: 'val' }),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'rollouts'));
    await trace.scanned();
    const { parts } = await client.call('overview/steps', { traceId: trace.traceId, columns: ['reward'], right: 1 });
    expect(parts.map(({ kind, columns }) => [kind, columns[0]?.series.mean[0]])).toEqual([
      ['training', 1],
      ['validation', 0],
    ]);
  });

  test('of a step that a resumed run wrote anew, the newer attempt counts', async () => {
    const folder = await makeFolder({
      'rollouts/1.jsonl': verlLine({ step: 1, score: 0 }) + verlLine({ step: 1, score: 0 }),
      'rollouts/2.jsonl': verlLine({ step: 2, score: 0 }) + verlLine({ step: 2, score: 0 }),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'rollouts'));
    await trace.scanned();
    await client.call('trace/watch', { traceId: trace.traceId, visible: true });
    await writeFile(join(folder, 'rollouts/2.jsonl'), verlLine({ step: 2, score: 1, input: 'user\nAnother?\n' }));
    while ((trace.reports.at(-1)?.rollouts ?? 0) < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    const { parts } = await client.call('overview/steps', { traceId: trace.traceId, columns: ['reward'], right: null });
    expect([...(parts[0]?.rollouts ?? [])]).toEqual([2, 1]);
    expect([...(parts[0]?.columns[0]?.series.mean ?? [])]).toEqual([0, 1]);
    expect(parts[0]?.replaced).toBe(2);
  });

  test('the same prompt is found at every step, by prompt, truth and image', async () => {
    const { client, traceId } = await open();
    const { groups, total } = await client.call('trace/occurrences', { traceId, group: 0 });
    expect(total).toBe(2);
    expect(groups.map(({ step, size, meanReward }) => [step, size, meanReward])).toEqual([
      [10, 2, 0.5],
      [20, 2, 1],
    ]);
    expect((await client.call('trace/occurrences', { traceId, group: 1 })).total).toBe(1);
  });

  test('two columns as points: rows without a value in one of them are none', async () => {
    const { client, traceId } = await open();
    const { rows, x, total } = await client.call('overview/scatter', { traceId, x: 'acc', y: 'reward' });
    expect([[...rows], [...x], total]).toEqual([[0, 1, 2, 4, 5], [1, 0, 0, 1, 1], 5]);
    await expect(client.call('overview/scatter', { traceId, x: 'badge', y: 'reward' })).rejects.toThrow('numeric');
  });

  test('centres are binned where the frame is known, and counted where it is not', async () => {
    const folder = await makeFolder({
      'rollouts/1.jsonl': verlLine({ step: 1, input_size: '1000x1000', output: zoom('[0, 0, 100, 50]') }),
      'rollouts/9.jsonl': verlLine({ step: 9, output: zoom('[0, 0, 5, 5]') }),
    });
    const { client } = await startClient();
    const resize = { factor: 28, minPixels: 3136, maxPixels: 1e6, before: null };
    const frame: FrameChoice = {
      dataSource: null,
      field: 'tool',
      spec: { kind: 'input', resize },
      origin: 'user',
      reason: '',
    };
    const trace = await openTrace(client, join(folder, 'rollouts'), { frames: [frame] });
    await trace.scanned();
    const looked = await client.call('overview/looked', { traceId: trace.traceId });
    expect(looked?.early).toMatchObject({ fromStep: 1, toStep: 1, rollouts: 1, read: 1, centres: 1, unknown: 0 });
    expect(looked?.early.counts[24 * 0 + 1]).toBe(1);
    expect(looked?.late).toMatchObject({ fromStep: 9, centres: 0, unknown: 1 });
  });
});

describe('saccade info --by step', () => {
  let entry = '';
  beforeAll(async () => {
    entry = await bundleCli();
  });
  afterAll(() => rm(dirname(entry), { recursive: true, force: true }));

  test('prints the numbers the overview draws, and the trainer’s own beside them', async () => {
    const folder = await makeFolder(files);
    const path = join(folder, 'run/rollouts');
    const ran = await runCli(entry, await makeFolder(), ['info', path, '--by', 'step', '--json']);
    const document = JSON.parse(ran.out) as Record<string, never>;
    expect(document).toMatchObject({
      right: 1,
      rightFrom: 'values',
      parts: [
        {
          kind: 'training',
          steps: [
            {
              step: 10,
              rollouts: 4,
              malformed: 0.25,
              groups: 2,
              noSpread: 1,
              allWrong: 1,
              columns: {
                reward: { count: 4, mean: 0.25, std: 0.5, q05: 0, q50: 0, q75: 0.25, q95: 0.8499999999999996 },
              },
            },
            { step: 20, rollouts: 2, columns: { reward: { mean: 1, std: 0 } } },
          ],
        },
      ],
      trainer: [
        { file: '../experiment_log.jsonl', metrics: { 'actor/entropy': { steps: [10, 20], values: [0.5, null] } } },
      ],
    });
    const table = await runCli(entry, await makeFolder(), ['info', path, '--by', 'step']);
    expect(table.out.split('\n')[2]).toMatch(/^ +10 +4 +0\.25/);
    expect((await runCli(entry, await makeFolder(), ['info', path, '--by', 'day'])).code).toBe(2);
  });

  test('a trace without steps says so', async () => {
    const folder = await makeFolder();
    const pred_output = [
      { role: 'user', content: 'Which colour?' },
      { role: 'assistant', content: '<answer>A</answer>' },
    ];
    // DeepEyes' eval_vstar.py writes one such row for each sample, without a step.
    const row = {
      image: 'a.jpg',
      question: 'Which colour?',
      answer: 'red',
      pred_ans: 'A',
      pred_output,
      status: 'success',
    };
    await writeFile(join(folder, 'vstar.jsonl'), `${JSON.stringify(row)}\n`);
    const ran = await runCli(entry, await makeFolder(), ['info', join(folder, 'vstar.jsonl'), '--by', 'step']);
    expect(ran.out).toBe('No row logs a training step.\n');
  });
});
