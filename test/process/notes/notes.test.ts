import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { makeFolder, openTrace, startClient } from '../data/openClient';

const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const row = (output: string, step = 7) =>
  JSON.stringify({ input: 'user\nWhere?\nassistant\n', output, gts: 'A', score: 1, step });

async function openLog(files: Readonly<Record<string, string>>) {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const trace = await openTrace(client, folder);
  await trace.scanned();
  const { traceId } = trace;
  return {
    folder,
    keys: async (...rows: readonly number[]) =>
      (await client.call('notes/keys', { traceId, rows })).map(({ key }) => key),
    open: () => client.call('notes/open', { traceId }),
    find: (file: string, key: string, line: number) => client.call('notes/find', { traceId, file, key, line }),
    saveAs: (to: string, records: readonly AnnotationRecord[]) => client.call('notes/saveAs', { traceId, to, records }),
    slice: (file: string, start = 0) => client.call('notes/slice', { traceId, file, start }),
    rowsAt: (file: string, ...lines: readonly number[]) => client.call('notes/rows', { traceId, file, lines }),
    save: (file: string, stamp: { size: number; changed: number } | null, records: readonly AnnotationRecord[]) =>
      client.call('notes/save', { traceId, file, stamp, records }),
  };
}

const record = (key: string, line: number, value = 2): AnnotationRecord => ({
  kind: 'rollout',
  key,
  hints: { line, step: 7 },
  notes: { total: noted(value) },
});

describe('keys of rollouts', () => {
  it('tell the occurrences of one response apart, and stand when rows come behind them', async () => {
    const lines = [row('same'), row('other'), row('same'), row('same', 8)];
    const first = await openLog({ '7.jsonl': lines.join('\n') });
    const keys = await first.keys(0, 1, 2, 3);
    expect(new Set(keys).size).toBe(4);
    const grown = await openLog({ '7.jsonl': [...lines, row('same')].join('\n') });
    expect(await grown.keys(0, 1, 2, 3)).toEqual(keys);
    const copied = await openLog({ '9.jsonl': lines.slice(0, 2).join('\n') });
    expect(await copied.keys(0, 1)).toEqual(keys.slice(0, 2));
  });

  it('find their rollouts again, also where lines were put before them', async () => {
    const before = await openLog({ '7.jsonl': [row('a'), row('b'), row('a')].join('\n') });
    const [, , third = ''] = await before.keys(0, 1, 2);
    expect(await before.find('7.jsonl', third, 3)).toEqual({ row: 2, group: 0, member: 2 });
    const after = await openLog({ '7.jsonl': [row('new'), row('a'), row('b'), row('a')].join('\n') });
    expect(await after.find('7.jsonl', third, 3)).toEqual({ row: 3, group: 0, member: 3 });
    expect(await after.find('8.jsonl', third, 3)).toBeNull();
    expect(await after.find('7.jsonl', 'nobody', 3)).toBeNull();
  });
});

describe('a sidecar', () => {
  it('is written beside its log, read in slices, and taken away when nothing is left in it', async () => {
    const log = await openLog({ '7.jsonl': [row('a'), row('b')].join('\n'), '8.jsonl': row('c', 8) });
    expect(await log.open()).toEqual([]);
    const before = await readFile(join(log.folder, '7.jsonl'), 'utf8');
    const many = Array.from({ length: 2500 }, (_, i) => record(`k${i}`, i + 1));
    const saved = await log.save('7.jsonl', null, many);
    expect(saved).toMatchObject({ kind: 'saved', stamp: { size: expect.any(Number) } });
    const [sidecar] = await log.open();
    expect(sidecar).toMatchObject({ file: '7.jsonl', version: 1, records: 2500, problems: [] });
    expect(await log.slice('7.jsonl')).toHaveLength(2000);
    expect((await log.slice('7.jsonl', 2000)).at(-1)).toEqual(record('k2499', 2500));
    expect(await log.rowsAt('7.jsonl', 1, 2, 3)).toEqual([0, 1, null]);
    expect(await log.rowsAt('8.jsonl', 1)).toEqual([2]);
    await log.save('7.jsonl', sidecar?.stamp ?? null, []);
    expect((await readdir(log.folder)).sort()).toEqual(['7.jsonl', '8.jsonl']);
    expect(await readFile(join(log.folder, '7.jsonl'), 'utf8')).toBe(before);
  });

  it('that somebody else wrote meanwhile is not written over', async () => {
    const log = await openLog({ '7.jsonl': row('a') });
    const saved = await log.save('7.jsonl', null, [record('k', 1)]);
    const stamp = saved.kind === 'saved' ? saved.stamp : null;
    await writeFile(join(log.folder, '7.jsonl.saccade'), 'theirs');
    expect(await log.save('7.jsonl', stamp, [record('k', 1, 3)])).toEqual({ kind: 'changed' });
    expect(await log.save('7.jsonl', null, [record('k', 1, 3)])).toEqual({ kind: 'changed' });
    expect(await readFile(join(log.folder, '7.jsonl.saccade'), 'utf8')).toBe('theirs');
    await expect(log.open()).rejects.toThrow('is no sidecar of Saccade');
  });

  it('goes with a copy of its log, never onto the log itself, and not with a folder of logs', async () => {
    const log = await openLog({ '7.jsonl': row('a') });
    const copy = join(log.folder, 'copy.jsonl');
    await log.saveAs(copy, [record('k', 1)]);
    expect(await readFile(copy, 'utf8')).toBe(row('a'));
    expect(await readFile(`${copy}.saccade`, 'utf8')).toContain('"key":"k"');
    await expect(log.saveAs(join(log.folder, '7.jsonl'), [])).rejects.toThrow('never written');
    const folder = await openLog({ '7.jsonl': row('a'), '8.jsonl': row('b', 8) });
    await expect(folder.saveAs(join(folder.folder, '9.jsonl'), [])).rejects.toThrow('several files');
  });

  it('that cannot be written leaves the old one and no half file', async () => {
    const log = await openLog({ '7.jsonl': row('a') });
    await log.save('7.jsonl', null, [record('k', 1)]);
    const [sidecar] = await log.open();
    await rm(join(log.folder, '7.jsonl'));
    await expect(log.save('7.jsonl', sidecar?.stamp ?? null, [record('k', 1, 3)])).rejects.toThrow('7.jsonl');
    expect(await readdir(log.folder)).toEqual(['7.jsonl.saccade']);
    expect((await log.open())[0]).toMatchObject({ records: 1 });
  });

  it.skipIf(process.getuid?.() === 0)('in a folder that may not be written says so', async () => {
    const log = await openLog({ '7.jsonl': row('a') });
    await chmod(log.folder, 0o555);
    await expect(log.save('7.jsonl', null, [record('k', 1)])).rejects.toThrow('the folder may not be written');
    await chmod(log.folder, 0o755);
  });
});
