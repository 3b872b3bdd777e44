import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everything, type TraceQuery } from '../../../src/protocol/query';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

/** Three prompts with two rollouts each; verl dumps every key that the reward function returned. */
const lines = [
  verlLine({ input: 'user\nA\n', score: 0, acc: false, overlong: -0.1, pred: 'left' }),
  verlLine({ input: 'user\nB\n', score: 1, acc: true, pred: 'right', Reward: 5 }),
  verlLine({ input: 'user\nC\n', score: 0.25, acc: true, pred: 'left' }),
  verlLine({ input: 'user\nA\n', score: 0, output: '<think>It was cut' }),
  verlLine({
    input: 'user\nB\n',
    score: 0.5,
    output: '<tool_call>{"name": "zoom", "arguments": {"bbox_2d": [0, 0, 4, 5]}}</tool_call>',
  }),
  // Python's json writes NaN as it is.
  verlLine({ input: 'user\nC\n', score: 'nan' }).replace('"nan"', 'NaN'),
];

async function openLines(written: readonly string[] = lines) {
  const folder = await makeFolder({ '7.jsonl': written.join('') });
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, '7.jsonl'));
  await trace.scanned();
  const { traceId } = trace;
  const query = (asked: Partial<TraceQuery>) =>
    client.call('trace/query', { traceId, query: { ...everything, ...asked } });
  /** Titles of the groups that a query finds, with their matching rows. */
  const found = async (asked: Partial<TraceQuery>) => {
    const { view } = await query(asked);
    const groups = await client.call('trace/groups', { traceId, start: 0, count: 10, view });
    return groups.map(({ title, rollouts }) => [title, ...rollouts.map(({ row }) => row)]);
  };
  return { ...trace, client, query, found };
}

describe('columns of a trace', () => {
  it('are every number and every short name, ours first; absent is not NaN', async () => {
    const { client, traceId } = await openLines();
    const columns = await client.call('trace/columns', { traceId });
    const byName = Object.fromEntries(columns.map((column) => [column.name, column]));
    expect(byName.reward).toMatchObject({ kind: 'number', role: 'total', present: 6, min: 0, max: 1 });
    expect(byName.overlong).toMatchObject({ role: 'field', present: 1, min: -0.1, max: -0.1 });
    expect(byName.acc).toMatchObject({ kind: 'number', present: 3, min: 0, max: 1 });
    expect(byName.pred).toMatchObject({ kind: 'category', present: 3, values: ['left', 'right'] });
    expect(byName.truncated).toMatchObject({ role: 'derived', min: 0, max: 1 });
    expect(byName.tool_calls).toMatchObject({ min: 0, max: 1 });
    // Nobody knows the frame of its one box.
    expect(byName.region_area).toBeUndefined();
    expect(byName.badge?.values).toEqual(['ok', 'none']);
    // SQL tells no case: a logged `Reward` must not be taken for the total.
    expect(byName['Reward (logged)']).toMatchObject({ role: 'field', present: 1, min: 5 });
    expect(byName.advantage).toBeUndefined();
  });

  it('sort groups by an aggregate and rows by value; NaN and then absent values come last', async () => {
    const { found } = await openLines();
    const byMean = { column: 'reward', of: 'mean', descending: true } as const;
    expect(await found({ sort: byMean })).toEqual([
      ['B', 1, 4],
      ['A', 0, 3],
      ['C', 2, 5],
    ]);
    expect(await found({ sort: { ...byMean, descending: false } })).toEqual([
      ['A', 0, 3],
      ['B', 4, 1],
      ['C', 2, 5],
    ]);
    expect(await found({ sort: { column: 'overlong', of: 'max', descending: true } })).toEqual([
      ['A', 0, 3],
      ['B', 1, 4],
      ['C', 2, 5],
    ]);
  });

  it('filter by ranges, names and a lasso, all of which must hold', async () => {
    const { found, query } = await openLines();
    const range = (column: string, from: number | null, to: number | null) =>
      ({ kind: 'range', column, from, to }) as const;
    // NaN is in no range.
    expect(await found({ chips: [range('reward', 0.25, null)] })).toEqual([
      ['B', 1, 4],
      ['C', 2],
    ]);
    const left = { kind: 'category', column: 'pred', values: ['left'] } as const;
    expect(await found({ chips: [range('reward', 0.25, null), left] })).toEqual([['C', 2]]);
    expect(await found({ chips: [range('zero_variance', 1, 1)] })).toEqual([['A', 0, 3]]);
    const triangle = [
      [-1, -1],
      [0.6, -1],
      [-1, 1.9],
    ] as const;
    expect(await found({ chips: [{ kind: 'lasso', x: 'reward', y: 'acc', points: triangle }] })).toEqual([['A', 0]]);
    expect(await query({ chips: [range('truncated', 1, 1)] })).toEqual({
      view: expect.any(Number),
      rows: 1,
      groups: new Uint32Array([0]),
      sizes: new Uint32Array([1]),
    });
    await expect(query({ chips: [range('acuracy', 0, 1)] })).rejects.toThrow(
      /no column “acuracy”. Columns: reward, step/,
    );
    await expect(query({ chips: [range('pred', 0, 1)] })).rejects.toThrow('holds names');
  });

  it('page through a large group in the view’s order, whose numbers stay the whole group’s', async () => {
    const many = Array.from({ length: 200 }, (_, row) => verlLine({ score: (row * 37) % 200 }));
    const { client, traceId, query } = await openLines(many);
    const { view, sizes } = await query({
      chips: [{ kind: 'range', column: 'reward', from: 0, to: 149 }],
      sort: { column: 'reward', of: 'mean', descending: true },
    });
    expect(sizes).toEqual(new Uint32Array([150]));
    const rewards: (number | null)[] = [];
    for (let after: number | undefined; rewards.length < 150; ) {
      const ask = { traceId, group: 0, view, ...(after === undefined ? {} : { after }) };
      const { rollouts, summary } = await client.call('trace/group', ask);
      rewards.push(...rollouts.map(({ reward }) => reward));
      after = rollouts.at(-1)!.row;
      expect(summary).toMatchObject({ size: 200, meanReward: expect.closeTo(99.5), sorted: expect.closeTo(74.5) });
      expect(summary.rollouts[0]).toMatchObject({ sorted: 149 });
    }
    expect(rewards).toEqual(Array.from({ length: 150 }, (_, i) => 149 - i));
    await expect(client.call('trace/groups', { traceId, start: 0, count: 1, view: 999 })).rejects.toThrow(
      /no longer held/,
    );
  });
});
