import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { odysseyEpisode } from '../../fixtures/guiOdyssey';
import { plainPng } from '../../fixtures/images';
import { stepwiseTableFile } from '../../fixtures/tables';
import { makeFolder, openTrace, startClient } from './openClient';

const line = (row: unknown) => `${JSON.stringify(row)}\n`;
const asked = { role: 'user', content: 'Where?' };
const said = (content: string) => ({ role: 'assistant', content });

async function opened(files: Readonly<Record<string, string | Uint8Array>>, path = '') {
  const folder = await makeFolder(files);
  const { client } = await startClient(() => ({ width: 200, height: 100 }));
  const trace = await openTrace(client, join(folder, path));
  const info = await trace.scanned();
  return { folder, client, trace, info };
}

describe('results of verifiers', () => {
  const result = (id: number, reward: number) => ({
    example_id: id,
    prompt: [asked],
    completion: [said(`Answer ${reward}.`)],
    answer: 'left',
    reward,
    metrics: { exact: reward },
    is_completed: true,
  });

  it('are grouped by example, with their total and their metrics; a failed rollout is a problem', async () => {
    const failed = { ...result(1, 0), completion: null, error: 'the model did not answer' };
    const { trace, info } = await opened({
      'results.jsonl': [result(1, 1), result(2, 0), result(1, 0), failed].map(line).join(''),
    });
    expect(info).toMatchObject({
      format: 'verifiers-results',
      rollouts: 3,
      groups: 2,
      problemCount: 1,
      uncertainGroups: 0,
    });
    expect(info.problems).toMatchObject([{ line: 4, message: expect.stringContaining('did not answer') }]);
    expect(await trace.groups()).toMatchObject([{ size: 2, meanReward: 0.5 }, { size: 1 }]);
    expect(await trace.rollout(0)).toMatchObject({ reward: 1, groundTruth: 'left', response: 'Answer 1.' });
    expect(info.fields).toContain('exact');
  });
});

describe('traces of verifiers v1', () => {
  const node = (message: object, parent?: number) => ({
    ...(parent === undefined ? {} : { parent }),
    message,
    sampled: parent !== undefined,
  });
  const episode = (group: string, score: number | null, more: object = {}) => ({
    id: `${group}${score}`,
    task: { type: 'x', data: { answer: 'left' }, key: 'k' },
    group: { id: group },
    ok: true,
    traces: [
      {
        id: 't',
        task: { type: 'x', data: { answer: 'left' }, key: 'k' },
        agent: { name: 'solver' },
        nodes: [
          node(asked),
          node(said('First.'), 0),
          node({ role: 'tool', content: 'Seen.' }, 1),
          node(said('Left.'), 2),
          node(said('Other.'), 0),
        ],
        rewards: { exact: { score, weight: 0.5 }, format: score === null ? null : { score: 1, weight: 1 } },
        metrics: { turns: 2 },
      },
    ],
    ...more,
  });
  const step = (number: number, kind: string, ...rows: readonly object[]) => ({
    [`rollouts/step_${number}/${kind}/traces.jsonl`]: rows.map(line).join(''),
  });

  it('open path by path over training steps; validation and copies are left out, a missing score is no zero', async () => {
    const { trace, info } = await opened(
      {
        ...step(10, 'train/all', episode('a', 1), episode('a', 0)),
        ...step(10, 'train/effective', episode('a', 1)),
        ...step(10, 'eval/all', episode('v', 1)),
        ...step(9, 'train/all', episode('b', null), {
          id: 'x',
          task: {},
          traces: [],
          errors: [{ message: 'no model' }],
        }),
      },
      'rollouts',
    );
    expect(trace.opened.files).toEqual(['step_9/train/all/traces.jsonl', 'step_10/train/all/traces.jsonl']);
    expect(info).toMatchObject({ rollouts: 6, groups: 2, steps: [9, 10], problemCount: 1 });
    expect(info.problems).toMatchObject([{ line: 2, message: expect.stringContaining('no model') }]);
    const rows = await Promise.all([0, 1, 2, 3].map((row) => trace.rollout(row)));
    expect(rows.map(({ response, reward, element }) => [response, reward, element])).toEqual([
      ['First.\nSeen.\nLeft.', null, 0],
      ['Other.', null, 1],
      ['First.\nSeen.\nLeft.', 1.5, 0],
      ['Other.', 1.5, 1],
    ]);
    expect(rows[2]!.fields).toContainEqual({ name: 'exact.weight', value: 0.5 });
  });
});

