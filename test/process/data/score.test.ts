import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/core/reward/scoring/profile';
import { everything } from '../../../src/protocol/query';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const profile = builtInProfiles.find(({ id }) => id === 'active-o3-paper')!;

const zoom = (x2: number) => `<think>left</think>\n<answer>[{"bbox_2d": [0, 0, ${x2}, 40], "label": "kite"}]</answer>`;

/** The reward function logged `format` 1 for a response that has no answer, and a column of our own name. */
const lines = [
  verlLine({ output: zoom(40), score: 1, format: 1 }),
  verlLine({ output: '<think>I do not know.</think>', score: 1, format: 1, recomputed_format: 7 }),
  verlLine({ output: zoom(80), score: 1, format: true }),
];

async function open(written: readonly string[] = lines) {
  const folder = await makeFolder({ '1.jsonl': written.join('') });
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, '1.jsonl'));
  await trace.scanned();
  const columns = async () => {
    const all = await client.call('trace/columns', { traceId: trace.traceId });
    return Object.fromEntries(all.map((column) => [column.name, column]));
  };
  return { client, traceId: trace.traceId, columns };
}

describe('scoring a whole trace', () => {
  it('adds columns to filter by; what needs the image is absent, and no total is made of parts', async () => {
    const { client, traceId, columns } = await open();
    const told: number[] = [];
    client.on('score/progress', ({ done }) => told.push(done));
    const result = await client.call('score/all', { traceId, profile });
    expect(result).toEqual({ scored: 3, totals: 0, differing: 1 });
    expect(told.at(-1)).toBe(3);
    const found = await columns();
    expect(found.reward_differs).toMatchObject({ role: 'derived', present: 3, min: 0, max: 1 });
    expect(found.recomputed_total).toBeUndefined();
    expect(found.recomputed_coverage).toBeUndefined();
    // The log's own column keeps its name.
    expect(found.recomputed_format).toMatchObject({ role: 'field', max: 7 });
    expect(found['recomputed_format (computed)']).toMatchObject({ present: 3, min: 0, max: 1 });
    expect(found['recomputed_format (computed)']!.about).toContain('ACTIVE-O3 paper');
    const query = { ...everything, where: 'reward_differs = 1' };
    expect(await client.call('trace/query', { traceId, query })).toMatchObject({ rows: 1 });
  });

  it('gives way to other frames, under which the numbers would be others', async () => {
    const { client, traceId, columns } = await open();
    await client.call('score/all', { traceId, profile });
    await client.call('trace/override', { traceId, overrides: { components: [{ name: 'format', weight: 1 }] } });
    expect(await columns()).toHaveProperty('reward_differs');
    const frame = {
      dataSource: null,
      field: 'prediction',
      origin: 'user',
      reason: '',
      spec: { kind: 'original' },
    } as const;
    await client.call('trace/override', { traceId, overrides: { frames: [frame] } });
    expect(await columns()).not.toHaveProperty('reward_differs');
  });

  it('leaves the earlier numbers when it is stopped', async () => {
    const { client, traceId, columns } = await open(
      Array.from({ length: 3000 }, (_, row) =>
        verlLine({ input: `user\n${row}\n`, output: zoom(40), score: row, format: 1 }),
      ),
    );
    const stop = new AbortController();
    client.on('score/progress', () => stop.abort());
    await expect(client.call('score/all', { traceId, profile }, { signal: stop.signal })).rejects.toThrow();
    expect(await columns()).not.toHaveProperty('reward_differs');
    const logged = builtInProfiles.find(({ id }) => id === 'logged')!;
    expect(await client.call('score/all', { traceId, profile: logged })).toMatchObject({ totals: 3000, differing: 0 });
    expect((await columns()).recomputed_total).toMatchObject({ present: 3000, max: 2999 });
  });
});
