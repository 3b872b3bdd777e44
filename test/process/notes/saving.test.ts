import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { readSidecar, writeSidecar } from '../../../src/core/annotation/sidecar';
import { bundleChild } from '../childBundle';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';
import type { DyingWrite, Fate } from './dyingWriter';

const record = (key: string, value: number): AnnotationRecord => ({
  kind: 'rollout',
  key,
  hints: { line: 1, step: 7 },
  notes: { total: { author: 'Ada', time: '2026-01-02T03:04:05.000Z', value } },
});
const log = { head: '', size: 0 };
const old = writeSidecar(log, [record('a', 1)]);
const next = writeSidecar(log, [record('a', 2), record('b', 3)]);

/** Saves in a process of its own. What it said, and the signal that ended it. */
async function save(path: string, text: string, fate: Fate) {
  const write: DyingWrite = { path, text, fate };
  const child = fork(await bundleChild('test/process/notes/dyingWriter.ts'), [JSON.stringify(write)], { execArgv: [] });
  let said: unknown = null;
  child.on('message', (message) => {
    said = message;
  });
  const [, signal] = await once(child, 'exit');
  return { said, signal };
}

const logFolder = () => makeFolder({ '7.jsonl': verlLine(), '7.jsonl.saccade': old });

async function opened(folder: string) {
  const { client } = await startClient();
  const trace = await openTrace(client, folder);
  await trace.scanned();
  return { client, traceId: trace.traceId };
}

describe('a writer that is killed during a save', () => {
  const bytes = Buffer.byteLength(next);
  const fates: [string, Fate, string][] = [
    ...[0, 1, 17, next.indexOf('\n'), next.indexOf('\n') + 1, Math.floor(bytes * 0.7), bytes - 1, bytes].map(
      (at): [string, Fate, string] => [`after ${at} of ${bytes} bytes`, { bytes: at }, old],
    ),
    ...(['sync', 'close', 'rename'] as const).map((before): [string, Fate, string] => [
      `before its ${before}`,
      { before },
      old,
    ]),
    ['between the rename and the flush of the folder', { before: 'folder' }, next],
  ];

  it.each(fates)('%s leaves one whole file', async (_, fate, wanted) => {
    const folder = await logFolder();
    const path = join(folder, '7.jsonl.saccade');
    expect((await save(path, next, fate)).signal).toBe('SIGKILL');
    expect(readFileSync(path, 'utf8')).toBe(wanted);
  });

  it('leaves parts that the next opening does not mind; a later save cleans them up', async () => {
    const folder = await logFolder();
    const path = join(folder, '7.jsonl.saccade');
    await save(path, next, { bytes: 30 });
    await save(path, next, { before: 'rename' });
    const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(parts()).toHaveLength(2);
    const { client, traceId } = await opened(folder);
    const [sidecar] = await client.call('notes/open', { traceId, places: [] });
    expect(sidecar).toMatchObject({ records: 1, problems: [] });
    // One of them may still be written by somebody; the other was left an hour ago.
    utimesSync(join(folder, parts()[0]!), 0, Date.now() / 1000 - 3600);
    const saved = { traceId, file: '7.jsonl', place: null, stamp: sidecar!.stamp, records: [record('a', 4)] };
    expect(await client.call('notes/save', saved)).toMatchObject({ kind: 'saved' });
    expect(parts()).toHaveLength(1);
    expect(readSidecar(readFileSync(path, 'utf8'))?.records).toEqual([record('a', 4)]);
  });

  it('as the data process with a large sidecar, at whatever moment, leaves the old or the new one', async () => {
    const folder = await logFolder();
    const path = join(folder, '7.jsonl.saccade');
    const many = Array.from({ length: 30_000 }, (_, i) => record(`k${i}`, i));
    for (const delay of [0, 40, 80, 120, 160, 240]) {
      const { client, traceId } = await opened(folder);
      const [sidecar] = await client.call('notes/open', { traceId, places: [] });
      const before = readFileSync(path, 'utf8');
      const records = many.map((one) => ({ ...one, hints: { line: delay, step: null } }));
      const saving = client.call('notes/save', {
        traceId,
        file: '7.jsonl',
        place: null,
        stamp: sidecar!.stamp,
        records,
      });
      saving.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, delay));
      process.kill(client.pid!, 'SIGKILL');
      await saving.catch(() => undefined);
      const after = readFileSync(path, 'utf8');
      if (after !== before) expect(after).toBe(writeSidecar(readSidecar(after)!.header.log, records));
    }
  });
});

describe('a disk that is full', () => {
  it('refuses with its reason; the old file stands and no part of the new one stays', async () => {
    for (const fails of ['ENOSPC', 'EIO'] as const) {
      const folder = await logFolder();
      const { said } = await save(join(folder, '7.jsonl.saccade'), next, { fails, bytes: 40 });
      expect(said).toEqual({ kind: 'refused', code: fails });
      expect(readdirSync(folder).sort()).toEqual(['7.jsonl', '7.jsonl.saccade']);
      expect(readFileSync(join(folder, '7.jsonl.saccade'), 'utf8')).toBe(old);
    }
  });
});
