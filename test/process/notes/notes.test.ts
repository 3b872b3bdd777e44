import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import type { SidecarStamp } from '../../../src/protocol/notes';
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
    open: (...places: readonly string[]) => client.call('notes/open', { traceId, places }),
    find: (file: string, key: string, line: number) => client.call('notes/find', { traceId, file, key, line }),
    saveAs: (to: string, records: readonly AnnotationRecord[]) => client.call('notes/saveAs', { traceId, to, records }),
    slice: async (file: string, start = 0) =>
      JSON.parse(await client.call('notes/slice', { traceId, file, start })) as readonly AnnotationRecord[],
    rowsAt: (file: string, ...lines: readonly number[]) => client.call('notes/rows', { traceId, file, lines }),
    save: (
      file: string,
      stamp: SidecarStamp | null,
      records: readonly AnnotationRecord[],
      place: string | null = null,
    ) => client.call('notes/save', { traceId, file, place, stamp, records }),
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
    const path = join(log.folder, '7.jsonl.saccade');
    const reason = 'the folder may not be written';
    expect(await log.save('7.jsonl', null, [record('k', 1)])).toEqual({ kind: 'unwritable', path, reason });
    await chmod(log.folder, 0o755);
  });

  it('that cannot be written is kept in another folder, which comes before its own', async () => {
    // With what a save appends to it the name is longer than file systems take.
    const name = `${'7'.padStart(236, '0')}.jsonl`;
    const log = await openLog({ [name]: row('a') });
    const refused = await log.save(name, null, [record('k', 1)]);
    expect(refused).toMatchObject({ kind: 'unwritable', reason: 'its name is too long for this disk' });
    const place = join(await makeFolder(), 'kept', 'here');
    expect(await log.open(place)).toEqual([]);
    const saved = await log.save(name, null, [record('k', 1)], place);
    expect(await log.open()).toEqual([]);
    const [sidecar] = await log.open('/nowhere', place);
    expect(sidecar).toMatchObject({ file: name, place, records: 1 });
    expect(saved).toEqual({ kind: 'saved', stamp: sidecar?.stamp });
    await writeFile(join(log.folder, `${name}.saccade`), await readFile(sidecar?.path ?? '', 'utf8'));
    expect((await log.open(place))[0]?.place).toBe(place);
    expect((await log.open())[0]?.place).toBeNull();
  });
});

describe('a full disk', () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const path of mounted.splice(0)) spawnSync('umount', [path]);
  });

  /** Only root may make one, and not in every container. */
  async function smallDisk(): Promise<string | null> {
    const path = await makeFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status !== 0) return null;
    mounted.push(path);
    return path;
  }

  it('is told in words, and the sidecar of before stands', async (context) => {
    const disk = await smallDisk();
    if (disk === null) return context.skip();
    await writeFile(join(disk, '7.jsonl'), row('a'));
    const { client } = await startClient();
    const trace = await openTrace(client, disk);
    await trace.scanned();
    const { traceId } = trace;
    const save = (stamp: SidecarStamp | null, records: readonly AnnotationRecord[]) =>
      client.call('notes/save', { traceId, file: '7.jsonl', place: null, stamp, records });
    const first = await save(null, [record('k', 1)]);
    const many = Array.from({ length: 2000 }, (_, i) => record(`k${i}`, i));
    expect(await save(first.kind === 'saved' ? first.stamp : null, many)).toMatchObject({
      kind: 'unwritable',
      reason: 'the disk is full',
    });
    expect(await client.call('notes/open', { traceId, places: [] })).toMatchObject([{ records: 1 }]);
    expect((await readdir(disk)).sort()).toEqual(['7.jsonl', '7.jsonl.saccade']);
  });
});
