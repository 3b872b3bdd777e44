import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { DataClient } from '../../../src/data/client';
import type { TraceQuery } from '../../../src/protocol/query';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

// Megabytes are written and scanned, some of them without threads.
vi.setConfig({ testTimeout: 90_000 });

const steps = [1, 2, 3];
const rowsAStep = 2400;
const filler = 'and reads on, '.repeat(200);

/** 20 MB: enough for threads. Every fifth response names a region, every third cannot be read. */
function dump(step: number): string {
  let text = '';
  for (let row = 0; row < rowsAStep; row++) {
    const box = row % 5 === 0 ? '[{"bbox_2d": [10, 10, 40, 40]}]' : 'none';
    const call = row % 3 === 0 ? '<tool_call>{broken</tool_call>' : '';
    const output = `<think>It looks ${filler}</think>${call}<answer>${box}</answer>`;
    text += verlLine({ input: `user\nWhere is ${row >> 3}?\nassistant\n`, output, score: row % 2, step, acc: row / 7 });
  }
  return text;
}

async function openRun(client: DataClient) {
  const folder = await makeFolder(Object.fromEntries(steps.map((step) => [`${step}.jsonl`, dump(step)])));
  return { folder, trace: await openTrace(client, folder) };
}

const query = (more: Partial<TraceQuery>): TraceQuery => ({ chips: [], where: '', sort: null, ...more });

it('gives a large log’s rewards first, and waits with what asks for its responses until they are read', async () => {
  const { client, log } = await startClient();
  const { trace } = await openRun(client);
  const { traceId, reports } = trace;
  const rows = steps.length * rowsAStep;
  await expect.poll(() => reports.at(-1)?.done, { timeout: 60_000 }).toBe(true);
  const done = reports.find((report) => report.done)!;
  expect(done).toMatchObject({ rollouts: rows, groups: rows / 8 });
  expect(done.measured).toBeLessThan(rows);

  const right = { kind: 'range', column: 'reward', from: 1, to: 1 } as const;
  const named = { kind: 'range', column: 'regions', from: 1, to: null } as const;
  const ask = (asked: TraceQuery) => client.call('trace/query', { traceId, query: asked });
  const [first, ...later] = await Promise.all([
    ask(query({ chips: [right] })),
    ask(query({ chips: [named] })),
    ask(query({ where: 'malformed = 1' })),
    ask(query({ sort: { column: 'turns', of: 'mean', descending: true } })),
  ]);
  expect(first.rows).toBe(rows / 2);
  expect(later.map((view) => view.rows)).toEqual([rows / 5, rows / 3, rows]);

  const info = await trace.scanned();
  expect(info.badges).toEqual({ ok: (rows * 2) / 3, repaired: 0, malformed: rows / 3, none: 0 });
  expect(info.troubledFiles.map(({ file, malformed }) => [file, malformed])).toEqual(
    steps.map((step) => [`${step}.jsonl`, rowsAStep / 3]),
  );
  expect(reports.at(-1)).toMatchObject({ done: true, measured: rows });
  expect((await client.call('trace/columns', { traceId })).find(({ name }) => name === 'regions')).toMatchObject({
    present: rows,
    about: 'Boxes in the response that could be read.',
  });
  expect(log).toEqual([]);
});

it('finds the same without threads', async () => {
  const alone = await startClient(() => null, join('nowhere', 'scan.js'));
  const { client } = await startClient();
  const { folder, trace } = await openRun(client);
  const other = await openTrace(alone.client, folder);
  expect(await trace.scanned()).toEqual(await other.scanned());
  const middle = { start: 440, count: 20 };
  expect(await trace.groups(middle.start, middle.count)).toEqual(await other.groups(middle.start, middle.count));
  const columns = (of: DataClient, traceId: number) => of.call('trace/columns', { traceId });
  expect(await columns(client, trace.traceId)).toEqual(await columns(alone.client, other.traceId));
  expect(other.reports.every(({ measured, rollouts }) => measured === rollouts)).toBe(true);
});

it('reads everything when its threads end at once, and says so', async () => {
  const broken = join(await makeFolder({ 'scan.js': 'process.exit(3);' }), 'scan.js');
  const { client, log } = await startClient(() => null, broken);
  const { trace } = await openRun(client);
  const info = await trace.scanned();
  expect(info).toMatchObject({ rollouts: steps.length * rowsAStep, problemCount: 1 });
  expect(info.problems[0]).toMatchObject({ severity: 'warning', file: '' });
  expect(info.badges.malformed).toBe((steps.length * rowsAStep) / 3);
  expect(log.some((line) => line.includes('ended with code 3'))).toBe(true);
});

it('is closed while threads are at work', async () => {
  const { client, log } = await startClient();
  const { trace } = await openRun(client);
  await client.call('trace/close', { traceId: trace.traceId });
  expect(log).toEqual([]);
});
