import { appendFile, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const pad = 'x'.repeat(6000);
const line = (i: number, score = i) =>
  verlLine({
    input: `user\nQuestion ${i >> 1}\n`,
    output: `<answer>${pad}</answer>`,
    score,
    step: 7,
    acc: i % 3,
    tag: `t${i % 2}`,
  });
const rows = 2000;

/** 12 MB: large enough to be worth an index. */
const large = (more = 0) => Array.from({ length: rows }, (_, i) => line(i, i + more)).join('');

/** The same with text that does not pack well: the packed file is what has to be large. */
function noisy(more: number): string {
  let seed = 1;
  const noise = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed.toString(36);
  };
  return Array.from({ length: rows }, (_, i) =>
    line(i, i + more).replace(pad, Array.from({ length: 1500 }, noise).join('')),
  ).join('');
}

async function setUp() {
  const folder = await makeFolder({ '7.jsonl': large() });
  const { client, cacheDir, log } = await startClient();
  const kept = async () => (await readdir(join(cacheDir, 'traces'))).filter((name) => name.endsWith('.index'));
  const reopened = async () => {
    const trace = await openTrace(client, join(folder, '7.jsonl'));
    const info = await trace.scanned();
    const reports = trace.reports.filter(({ traceId }) => traceId === trace.traceId);
    return { trace, info, reports };
  };
  const first = await reopened();
  while ((await kept().catch(() => [])).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [name = ''] = await kept();
  return {
    folder,
    file: join(folder, '7.jsonl'),
    client,
    log,
    first,
    reopened,
    kept,
    index: join(cacheDir, 'traces', name),
  };
}

/** Changes a reward in the middle of the file, where no fingerprint looks, and puts its time back. */
async function changeUnseen(file: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  const text = await readFile(file, 'latin1');
  const at = text.indexOf('"score":1000,');
  const handle = await open(file, 'r+');
  await handle.write('"score":9999,', at, 'latin1');
  await handle.close();
  await utimes(file, atime, mtime);
}

describe('a trace that is opened again', () => {
  it('is not scanned again: everything is as it was', async () => {
    const { file, client, first, reopened, log } = await setUp();
    const query = { chips: [{ kind: 'range', column: 'acc', from: 1, to: 1 }], where: '', sort: null } as const;
    const seen = async ({ trace }: typeof first) => ({
      groups: (await trace.groups(0, 1000)).map((group) => ({ ...group })),
      columns: await client.call('trace/columns', { traceId: trace.traceId }),
      found: (await client.call('trace/query', { traceId: trace.traceId, query })).rows,
      rollout: await trace.rollout(1999),
    });
    const before = await seen(first);
    await changeUnseen(file);
    const again = await reopened();
    // A scan would have met the other reward.
    expect(await seen(again)).toEqual(before);
    expect(before.groups[500]!.meanReward).toBe(1000.5);
    expect(again.info).toEqual(first.info);
    expect(again.reports).toHaveLength(1);
    expect(again.reports[0]).toMatchObject({ done: true, rollouts: rows, groups: rows / 2, sizesFrom: 0 });
    expect(new Set(again.reports[0]!.sizes)).toEqual(new Set([2]));
    expect(again.reports[0]!.bytesRead).toBe(again.trace.opened.bytes);
    expect(log.join('\n')).not.toContain('Error');
  });

  it('is scanned anew where its turns are to be read otherwise', async () => {
    const { file, client } = await setUp();
    await changeUnseen(file);
    const { traceId, scanned, groups } = await openTrace(client, file, { unsplit: ['7.jsonl'] });
    await scanned();
    expect((await groups(500, 1))[0]!.meanReward).toBe((9999 + 1001) / 2);
    await client.call('trace/close', { traceId });
  });

  it('goes on where its scan ended when the log grew', async () => {
    const { file, reopened, first } = await setUp();
    expect(first.info.problemCount).toBe(0);
    const more = line(1999, 7);
    await appendFile(file, more + line(2000).slice(0, 100));
    await changeUnseen(file);
    const again = await reopened();
    expect(again.info).toMatchObject({ rollouts: rows + 1, groups: rows / 2, problemCount: 1 });
    const groups = await again.trace.groups(0, 1000);
    expect(groups[500]!.meanReward).toBe(1000.5);
    expect(groups[999]).toMatchObject({ size: 3, meanReward: expect.closeTo((1998 + 1999 + 7) / 3) });
    expect(await again.trace.rollout(rows)).toMatchObject({ reward: 7, line: rows + 1 });

    await appendFile(file, line(2000).slice(100));
    const third = await reopened();
    expect(third.info).toMatchObject({ rollouts: rows + 2, groups: rows / 2 + 1, problemCount: 0 });
  });

  it.each([
    ['was written anew', async (file: string) => writeFile(file, large(9998 - 1000))],
    ['became shorter', async (file: string) => truncate(file, 11_000_000)],
  ])('is scanned anew when the log %s', async (_, change) => {
    const { file, reopened } = await setUp();
    await changeUnseen(file);
    await change(file);
    const { trace, info } = await reopened();
    expect(info.rollouts).toBeGreaterThan(1500);
    const groups = await trace.groups(0, 1000);
    expect(groups.every(({ attempt }) => attempt === undefined)).toBe(true);
    expect(groups[500]!.meanReward).toBeGreaterThan(1001);
    expect((await trace.rollout(1)).line).toBe(2);
  });

  it.each([
    ['damaged', (bytes: Buffer) => bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 50)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1000)],
    ['empty', () => Buffer.alloc(0)],
    ['of another version of V8', (bytes: Buffer) => bytes.fill(0x7f, 4, 8)],
  ])('is scanned anew when its index is %s, and indexed again', async (_, harm) => {
    const { file, index, reopened, log } = await setUp();
    const whole = await readFile(index);
    await writeFile(index, harm(Buffer.from(whole)));
    await changeUnseen(file);
    const { trace, info } = await reopened();
    expect(info).toMatchObject({ rollouts: rows, problemCount: 0 });
    expect((await trace.groups(0, 1000))[500]!.meanReward).toBe((9999 + 1001) / 2);
    while ((await stat(index)).size !== whole.length) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(log.join('\n')).not.toContain('Error');
  });
});

