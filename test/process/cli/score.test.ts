import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allShapes } from '../../fixtures/shapes/all';
import { temporaryFolder, writeTables } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);

interface Line {
  readonly id: string;
  readonly group: number;
  readonly step: number | null;
  readonly components: Readonly<Record<string, number | null>>;
  readonly total: number | null;
  readonly advantage: number | string | null;
  readonly logged: { readonly total: number | null; readonly components: object; readonly advantage: number | null };
  readonly notes?: Readonly<Record<string, string>>;
  readonly uncertain?: boolean;
}

async function score(...args: readonly string[]): Promise<readonly Line[]> {
  const ran = await saccade('score', ...args, '--json');
  expect(ran.err).toBe('');
  return ran.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const python = spawnSync('python3', ['--version']).status === 0;

/** Rewards of the reference's worked example. */
const rewards = [1, 2, 3, 4, 0, 0, 1, 5];
const boxes = (list: readonly (readonly number[])[]) =>
  `<think>There.</think><answer>${JSON.stringify(list.map((bbox_2d) => ({ bbox_2d, label: 'kite' })))}</answer>`;

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  await mkdir(at('verl'));
  const verl = (prompt: string, output: string, value: number, step: number) =>
    JSON.stringify({ input: `user\n${prompt}\nassistant\n`, output, gts: null, score: value, step });
  await writeFile(
    at('verl/7.jsonl'),
    [...rewards.map((r, i) => verl('Where?', `answer ${i}`, r, 7)), verl('Alone?', 'x', 3, 7)].join('\n'),
  );
  // A logger that trainers of several kinds use.
  const board = (prompt: string, reward: number, step: number) =>
    JSON.stringify({
      step,
      prompt,
      response: 'r',
      response_tokens: ['r'],
      logprobs: [0],
      token_rewards: [reward],
      reward,
    });
  await writeFile(
    at('rollout_data_rank0.jsonl'),
    [
      ...rewards.map((r) => board('Where?', r, 1)),
      ...[10, 10, 0, 2, 10, 10, 0, 2].map((r) => board('What?', r, 1)),
    ].join('\n'),
  );
  await mkdir(at('placed'));
  await sharp({ create: { width: 1288, height: 952, channels: 3, background: '#456' } })
    .png()
    .toFile(at('placed/a.png'));
  const placed = (response: string, reward: number) =>
    JSON.stringify({
      input: 'user\nFind kites\nassistant\n',
      output: response,
      gts: [{ bbox_2d: [110, 80, 250, 240], label: 'kite' }],
      score: reward,
      step: 1,
      image_path: 'a.png',
      box_frame: 'original',
      truth_frame: 'original',
      format: 1,
    });
  const three = [
    [108, 79, 256, 242],
    [462, 82, 636, 258],
    [678, 127, 750, 258],
  ];
  await writeFile(at('placed/1.jsonl'), [placed(boxes(three), 3), placed('no region', 0)].join('\n'));
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

describe('profiles of single systems, on logs as those write them', () => {
  const scored = async (format: string, profile: string) => {
    const shape = (await allShapes()).find((one) => one.format === format);
    const dir = at(`shape-${format}`);
    for (const [name, content] of Object.entries(shape?.files ?? {})) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), content);
    }
    const [first] = await score(join(dir, shape?.open ?? ''), '--profile', profile);
    return first;
  };

  it('Omni-R1: keyframes recomputed, the terms of other models as logged, its launch weights', async () => {
    const first = await scored('omni-r1', 'omni-r1');
    expect(first?.components).toMatchObject({ total_frame_reward: 0.8, total_overlap_reward: -0.2, sam_iou: 0.3 });
    expect(first?.total).toBeCloseTo(3.3, 12);
    expect(first?.logged.total).toBe(3.3);
  });

  it('SegAgent: the IoU of the last mask, and what its click added', async () => {
    expect(await scored('segagent', 'segagent')).toMatchObject({
      components: { iou: 0.5, click_gain: 0.5, clicks_kept: 1 },
      total: 0.5,
    });
  });

  it('adaptive pixel reasoning: a right answer is worth less where more of the group call tools than should', async () => {
    const row = (output: string) =>
      JSON.stringify({ input: 'user\nWhich?\nassistant\n', output, gts: '12', score: 1, step: 7 });
    const call = '<tool_call>\n{"name": "zoom", "arguments": {"bbox_2d": [1, 2, 30, 40]}}\n</tool_call>';
    const answer = (text: string) => `<answer>${text}</answer>`;
    await mkdir(at('tools'));
    await writeFile(
      at('tools/7.jsonl'),
      [call + answer('12'), answer('12'), call + answer('13'), answer('13')].map(row).join('\n'),
    );
    const lines = await score(at('tools'), '--profile', 'tool-ratio');
    expect(lines.map(({ total }) => total)).toEqual([expect.closeTo(1 - (0.5 - 0.2), 12), 1, 0, 0]);
    expect(lines[0]?.notes?.tool_ratio).toBe('2 of 4 call a tool');
  });

  it('Active-Zero: the questioner’s first term is known from its records, the whole is not', async () => {
    const first = await scored('active-zero', 'active-zero-questioner');
    expect(first).toMatchObject({ components: { calibrated: 0.5, format: null, penalty: null }, total: null });
    expect(first?.notes?.penalty).toContain('no number "penalty"');
  });
});

