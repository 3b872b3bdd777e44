import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTables } from '../images/tables';
import { makeFolder, openTrace, startClient } from './openClient';

/** Writes `count` rows of one step, four rollouts a prompt, as pandas lays TRL's columns out. */
async function writeStep(file: string, step: number, count: number): Promise<void> {
  await writeTables(`COPY (SELECT ${step}::BIGINT AS step, 'user' || chr(10) || 'Question ' || (i // 4) || '?' AS prompt,
    '<think>t</think><answer>[' || i || ', 2, 3000000, 4]</answer>' AS completion,
    CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE ELSE i / 10.0 END AS accuracy_reward, (i % 3)::DOUBLE AS format_reward,
    0.5::DOUBLE AS advantage FROM range(${count}) rows(i)) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
}

describe('TRL completions', () => {
  it('open as a folder of steps: grouped by prompt within a step, every row read again by its number', async () => {
    // Characters that DuckDB would take for a pattern stand in the folder's name.
    const folder = join(await makeFolder(), "run [1] it's");
    await mkdir(join(folder, 'completions'), { recursive: true });
    for (const step of [10, 9])
      await writeStep(join(folder, `completions/completions_${String(step).padStart(5, '0')}.parquet`), step, 8);
    const { client, log } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened).toMatchObject({
      format: 'trl-completions',
      files: ['completions/completions_00009.parquet', 'completions/completions_00010.parquet'],
    });
    const info = await trace.scanned();
    expect(info).toMatchObject({ rollouts: 16, groups: 4, uncertainGroups: 0, steps: [9, 10], problemCount: 0 });
    expect(info.fields).toEqual(['format_reward', 'advantage', 'accuracy_reward']);
    expect(await trace.groups()).toMatchObject(
      [9, 9, 10, 10].map((step, i) => ({ title: `Question ${i % 2}?`, size: 4, step, meanReward: Number.NaN })),
    );
    const odd = await trace.rollout(13);
    expect(odd).toMatchObject({ file: 'completions/completions_00010.parquet', line: 6, reward: null, step: 10 });
    expect(odd.regions[0]?.box).toEqual({ x1: 5, y1: 2, x2: 3000000, y2: 4 });
    expect(odd.fields).toEqual([
      { name: 'accuracy_reward', value: 0.5 },
      { name: 'format_reward', value: 2 },
      { name: 'advantage', value: 0.5 },
    ]);
    expect((await trace.rollout(0)).fields.map(({ name }) => name)).toEqual(['format_reward', 'advantage']);
    expect(log).toEqual([]);
  });

  it('stream: a large step is scanned whole, and its rows are read by number', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'completions_00001.parquet');
    await writeStep(file, 1, 50_000);
    const { client } = await startClient();
    const trace = await openTrace(client, file);
    expect(await trace.scanned()).toMatchObject({ rollouts: 50_000, groups: 12_500, uncertainGroups: 0 });
    expect(await trace.rollout(49_999)).toMatchObject({ line: 50_000, prompt: 'user\nQuestion 12499?' });
    expect(trace.reports.at(-1)).toMatchObject({ done: true, rollouts: 50_000 });
  });

  it('list a damaged step and open the others', async () => {
    const folder = await makeFolder();
    await writeStep(join(folder, 'completions_00001.parquet'), 1, 4);
    await writeFile(join(folder, 'completions_00002.parquet'), 'PAR1 cut off');
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    const info = await trace.scanned();
    expect(info).toMatchObject({ rollouts: 4, problemCount: 1 });
    expect(info.problems).toMatchObject([{ file: 'completions_00002.parquet', severity: 'error' }]);
  });

  it('say so when a step was written anew after it was opened', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'completions_00001.parquet');
    await writeStep(file, 1, 8);
    const { client } = await startClient();
    const trace = await openTrace(client, file);
    await trace.scanned();
    await writeStep(file, 100_000, 4);
    await expect(trace.rollout(0)).rejects.toThrow('changed after it was opened');
    await expect(trace.rollout(7)).rejects.toThrow('changed after it was opened');
  });
});