describe('episodes of rLLM', () => {
  const chat = (...texts: readonly string[]) => [
    asked,
    ...texts.map((text, i) => (i % 2 === 0 ? said(text) : { role: 'user', content: text })),
  ];
  const episode = (id: string, steps: readonly object[], training: number) =>
    JSON.stringify(
      {
        training_step: training,
        epoch: 0,
        episode_id: id,
        task: { ground_truth: 'left' },
        is_correct: true,
        trajectories: [{ name: 'solver', uid: 'u', reward: 1, steps }],
      },
      null,
      2,
    );
  const name = (step: string, id: string) => `episodes/${step}/episode_hash0a1b_id${id}.json`;

  it('join the steps of a trajectory, rewards of steps as fields; rollouts of a task are a group, validation stays apart', async () => {
    const growing = [
      { chat_completions: chat('One.'), reward: 0.25 },
      { chat_completions: chat('One.', 'Go on.', 'Two.'), reward: 0.75 },
    ];
    const fresh = [
      { chat_completions: chat('One.'), reward: 0 },
      { chat_completions: chat('Anew.'), reward: 0 },
    ];
    const { trace, info } = await opened({
      [name('train_step_2_epoch_0', 'q_0')]: episode('q:0', growing, 2),
      [name('train_step_2_epoch_0', 'q_1')]: episode('q:1', fresh, 2),
      [name('val_step_2_epoch_0', 'q_0')]: episode('q:0', growing, 2),
      'episodes/train_step_2_epoch_0/batch_summary.json': '{}',
    });
    expect(info).toMatchObject({ format: 'rllm-episodes', rollouts: 2, groups: 1, steps: [2], problemCount: 0 });
    const [first, second] = await Promise.all([trace.rollout(0), trace.rollout(1)]);
    expect(first).toMatchObject({ reward: 1, response: 'One.\nGo on.\nTwo.' });
    expect(first!.fields).toContainEqual({ name: 'reward of step 2', value: 0.75 });
    expect(second!.response).toBe('One.\nWhere?\nAnew.');
  });
});

describe('a wandb table', () => {
  it('of verl is a rollout a sample, wide as it is; empty cells are none', async () => {
    const table = {
      columns: ['step', 'input_1', 'output_1', 'score_1', 'input_2', 'output_2', 'score_2'],
      data: [
        [1, 'Where?', 'Left.', 1, 'Who?', 'Me.', 0.5],
        [2, 'Where?', 'Right.', 0, null, null, null],
      ],
    };
    const { trace, info } = await opened(
      { 'val/generations_2_ab.table.json': JSON.stringify(table) },
      'val/generations_2_ab.table.json',
    );
    expect(info).toMatchObject({ format: 'wandb-table', rollouts: 3, steps: [1, 2], problemCount: 0 });
    const rows = await Promise.all([0, 1, 2].map((row) => trace.rollout(row)));
    expect(rows.map(({ step, prompt, response, reward }) => [step, prompt, response, reward])).toEqual([
      [1, 'Where?', 'Left.', 1],
      [1, 'Who?', 'Me.', 0.5],
      [2, 'Where?', 'Right.', 0],
    ]);
  });
});

describe('a table of a wandb artifact', () => {
  it('begins with plain values, and names images of the artifact', async () => {
    const cell = { _type: 'image-file', path: 'media/images/ab.png', sha256: 'x', size: 1, width: 200, height: 100 };
    const table = {
      _type: 'table',
      log_mode: 'IMMUTABLE',
      columns: ['step', 'prompt', 'completion', 'image'],
      data: [['3', 'Where?', 'Left.', cell]],
      ncols: 4,
      nrows: 1,
      column_types: { wb_type: 'typedDict', params: {} },
    };
    const { folder, trace, info } = await opened(
      { 'completions.table.json': JSON.stringify(table), 'media/images/ab.png': await plainPng() },
      'completions.table.json',
    );
    expect(info).toMatchObject({ format: 'wandb-table', rollouts: 1, steps: [3], images: { resolved: 1 } });
    expect((await trace.group(0)).image).toMatchObject({ ref: { path: join(folder, 'media/images/ab.png') } });
  });
});

