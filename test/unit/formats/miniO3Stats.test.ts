import { describe, expect, it } from 'vitest';
import { miniO3 } from '../../../src/formats/miniO3';
import { miniO3Stats } from '../../../src/formats/miniO3Stats';
import { memoryDir } from './memoryDir';

const look = '<think>Look.</think><grounding>{"bbox_2d": [0.1, 0.2, 0.3, 0.4], "source": "original_image"}</grounding>';
const rollout = (output: string, score: number, more: object = {}) => ({
  output,
  score,
  format_reward: 1,
  acc_reward: score,
  ...more,
});
/** An entry as `ray_trainer.py` writes it after a validation with `val_n` rollouts a question. */
const entry = (docId: unknown, rollouts: readonly unknown[], more: object = {}) => ({
  id: 0,
  doc_id: docId,
  input: 'system\nYou are a helpful assistant.\nuser\nWhat colour?\nassistant\n',
  ground_truth: 'red',
  data_source: 'vstar_bench',
  rollouts,
  pass_at_k: 0.5,
  ...more,
});
const two = entry('7', [
  rollout(`${look}\nuser\nAfter the above Action 0\nassistant\n<answer>red</answer>`, 1),
  rollout('no', 0),
]);
const place = { file: 'stats.json', line: 2, element: 0 };
const rows = async (row: unknown, files: Readonly<Record<string, string>> = {}) =>
  (await miniO3Stats.readAll?.(JSON.stringify(row), place, memoryDir(files))) ?? [];

describe('an entry of stats.json', () => {
  it('is a row a rollout, one group with its scores, and read again one by one', async () => {
    const files = { '7_1/original_image.jpg': 'x' };
    const [first, second] = await rows(two, files);
    expect(first).toMatchObject({
      element: 0,
      problems: [],
      record: {
        uid: '0',
        reward: 1,
        dataSource: 'vstar_bench',
        groundTruth: 'red',
        imageName: null,
        fields: [
          { name: 'doc_id', value: '7' },
          { name: 'pass_at_k', value: 0.5 },
          { name: 'format_reward', value: 1 },
          { name: 'acc_reward', value: 1 },
        ],
      },
    });
    expect(second).toMatchObject({ element: 1, record: { uid: '0', reward: 0, imageName: '7_1/original_image.jpg' } });
    const again = await miniO3Stats.read(JSON.stringify(two), { ...place, element: 1 }, memoryDir(files));
    expect(again.record).toEqual(second?.record);
  });

  it('with broken rollouts opens the others, each problem with its place', async () => {
    const broken = await rows(entry('7', [7, rollout('no', 0), { score: 1 }]));
    expect(broken.map(({ record }) => record?.response ?? null)).toEqual([null, 'no', null]);
    expect(broken.flatMap(({ problems }) => problems)).toMatchObject([
      { element: 0, field: 'rollouts', message: 'Rollout 0 is a number, not an object.' },
      { element: 2, field: 'output', message: '"output" is missing, not text.' },
    ]);
    for (const none of [entry('7', []), entry('7', null as never), 7])
      expect(await rows(none)).toMatchObject([{ record: null, element: null, problems: [{ severity: 'error' }] }]);
  });
});

describe('trajectories beside a stats.json', () => {
  const log = (said: string) =>
    `{"doc_id": "7_0", "initial_prompt": "<image>\\nWhat colour?", "ground_truth": "red"}\n${JSON.stringify({ turn_idx: 0, text_output: said })}\n`;
  const scored = async (said: string, stats: unknown, folder = '7_0') => {
    const file = `${folder}/traj.jsonl`;
    const files = {
      [file]: log(said),
      'stats.json': typeof stats === 'string' ? stats : JSON.stringify(stats, null, 4),
    };
    return (await miniO3.read(log(said), { file, line: 1 }, memoryDir(files))).record;
  };

  it('have the scores of their own rollout', async () => {
    const record = await scored(`${look}<|im_end|>`, [entry('1', [rollout(look, 0.25)]), two]);
    expect(record).toMatchObject({ reward: 1, dataSource: 'vstar_bench' });
    expect(record?.fields.map(({ name, value }) => [name, value])).toEqual([
      ['doc_id', '7_0'],
      ['pass_at_k', 0.5],
      ['format_reward', 1],
      ['acc_reward', 1],
    ]);
    // One rollout a question: the folder has no counter.
    expect((await scored(look, [entry(7, [rollout(look, 0.25)])], '7'))?.reward).toBe(0.25);
  });

  it('have those of the entry that fits, where a document stands in the data set twice', async () => {
    const other = entry('7', [rollout('<think>Another.</think>', 0.25), rollout('no', 0)]);
    expect((await scored(look, [other, two]))?.reward).toBe(1);
    expect((await scored('<think>Another.</think>', [other, two]))?.reward).toBe(0.25);
  });

  it('have none of another run’s, and none of a broken file', async () => {
    expect((await scored('<think>Another.</think>', [two]))?.reward).toBeNull();
    expect((await scored('', [two]))?.reward).toBeNull();
    for (const broken of ['', '{}', '[', '[7, {"doc_id": "7"']) expect((await scored(look, broken))?.reward).toBeNull();
    expect((await scored(look, `[7, ${JSON.stringify(two)}, {"doc`))?.reward).toBe(1);
  });
});

describe('the signature', () => {
  const detect = (files: Record<string, string>, file: string | null = null) =>
    miniO3Stats.detect({ dir: memoryDir(files), file });

  it('takes the file and its folder, with entries longer than the head too', async () => {
    expect(await detect({ 'stats.json': JSON.stringify([two], null, 4) }, 'stats.json')).not.toBeNull();
    expect(await detect({ 'stats.json': JSON.stringify([two]) })).toMatchObject({ files: ['stats.json'] });
    const long = JSON.stringify([entry('7', [rollout('x'.repeat(99_999), 1)])], null, 4);
    expect(await detect({ 'stats.json': long })).not.toBeNull();
    for (const other of ['[]', '{"doc_id": 1}', '[{"doc_id": 1, "input": "x", "rollouts": []}]', ''])
      expect(await detect({ 'stats.json': other })).toBeNull();
  });
});
