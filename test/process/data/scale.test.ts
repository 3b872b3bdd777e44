import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const rows = 200_000;
const perGroup = 8;

/** Rollouts of 25,000 prompts, the rows of a group far apart. */
async function writeLarge(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const groups = rows / perGroup;
  for (let from = 0; from < rows; from += 10_000) {
    let text = '';
    for (let row = from; row < from + 10_000; row++)
      text += verlLine({ input: `user\nQuestion ${row % groups}\n`, score: Math.floor(row / groups) });
    await handle.write(text);
  }
  await handle.close();
}

describe('a trace of 200,000 rows', () => {
  it('is paged while it is scanned, and its last page is right', async () => {
    const folder = await makeFolder();
    const file = join(folder, '7.jsonl');
    await writeLarge(file);
    const { client } = await startClient();
    const trace = await openTrace(client, file);
    while ((trace.reports.at(-1)?.groups ?? 0) < 20) await new Promise((resolve) => setTimeout(resolve, 1));
    // The first page is there long before the end of the file.
    expect(trace.reports.at(-1)!.done).toBe(false);
    expect(trace.reports.at(-1)!.bytesRead).toBeLessThan(trace.opened.bytes / 4);
    expect((await trace.groups(0, 20)).map(({ title }) => title)[19]).toBe('Question 19');
    expect((await trace.group(3)).rollouts[0]).toMatchObject({ row: 3 });

    expect(await trace.scanned()).toMatchObject({
      rollouts: rows,
      groups: 25_000,
      uncertainGroups: 0,
      problemCount: 0,
    });
    const page = await trace.groups(24_990, 100);
    expect(page).toHaveLength(10);
    expect(page[9]).toMatchObject({ title: 'Question 24999', size: perGroup, meanReward: 3.5 });
    const { rollouts } = await trace.group(24_999);
    expect(rollouts.map(({ row }) => row)).toEqual(Array.from({ length: perGroup }, (_, i) => 24_999 + i * 25_000));
    expect((await trace.rollout(rows - 1)).reward).toBe(7);

    // What the reports said adds up to the sizes as they are.
    const sizes: number[] = [];
    for (const { sizesFrom, sizes: changed } of trace.reports) sizes.splice(sizesFrom, changed.length, ...changed);
    expect(sizes).toHaveLength(25_000);
    expect(new Set(sizes)).toEqual(new Set([perGroup]));
    expect(trace.reports.at(-1)).toMatchObject({ done: true, bytesRead: trace.opened.bytes, rollouts: rows });
  });

  it('is scanned in slices: requests are answered all along', async () => {
    const folder = await makeFolder();
    const file = join(folder, '7.jsonl');
    await writeLarge(file);
    const { client } = await startClient();
    const trace = await openTrace(client, file);
    let answered = 0;
    while (trace.reports.at(-1)?.done !== true) {
      await trace.groups(0, 1);
      answered++;
    }
    // Slices of 8 ms leave room for far more; a scan that keeps the loop to itself answers once or twice.
    expect(answered).toBeGreaterThan(20);
  });

  it('can be closed in the middle of its scan', async () => {
    const folder = await makeFolder();
    const file = join(folder, '7.jsonl');
    await writeLarge(file);
    const { client } = await startClient();
    const trace = await openTrace(client, file);
    while (trace.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await client.call('trace/close', { traceId: trace.traceId });
    const told = trace.reports.length;
    await expect(trace.groups()).rejects.toThrow('no longer open');
    expect(await client.call('path/detect', { path: file })).not.toBeNull();
    expect(trace.reports).toHaveLength(told);
    expect(trace.reports.at(-1)!.done).toBe(false);
  });
});

describe('a group of hundreds', () => {
  it('is handed out by pages', async () => {
    const lines = Array.from({ length: 150 }, (_, i) => verlLine({ score: i }));
    const folder = await makeFolder({ '7.jsonl': lines.join('') });
    const { client } = await startClient();
    const { traceId, scanned, groups } = await openTrace(client, folder);
    await scanned();
    const [summary] = await groups();
    expect(summary).toMatchObject({ size: 150, meanReward: 74.5 });
    expect(summary!.rollouts).toHaveLength(64);
    const page = async (after: number) =>
      (await client.call('trace/group', { traceId, group: 0, after })).rollouts.map(({ reward }) => reward);
    expect(await page(63)).toHaveLength(64);
    expect(await page(127)).toEqual(Array.from({ length: 22 }, (_, i) => 128 + i));
    expect(await page(149)).toEqual([]);
    const listed = await client.call('trace/members', { traceId, group: 0, start: 140, count: 64 });
    expect(listed.map(({ row, member, reward }) => [row, member, reward])).toEqual(
      Array.from({ length: 10 }, (_, i) => [140 + i, 140 + i, 140 + i]),
    );
    await expect(page(150)).rejects.toThrow('Row 151 is not in group 1.');
  });
});

describe('a data child that is killed', () => {
  it('starts again on the next call; the trace is opened anew', async () => {
    const folder = await makeFolder({ '7.jsonl': verlLine().repeat(8) });
    const { client } = await startClient();
    const states: string[] = [];
    client.onState((state) => states.push(state));
    const trace = await openTrace(client, folder);
    await trace.scanned();
    process.kill(client.pid!, 'SIGKILL');
    while (client.state === 'running') await new Promise((resolve) => setTimeout(resolve, 1));
    await expect(trace.groups()).rejects.toThrow('no longer open');
    const again = await openTrace(client, folder);
    expect(await again.scanned()).toMatchObject({ rollouts: 8, groups: 1 });
    expect(states).toEqual(['starting', 'running', 'stopped', 'starting', 'running']);
  });
});
