import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRuns } from '../../../src/data/process/runs/findRuns';
import { glance } from '../../../src/data/process/runs/glance';
import { CacheShelf } from '../../../src/supervise/cacheShelf';
import { temporaryFolder } from '../images/tables';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const shelf = () => new CacheShelf(at('cache'), 2 ** 20);
const never = new AbortController().signal;

async function put(name: string, text: string, changed?: Date): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
  if (changed !== undefined) await utimes(at(name), changed, changed);
}

const row = (step: number, score: number) =>
  JSON.stringify({ input: 'user\nWhere?\nassistant\n', output: 'there', gts: null, score, step });

beforeAll(async () => {
  folder = await temporaryFolder();
  await put('runs/a/rollouts/1.jsonl', [row(1, 0), row(1, 1)].join('\n'), new Date(1000));
  await put('runs/a/rollouts/2.jsonl', [row(2, 1), row(2, 3), '{"input": "cut o'].join('\n'), new Date(2000));
  await put('runs/a/checkpoint-10/9.jsonl', row(9, 0));
  await put('runs/b/generations.log', '[prompt] Where?\n[output] there\n[ground_truth] A\n[score] 1.0\n\n');
  await put('node_modules/x/rollouts/1.jsonl', row(1, 0));
  await put('data/labels.json', '{"images": [], "annotations": []}');
  await put('package.json', '{}');
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('the workspace’s runs', () => {
  it('are found where trainers put them: a folder of steps is one trace; checkpoints and packages are passed over', async () => {
    const { runs, complete } = await findRuns([folder.path], shelf(), never);
    expect(complete).toBe(true);
    expect(runs.map(({ name, folder: whole, format }) => ({ name, whole, format }))).toEqual([
      { name: 'runs/b', whole: true, format: 'easyr1-generations' },
      { name: 'runs/a/rollouts', whole: true, format: 'verl-dump' },
    ]);
  });

  it('are searched no further once nobody waits', async () => {
    expect(await findRuns([folder.path], shelf(), AbortSignal.abort())).toEqual({ runs: [], complete: false });
  });

  it('tell the last step and its mean reward from the newest file alone; a torn line is passed over', async () => {
    expect(await glance(at('runs/a/rollouts'), shelf())).toEqual({
      files: 2,
      bytes: expect.any(Number),
      changed: 2000,
      step: 2,
      reward: 2,
      rows: 2,
      partial: false,
    });
    // A long step is only begun to be looked at, from its end.
    const line = (score: number) =>
      `${JSON.stringify({ input: 'user\nWhat?\nassistant\n', output: 'x', score, step: 3, gts: 'x' })}\n`;
    await mkdir(at('long'), { recursive: true });
    await writeFile(at('long/3.jsonl'), line(0).repeat(300) + line(1).repeat(256));
    expect(await glance(at('long'), shelf())).toMatchObject({ step: 3, reward: 1, rows: 256, partial: true });
    expect(await glance(at('runs/b/generations.log'), shelf())).toMatchObject({
      files: 1,
      step: null,
      reward: Number.NaN,
    });
    expect(await glance(at('gone'), shelf())).toBeNull();
    expect(await glance(at('data/labels.json'), shelf())).toBeNull();
  });
});
