import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

const user = { role: 'user', content: '<image>Where?' };
const said = { role: 'assistant', content: '<answer>[{"bbox_2d": [1, 2, 3, 4], "label": "x"}]</answer>' };
const blank = { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,' } };
const answer = said.content;
/** One row as each writer makes it, under a name that it gives. */
const rows: readonly (readonly [title: string, file: string, row: object])[] = [
  [
    'DeepEyes evaluation',
    'result_x.jsonl',
    { image: 'a', question: 'q', pred_output: [{ ...user, content: [blank] }, said] },
  ],
  ['GeoVista inference', 'inference_1.jsonl', { uid: 'u', image_path: 'a.jpg', pred_output: [user, said] }],
  ['message list', 'train.jsonl', { messages: [user, said], images: ['a.jpg'] }],
  ['ms-swift completions', 'completions.jsonl', { step: ['1'], prompt: ['Where?'], completion: [answer] }],
  [
    'RLLoggingBoard rollouts',
    'rollout_data_rank0.jsonl',
    { step: 1, prompt: 'Where?', response: answer, response_tokens: [answer], token_rewards: [1], reward: 1 },
  ],
  [
    'SkyRL evaluation',
    'global_step_1_evals/vstar.jsonl',
    { input_prompt: 'Where?', output_response: answer, score: 1, stop_reason: 'stop', env_class: 'x' },
  ],
  [
    'AReaL rollout dump',
    '3/17.jsonl',
    { task_id: 17, sample_idx: 0, head_version: 3, tail_version: 3, reward: 1, prompt: 'Where?', completion: answer },
  ],
];

describe('saccade info and rollouts', () => {
  it.each(rows)('%s', async (title, file, row) => {
    const path = join(folder.path, title, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(row)}\n`);
    const info = await runCli(entry, join(folder.path, 'cache'), ['info', path]);
    expect(info).toMatchObject({ code: 0, err: '' });
    expect(info.out).toContain(`${title}: ${path}`);
    expect(info.out).toMatch(/rollouts +1 in 1 groups/);
    expect(info.out).not.toContain('Problems');
    const rollouts = await runCli(entry, join(folder.path, 'cache'), ['rollouts', path, '--json']);
    expect(JSON.parse(rollouts.out)).toMatchObject({
      element: title === 'ms-swift completions' ? 0 : null,
      turns: [{ role: 'assistant', actions: [{ kind: 'answer' }] }],
      regions: [{ raw: { x1: 1, y1: 2, x2: 3, y2: 4 }, label: 'x' }],
    });
  });
});
