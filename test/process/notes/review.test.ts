import { describe, expect, it } from 'vitest';
import { reviewMark } from '../../../src/core/annotation/reviewMark';
import { everything, type TraceQuery } from '../../../src/protocol/query';
import type { MarkedRecord, ReviewStep } from '../../../src/protocol/review';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';

const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const reviewed = reviewMark({ reviewed: noted(true as const) });

/** Prompt A with rewards 0 and 1, prompt B twice with 1, prompt C with 0 and 4. */
const log = [
  verlLine({ input: 'A', output: 'a0', score: 0 }),
  verlLine({ input: 'A', output: 'a1', score: 1 }),
  verlLine({ input: 'B', output: 'b0', score: 1 }),
  verlLine({ input: 'B', output: 'b1', score: 1 }),
  verlLine({ input: 'C', output: 'c0', score: 0 }),
  verlLine({ input: 'C', output: 'c1', score: 4 }),
].join('');

async function openLog() {
  const { client } = await startClient();
  const trace = await openTrace(client, await makeFolder({ '7.jsonl': log }));
  await trace.scanned();
  const { traceId } = trace;
  const record = async (row: number, mark: MarkedRecord['mark']): Promise<MarkedRecord> => {
    const [place] = await client.call('notes/keys', { traceId, rows: [row] });
    if (place === undefined) throw new Error(`no row ${row}`);
    return { ...place, mark };
  };
  const query = async (asked: Partial<TraceQuery>) =>
    client.call('trace/query', { traceId, query: { ...everything, ...asked } });
  return {
    client,
    traceId,
    record,
    query,
    send: (records: readonly MarkedRecord[]) => client.call('review/mark', { traceId, records, rankings: [] }),
    mark: async (row: number, mark = reviewed) =>
      client.call('review/mark', { traceId, records: [await record(row, mark)], rankings: [] }),
    next: async (from: number | null, direction: ReviewStep['direction'] = 1, view?: number) => {
      const asked = { traceId, from, direction, ...(view === undefined ? {} : { view }) };
      const found = await client.call('review/next', asked);
      return found === null ? null : [found.row, found.wrapped];
    },
    progress: (view?: number) => client.call('review/progress', { traceId, ...(view === undefined ? {} : { view }) }),
  };
}

describe('the review queue', () => {
  it('goes to the next rollout that nobody reviewed, around the end of the list, until all are', async () => {
    const { mark, next, progress } = await openLog();
    expect(await next(null)).toEqual([0, false]);
    for (const row of [1, 2, 3]) await mark(row);
    expect(await progress()).toEqual({ rollouts: 6, reviewed: 3, groups: 3, reviewedGroups: 1 });
    expect(await next(0)).toEqual([4, false]);
    expect(await next(4, -1)).toEqual([0, false]);
    expect(await next(0, -1)).toEqual([5, true]);
    await mark(5);
    expect(await next(4)).toEqual([0, true]);
    await mark(0);
    // The one that is looked at is the last: there is no other.
    expect(await next(4)).toBeNull();
    await mark(3, null);
    expect(await next(4)).toEqual([3, true]);
  });

  it('keeps to the rows and the order of a view', async () => {
    const { mark, next, progress, query } = await openLog();
    const spread = { column: 'reward', of: 'std', descending: true } as const;
    const nonZero = { kind: 'range', column: 'zero_variance', from: 0, to: 0 } as const;
    const { view } = await query({ chips: [nonZero], sort: spread });
    expect(await progress(view)).toMatchObject({ rollouts: 4, groups: 2 });
    expect(await next(null, 1, view)).toEqual([5, false]);
    await mark(5);
    expect(await next(5, 1, view)).toEqual([4, false]);
    expect(await next(4, 1, view)).toEqual([1, false]);
    // A rollout that is not listed: from the beginning.
    expect(await next(2, 1, view)).toEqual([4, false]);
  });

  it('finds what a sidecar of another session says by its hints, and proves it by its key', async () => {
    const first = await openLog();
    const records = [await first.record(1, reviewed), await first.record(4, reviewed)];
    const { send, progress, next } = await openLog();
    const elsewhere = { ...records[0], key: 'of-another-log-altogether' } as MarkedRecord;
    expect(await send([...records, elsewhere])).toBe(2);
    expect(await progress()).toMatchObject({ reviewed: 2 });
    expect(await next(0)).toEqual([2, false]);
  });
});

describe('columns of what people said', () => {
  it('are filtered and sorted by as they stand, also where the same was asked before', async () => {
    const { mark, query, client, traceId } = await openLog();
    const open = { kind: 'range', column: 'reviewed', from: 0, to: 0 } as const;
    expect((await query({ chips: [open] })).rows).toBe(6);
    await mark(0);
    expect((await query({ chips: [open] })).rows).toBe(5);
    await mark(0, null);
    expect((await query({ chips: [open] })).rows).toBe(6);
    // The better one of A is said to be wrong, the better one of C right; C’s other one is worth 3.
    await mark(1, reviewMark({ labels: { 0: noted(1), 2: noted(-1) } }));
    await mark(5, reviewMark({ labels: { 0: noted(1) } }));
    await mark(4, reviewMark({ total: noted(3) }));
    const flips = await query({ chips: [], sort: { column: 'human_flip', of: 'sum', descending: true } });
    expect([...flips.groups]).toEqual([0, 2, 1]);
    const groups = await client.call('trace/groups', { traceId, start: 0, count: 3, view: flips.view });
    expect(groups.map(({ sorted }) => sorted)).toEqual([1, 1, Number.NaN]);
    const far = await query({ sort: { column: 'human_difference', of: 'max', descending: true } });
    expect([...far.groups]).toEqual([2, 0, 1]);
  });

  it('hold a ranking against the logged rewards of its group', async () => {
    const { record, query, client, traceId } = await openLog();
    const [a0, a1] = [await record(0, null), await record(1, null)];
    const [group] = await client.call('trace/groups', { traceId, start: 0, count: 1 });
    const flips = async (levels: readonly (readonly string[])[]) => {
      const rankings = [{ key: group?.key ?? '', levels }];
      await client.call('review/mark', { traceId, records: [], rankings });
      const columns = await client.call('trace/columns', { traceId });
      const column = columns.find(({ name }) => name === 'human_flip');
      if (column === undefined) return null;
      return (await query({ chips: [{ kind: 'range', column: 'human_flip', from: 1, to: 1 }] })).rows;
    };
    expect(await flips([[a0.key], [a1.key]])).toBe(2);
    expect(await flips([[a1.key], [a0.key, 'of-nobody']])).toBe(0);
    expect(await flips([])).toBeNull();
  });
});