describe('a packed trace that is opened again', () => {
  it('is not scanned again until it is packed anew; what is read of it is unpacked when it is wanted', async () => {
    const folder = await makeFolder({ '7.jsonl.gz': gzipSync(noisy(0)) });
    const { client, cacheDir } = await startClient();
    const names = () => readdir(join(cacheDir, 'traces')).catch(() => []);
    const rewards = async () => {
      const trace = await openTrace(client, join(folder, '7.jsonl.gz'));
      const { rollouts } = await trace.scanned();
      const reports = trace.reports.filter(({ traceId }) => traceId === trace.traceId).length;
      return { rollouts, reports, mean: (await trace.groups(500, 1))[0]!.meanReward };
    };
    expect(await rewards()).toMatchObject({ rollouts: rows, mean: 1000.5 });
    while (!(await names()).some((name) => name.endsWith('.index')))
      await new Promise((again) => setTimeout(again, 10));
    const [unpacked = ''] = (await names()).filter((name) => name.startsWith('7.'));
    await rm(join(cacheDir, 'traces', unpacked));
    expect(await rewards()).toEqual({ rollouts: rows, reports: 1, mean: 1000.5 });
    expect(await names()).toContain(unpacked);
    await writeFile(join(folder, '7.jsonl.gz'), gzipSync(noisy(5)));
    expect(await rewards()).toMatchObject({ rollouts: rows, mean: 1005.5 });
  });
});

describe('small traces', () => {
  it('leave nothing behind', async () => {
    const folder = await makeFolder({ '7.jsonl': verlLine() });
    const { client, cacheDir } = await startClient();
    const { traceId, scanned } = await openTrace(client, folder);
    await scanned();
    await client.call('trace/close', { traceId });
    expect(await readdir(join(cacheDir, 'traces')).catch(() => [])).toEqual([]);
  });
});
