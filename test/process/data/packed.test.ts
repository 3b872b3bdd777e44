import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackFile } from '../../../src/data/process/files/unpack';
import { CacheShelf } from '../../../src/supervise/cacheShelf';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => verlLine({ input: `user\nQuestion ${from + i}\n`, score: from + i }));

/** zstd's blocks of stored bytes (RFC 8878, 3.1.1.2): a frame without compression, written by hand. */
function zstdFrame(content: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  for (let at = 0; at < content.length || at === 0; at += 100_000) {
    const block = content.subarray(at, at + 100_000);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + 100_000 >= content.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

describe('a packed log', () => {
  it.each([
    ['gzip of several members', '7.jsonl.gz', (a: Buffer, b: Buffer) => Buffer.concat([gzipSync(a), gzipSync(b)])],
    [
      'Zstandard of several frames',
      '7.jsonl.zst',
      (a: Buffer, b: Buffer) => Buffer.concat([zstdFrame(a), zstdFrame(b)]),
    ],
  ])('in %s opens as what it holds, by its name and from its folder', async (_, name, pack) => {
    const all = lines(0, 3000);
    const first = Buffer.from(all.slice(0, 1234).join(''));
    const second = Buffer.from(all.slice(1234).join(''));
    const folder = await makeFolder({ [name]: pack(first, second) });
    const { client } = await startClient();
    expect(await client.call('path/detect', { path: join(folder, name) })).toMatchObject({ format: 'verl-dump' });
    for (const path of [folder, join(folder, name)]) {
      const trace = await openTrace(client, path);
      expect(trace.opened).toMatchObject({ files: ['7.jsonl'], bytes: (await stat(join(folder, name))).size });
      expect(await trace.scanned()).toMatchObject({ rollouts: 3000, groups: 3000, problemCount: 0 });
      expect(await trace.rollout(2999)).toMatchObject({ reward: 2999, file: '7.jsonl', line: 3000 });
      const { path: text } = await client.call('trace/locate', { traceId: trace.traceId, file: '7.jsonl' });
      expect(await readFile(text, 'utf8')).toBe(all.join(''));
      const told = trace.reports.filter(({ traceId }) => traceId === trace.traceId).map(({ bytesRead }) => bytesRead);
      expect(told.at(-1)).toBeCloseTo(trace.opened.bytes, 0);
      expect(told).toEqual([...told].sort((a, b) => a - b));
    }
  });

  it('is a step among others that are not packed; beside its plain self it is not read twice', async () => {
    const folder = await makeFolder({
      '1.jsonl': lines(0, 2).join(''),
      '2.jsonl.gz': gzipSync(lines(10, 2).join('')),
      '1.jsonl.gz': gzipSync(lines(20, 2).join('')),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened.files).toEqual(['1.jsonl', '2.jsonl']);
    await trace.scanned();
    expect((await trace.groups()).map(({ meanReward }) => meanReward)).toEqual([0, 1, 10, 11]);
  });

  it('is unpacked once for all windows, and again when it changed', async () => {
    const folder = await makeFolder({ '7.jsonl.gz': gzipSync(lines(0, 2).join('')) });
    const { client, cacheDir } = await startClient();
    const rewards = async () => {
      const trace = await openTrace(client, folder);
      await trace.scanned();
      return (await trace.groups()).map(({ meanReward }) => meanReward);
    };
    const kept = async () => (await readdir(join(cacheDir, 'traces'))).filter((name) => name.startsWith('7.'));
    expect(await rewards()).toEqual([0, 1]);
    const [name] = await kept();
    await writeFile(join(cacheDir, 'traces', name!), lines(5, 1).join(''));
    expect(await rewards()).toEqual([5]);
    await writeFile(join(folder, '7.jsonl.gz'), gzipSync(lines(30, 3).join('')));
    expect(await rewards()).toEqual([30, 31, 32]);
    expect(await kept()).toHaveLength(2);
  });

  it.each([
    ['cut off', (packed: Buffer) => packed.subarray(0, packed.length - 400)],
    ['damaged at its end', (packed: Buffer) => Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 7)])],
  ])('that is %s opens up to there, also from the cache', async (_, harm) => {
    const rows = Array.from({ length: 20_000 }, (_, i) => verlLine({ input: `user\n${Math.sin(i)}\n` }));
    const folder = await makeFolder({ '7.jsonl.gz': harm(gzipSync(rows.join(''))) });
    const { client } = await startClient();
    for (let time = 0; time < 2; time++) {
      const { scanned } = await openTrace(client, folder);
      const { rollouts, problems } = await scanned();
      expect(rollouts).toBeGreaterThan(15_000);
      expect(problems[0]).toMatchObject({ file: '7.jsonl', line: null });
      expect(problems[0]!.message).toContain('7.jsonl.gz is cut off or damaged');
    }
  });

  it('that is cut off in Zstandard opens up to there', async () => {
    const packed = zstdFrame(Buffer.from(lines(0, 4000).join('')));
    const folder = await makeFolder({ '7.jsonl.zst': packed.subarray(0, packed.length - 5000) });
    const { client } = await startClient();
    const { rollouts, problems } = await (await openTrace(client, folder)).scanned();
    expect(rollouts).toBeGreaterThan(3000);
    expect(problems[0]!.message).toContain('7.jsonl.zst is cut off or damaged');
  });

  it('that is none says so', async () => {
    const folder = await makeFolder({ '7.jsonl.gz': 'not packed at all', '8.jsonl': verlLine() });
    const { client } = await startClient();
    await expect(openTrace(client, join(folder, '7.jsonl.gz'))).rejects.toThrow('7.jsonl.gz cannot be unpacked');
    const { rollouts, problems } = await (await openTrace(client, folder)).scanned();
    expect(rollouts).toBe(1);
    expect(problems[0]!.message).toContain('7.jsonl.gz cannot be unpacked: incorrect header check');
  });

  it('that would fill the disk is refused', async () => {
    // Blocks that repeat one byte (RLE): four bytes for 128 KiB.
    const block = Buffer.alloc(4);
    block.writeUIntLE((131_072 << 3) | 2, 0, 3);
    const frame = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...Array.from({ length: 400 }, () => block)];
    const folder = await makeFolder({ 'a.zst': Buffer.concat(frame) });
    const job = { location: join(folder, 'a.zst'), packing: 'zst', shown: 'a.zst', to: join(folder, 'a') } as const;
    const { signal } = new AbortController();
    const unpack = unpackFile({ ...job, progress: () => undefined, signal }, 20_000_000);
    await expect(unpack).rejects.toThrow('a.zst unpacks to more than 20 MB');
    expect((await stat(job.to)).size).toBeLessThanOrEqual(20_000_000);
  });

  it('can be closed while it is unpacked', async () => {
    const all = lines(0, 150_000).join('');
    const folder = await makeFolder({ '7.jsonl.zst': zstdFrame(Buffer.from(all)), '8.jsonl': verlLine() });
    const { client, cacheDir, log } = await startClient();
    const { traceId } = await openTrace(client, folder);
    await client.call('trace/close', { traceId });
    expect(await readdir(join(cacheDir, 'traces')).catch(() => [])).toEqual([]);
    expect(log.join('\n')).not.toContain('Error');
  });
});

describe('the shelf of files made from logs', () => {
  it('keeps to its budget: what was not used for longest goes first, what is in use stays', async () => {
    const folder = await makeFolder();
    const shelf = new CacheShelf(folder, 250);
    const store = (name: string) => shelf.store(name, (path) => writeFile(path, 'x'.repeat(100)));
    const old = (name: string, minutes: number) => {
      const then = new Date(Date.now() - minutes * 60_000);
      return utimes(join(folder, name), then, then);
    };
    await store('a');
    await store('b');
    await old('a', 30);
    await old('b', 60);
    expect(await shelf.find('b')).toBe(join(folder, 'b'));
    await store('c');
    expect((await readdir(folder)).sort()).toEqual(['b', 'c']);
    expect(await shelf.find('a')).toBeNull();
  });

  it('shows a file only when it is whole', async () => {
    const folder = await makeFolder();
    const shelf = new CacheShelf(folder, 1000);
    const failing = shelf.store('a', async (path) => {
      await writeFile(path, 'half');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await readdir(folder)).toEqual([]);
  });
});