describe('preference data', () => {
  it.each([
    ['TRL', 'pairs.jsonl', line({ prompt: 'Where?', chosen: 'Left.', rejected: 'Right.', margin: 2 })],
    [
      'TRL without a prompt',
      'pairs.jsonl',
      line({ chosen: [asked, said('Left.')], rejected: [asked, said('Right.')] }),
    ],
    [
      'ms-swift',
      'pairs.jsonl',
      line({ messages: [asked, said('Left.')], rejected_response: 'Right.', images: ['a.jpg'] }),
    ],
    [
      'ms-swift’s messages',
      'pairs.jsonl',
      line({ messages: [asked, said('Left.')], rejected_messages: [asked, said('Right.')] }),
    ],
    [
      'LLaMA-Factory',
      'dpo.json',
      JSON.stringify([
        {
          conversations: [{ from: 'human', value: 'Where?' }],
          chosen: { from: 'gpt', value: 'Left.' },
          rejected: { from: 'gpt', value: 'Right.' },
        },
      ]),
    ],
  ])('of %s is two rows of one group', async (_, file, content) => {
    const { trace, info } = await opened({ [file]: content }, file);
    expect(info).toMatchObject({ formatTitle: 'preference data', rollouts: 2, groups: 1, problemCount: 0 });
    const { rollouts } = await trace.group(0);
    expect(rollouts.map(({ preference, prompt, response }) => [preference, prompt, response])).toEqual([
      ['chosen', 'user\nWhere?', 'Left.'],
      ['rejected', 'user\nWhere?', 'Right.'],
    ]);
  });

  it('judged one by one is a row each, in any element of an array', async () => {
    const rows = [
      { messages: [asked, said('Left.')], label: true },
      { messages: [asked, said('Right.')], label: false },
    ];
    const { trace, info } = await opened({ 'kto.json': JSON.stringify(rows) }, 'kto.json');
    expect(info).toMatchObject({ format: 'preference-pairs-json', rollouts: 2 });
    expect(await trace.rollout(1)).toMatchObject({ preference: 'rejected', response: 'Right.', element: 1 });
  });
});

describe('labelled steps', () => {
  it('of PRM800K are the chosen steps with their ratings; the others are told', async () => {
    const completion = (text: string, rating: number | null) => ({ text, rating, flagged: null });
    const row = {
      labeler: 'a',
      question: { problem: 'What is 1 + 1?', ground_truth_answer: '2' },
      label: {
        steps: [
          { completions: [completion('No.', -1), completion('Add.', 1)], human_completion: null, chosen_completion: 1 },
          {
            completions: [completion('Bad.', -1)],
            human_completion: { text: 'By hand.', rating: null },
            chosen_completion: null,
          },
          { completions: [completion('It is 3.', -1)], human_completion: null, chosen_completion: null },
        ],
        finish_reason: 'found_error',
      },
    };
    const { trace, info } = await opened({ 'phase1_train.jsonl': line(row) }, 'phase1_train.jsonl');
    expect(info).toMatchObject({ format: 'prm800k', rollouts: 1, problemCount: 0 });
    const rollout = await trace.rollout(0);
    expect(rollout.turns.map(({ span }) => rollout.response.slice(span.start, span.end))).toEqual([
      'Add.',
      'By hand.',
      'It is 3.',
    ]);
    expect(rollout.stepLabels).toEqual([
      { turn: 0, label: 1, rationale: null },
      { turn: 2, label: -1, rationale: null },
    ]);
    expect(rollout.fields.find(({ name }) => name === 'alternatives')?.value).toMatchObject([
      { step: 1, text: 'No.', rating: -1 },
      { step: 2, text: 'Bad.' },
    ]);
  });

  it('of TRL are true and false, in lines and in tables', async () => {
    const row = { prompt: 'What is 1 + 1?', completions: ['Add.', 'It is 3.'], labels: [true, false] };
    const folder = await makeFolder({ 'steps.jsonl': line(row) });
    await writeFile(join(folder, 'steps.parquet'), await stepwiseTableFile(row));
    const { client } = await startClient();
    for (const name of ['steps.jsonl', 'steps.parquet']) {
      const trace = await openTrace(client, join(folder, name));
      await trace.scanned();
      expect((await trace.rollout(0)).stepLabels?.map(({ turn, label }) => [turn, label])).toEqual([
        [0, 1],
        [1, -1],
      ]);
    }
  });
});

describe('an episode of GUI-Odyssey', () => {
  it('is a turn a step, each with its screenshot, and its clicks in thousandths of it', async () => {
    const png = await plainPng();
    const { folder, client, trace, info } = await opened(
      {
        'data/annotations/0001.json': JSON.stringify(odysseyEpisode),
        'data/screenshots/0001_0.png': png,
        'data/screenshots/0001_1.png': png,
      },
      'data/annotations',
    );
    expect(info).toMatchObject({ format: 'gui-odyssey', rollouts: 1, problemCount: 0, images: { resolved: 1 } });
    const rollout = await trace.rollout(0);
    expect(rollout.turns).toHaveLength(5);
    expect(rollout.clicks.map(({ x, y, turn, field }) => [x, y, turn, field])).toEqual([[250, 500, 0, 'prediction']]);
    expect(rollout.response).toContain('SCROLL [500, 800] to [500, 200]');
    expect(rollout.observations?.map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 4]);
    const { frames } = await trace.group(0);
    expect(frames).toContainEqual(
      expect.objectContaining({ field: 'prediction', spec: { kind: 'relative1000' }, origin: 'format' }),
    );
    const view = await client.call('image/view', { traceId: trace.traceId, row: 0, observation: 1 });
    expect(view?.path).toBe(join(folder, 'data/screenshots/0001_1.png'));
  });
});
