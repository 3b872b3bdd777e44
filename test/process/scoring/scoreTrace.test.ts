import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PythonReward } from '../../../src/scoring/pythonReward';
import { type ScoredRollout, scoreGroups } from '../../../src/scoring/scoreTrace';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';

const python = spawnSync('python3', ['--version']).status === 0;

const source = `
def reward(data_source, solution_str, ground_truth, extra_info):
    if "bad" in solution_str:
        raise ValueError("nothing to read")
    hit = float(ground_truth in solution_str)
    return {"score": hit * 2, "hit": hit} if "plain" not in solution_str else hit
`;

async function* pages(...groups: readonly (readonly ScoredRollout[])[]) {
  yield* groups;
}

describe.skipIf(!python)('a trace scored by a Python reward', () => {
  it('has its totals and components as columns, and knows which rollouts have none, and why', async () => {
    const answers = ['A it is', 'no', 'plain A', 'bad'];
    const folder = await makeFolder({
      '7.jsonl': answers.map((output, i) => verlLine({ output, score: i === 0 ? 2 : 0 })).join(''),
      'reward.py': source,
    });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, '7.jsonl'));
    await trace.scanned();
    const { traceId } = trace;
    const { rollouts } = await trace.group(0);
    const told: string[] = [];
    const reward = new PythonReward({
      interpreter: 'python3',
      file: join(folder, 'reward.py'),
      name: 'reward',
      limit: 20_000,
      log: (text) => told.push(text),
    });
    const done: number[] = [];
    const scores = await scoreGroups(pages(rollouts), reward, (n) => done.push(n), new AbortController().signal);
    reward.dispose();
    expect(scores.totals).toEqual([2, 0, 1, Number.NaN]);
    expect(scores.components).toEqual({ hit: [1, 0, Number.NaN, Number.NaN] });
    expect(scores).toMatchObject({ missing: 1, reason: expect.stringContaining('nothing to read') });
    expect(told.join('')).toContain('ValueError: nothing to read');
    expect(done).toEqual([4]);
    const put = {
      traceId,
      title: 'reward.py:reward',
      rows: scores.rows,
      totals: scores.totals,
      components: scores.components,
    };
    expect(await client.call('score/put', put)).toEqual({ scored: 4, totals: 3, differing: 1 });
    const names = (await client.call('trace/columns', { traceId })).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['recomputed_total', 'recomputed_hit', 'reward_differs']));
    const query = { chips: [], where: 'reward_differs = 1', sort: null };
    const view = await client.call('trace/query', { traceId, query });
    expect(view.rows).toBe(1);
  });

  it.each([
    ['while it scores', 500],
    ['while it loads', 0],
  ])('ends at once when it is stopped %s', async (_, after) => {
    const folder = await makeFolder({ 'slow.py': 'import time\ndef f(solution_str):\n    time.sleep(60)\n' });
    const stop = new AbortController();
    const reward = new PythonReward({
      interpreter: 'python3',
      file: join(folder, 'slow.py'),
      name: 'f',
      limit: 60_000,
      log: () => undefined,
    });
    stop.signal.addEventListener('abort', () => reward.dispose());
    const one = { row: 0, dataSource: null, prompt: '', response: 'x', groundTruth: null, fields: [] };
    const scoring = scoreGroups(pages([one]), reward, () => undefined, stop.signal);
    setTimeout(() => stop.abort(), after);
    await expect(scoring).rejects.toThrow(/abort/i);
  });
});