describe('saccade score', () => {
  it('takes the logged total as it stands, and verl’s advantages for a verl dump', async () => {
    const lines = await score(at('verl'), '--profile', 'logged', '--advantage', 'grpo');
    const std = Math.sqrt(24 / 7);
    lines.slice(0, 8).forEach(({ id, group, step, total, advantage, logged }, i) => {
      expect({ id, group, step, total }).toEqual({ id: `7.jsonl:${i + 1}`, group: 1, step: 7, total: rewards[i] });
      expect(advantage).toBeCloseTo(((rewards[i] ?? 0) - 2) / (std + 1e-6), 9);
      expect(logged).toEqual({ total: rewards[i], components: {}, advantage: null });
    });
    expect(lines[8]?.advantage).toBeCloseTo(3 / (1 + 1e-6), 12);
  });

  it('shows no advantages of a group of doubtful size unless it is told how', async () => {
    const lines = await score(at('verl'));
    expect(lines.filter(({ uncertain }) => uncertain === true).map(({ advantage }) => advantage)).toEqual(
      expect.arrayContaining([null]),
    );
  });

  it('takes a trainer it does not know for sample std and ε = 1e-4: the reference’s numbers', async () => {
    const lines = await score(at('rollout_data_rank0.jsonl'));
    const expected = ['-0.5400', '0.0000', '0.5400', '1.0801', '-1.0801', '-1.0801', '-0.5400', '1.6201'];
    expect(lines.slice(0, 8).map(({ advantage }) => Number(advantage).toFixed(4))).toEqual(expected);
    const population = await score(at('rollout_data_rank0.jsonl'), '--advantage', 'grpo-pop');
    const whole = ['-0.5773', '0.0000', '0.5773', '1.1546', '-1.1546', '-1.1546', '-0.5773', '1.7320'];
    expect(population.slice(0, 8).map(({ advantage }) => Number(advantage).toFixed(4))).toEqual(whole);
  });

  it('knows the other estimators; batch scales by every reward of the step', async () => {
    const first = async (name: string) =>
      (await score(at('rollout_data_rank0.jsonl'), '--advantage', name)).slice(0, 8).map(({ advantage }) => advantage);
    expect(await first('dr-grpo')).toEqual([-1, 0, 1, 2, -2, -2, -1, 3]);
    const rloo = await first('rloo');
    expect(rloo[7]).toBeCloseTo(5 - 11 / 7, 12);
    const all = [...rewards, 10, 10, 0, 2, 10, 10, 0, 2];
    const mean = all.reduce((sum, r) => sum + r, 0) / all.length;
    const std = Math.sqrt(all.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (all.length - 1));
    expect((await first('batch'))[7]).toBeCloseTo(3 / (std + 1e-4), 12);
  });

  it('takes ground truth from a dataset: COCO by image, JSON Lines and parquet by prompt, never the log’s instead', async () => {
    const hit = { name: 'hit', reward: 'coverage.matchedTruth', parameters: { minIou: 0.7 } };
    await writeFile(at('hit.json'), JSON.stringify({ id: 'hit', title: 'Hit', components: [hit] }));
    const hits = async (file: string) =>
      (await score(at('placed'), '--profile', at('hit.json'), '--gt', at(file))).map(({ total }) => total);
    // The first rollout's first box, and one that it did not find; kites are asked for, the boat is not.
    const annotation = (category_id: number, bbox: readonly number[], iscrowd = 0) => ({
      image_id: 7,
      category_id,
      bbox,
      iscrowd,
    });
    const coco = {
      images: [{ id: 7, file_name: 'val/a.png' }],
      categories: [
        { id: 1, name: 'kite' },
        { id: 2, name: 'boat' },
      ],
      annotations: [
        annotation(1, [108, 79, 148, 163]),
        annotation(1, [10, 700, 50, 50]),
        annotation(2, [462, 400, 9, 9]),
        annotation(1, [0, 0, 1288, 952], 1),
      ],
    };
    await writeFile(at('coco.json'), JSON.stringify(coco));
    expect(await hits('coco.json')).toEqual([0.5, 0]);
    const row = (image: string, box: readonly number[]) =>
      JSON.stringify({ problem: '<image>Find kites', image, solution: [{ bbox_2d: box, label: 'kite' }] });
    await writeFile(at('truth.jsonl'), `${row('b.png', [0, 0, 1, 1])}\n${row('x/a.png', [108, 79, 256, 242])}\n`);
    expect(await hits('truth.jsonl')).toEqual([1, 0]);
    await writeTables(
      `COPY (SELECT [{role: 'user', content: 'Find kites'}] AS prompt, {ground_truth: '[0, 0, 5, 5]', style: 'rule'} AS reward_model)
       TO '${at('truth.parquet')}' (FORMAT parquet)`,
    );
    expect(await hits('truth.parquet')).toEqual([0, 0]);
    await writeFile(at('elsewhere.jsonl'), `${row('b.png', [0, 0, 1, 1]).replace('kites', 'boats')}\n`);
    const ran = await saccade(
      'score',
      at('placed'),
      '--profile',
      at('hit.json'),
      '--gt',
      at('elsewhere.jsonl'),
      '--json',
    );
    expect(ran.err).toBe('1 group has no ground truth: No row of the dataset asks this prompt.\n');
    expect(
      ran.out
        .split('\n')
        .slice(0, 2)
        .map((line) => (JSON.parse(line) as Line).total),
    ).toEqual([null, null]);
  });

  it('recomputes each component on the image, and says why one cannot be', async () => {
    const [found, none] = await score(at('placed'), '--profile', 'active-o3-paper');
    expect(found).toMatchObject({
      components: { format: 1, no_overlap: 1, area_range: 0, coverage: 1 },
      total: 3,
      logged: { total: 3, components: { format: 1 } },
    });
    expect(none).toMatchObject({ components: { format: 0, no_overlap: 1, area_range: 0, coverage: 0 }, total: 1 });
    const unplaced = await score(at('verl'), '--profile', 'active-o3-paper');
    expect(unplaced[0]).toMatchObject({ components: { coverage: null }, total: null, advantage: null });
    expect(unplaced[0]?.notes?.coverage).toMatch(/image/i);
  });

  it('reads a profile that the user wrote, and names the field that is wrong in one', async () => {
    await writeFile(
      at('mine.json'),
      '{"id": "mine", "components": [{"name": "hit", "reward": "coverage.matchedTruth", "weight": 2, "parameters": {"minIou": 0.95}}]}',
    );
    const [found] = await score(at('placed'), '--profile', at('mine.json'));
    expect(found).toMatchObject({ components: { hit: 0 }, total: 0 });
    await writeFile(at('bad.json'), '{"id": "bad", "components": [{"reward": "nope"}]}');
    const bad = await saccade('score', at('placed'), '--profile', at('bad.json'));
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('components[0].reward must be one of');
    const absent = await saccade('score', at('placed'), '--profile', 'nothing-like-it');
    expect(absent.err).toContain('there is no profile nothing-like-it');
    expect((await saccade('score', at('placed'), '--advantage', 'ppo')).code).toBe(2);
    expect((await saccade('info', at('placed'), '--profile', 'logged')).err).toContain('--profile belongs to score');
  });

  it.skipIf(!python)('calls a reward in Python unchanged', async () => {
    await writeFile(
      at('mine.py'),
      'def compute_score(data_source, solution_str, ground_truth, extra_info=None):\n    return float(len(solution_str))\n',
    );
    const lines = await score(at('verl'), '--reward', `${at('mine.py')}:compute_score`);
    expect(lines[0]).toMatchObject({ components: { compute_score: 8 }, total: 8 });
    expect((await saccade('score', at('verl'), '--reward', 'mine.py')).err).toContain('expected FILE.py:FUNCTION');
  });
});
