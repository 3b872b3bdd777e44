import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import { ZipFolder } from '../../../src/data/process/files/zipFolder';
import { zipOf, zstdRun } from '../../fixtures/zip';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function archive(bytes: Uint8Array): Promise<ZipFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-zip-'));
  folders.push(folder);
  await writeFile(join(folder, 'log.eval'), bytes);
  return new ZipFolder(join(folder, 'log.eval'));
}

const text = async (zip: ZipFolder, path: string): Promise<string> => {
  const source = zip.source(path);
  return Buffer.from(await source.read(0, await source.size())).toString();
};

describe('an archive as a folder', () => {
  it.each(['stored', 'deflate', 'zstd'] as const)('lists and reads members that are %s', async (method) => {
    const long = 'ab'.repeat(4000);
    const zip = await archive(
      zipOf({ 'header.json': '{}', 'samples/a/1.json': long, 'samples/b.json': '' }, { method }),
    );
    expect(await zip.list('')).toEqual([
      { name: 'header.json', kind: 'file', size: 2 },
      { name: 'samples', kind: 'directory', size: 0 },
    ]);
    expect((await zip.list('samples')).map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'directory'],
      ['b.json', 'file'],
    ]);
    expect(await zip.list('nothing')).toEqual([]);
    expect(await zip.open('samples')).toBeNull();
    expect(await text(zip, 'samples/a/1.json')).toBe(long);
    expect(Buffer.from(await zip.source('samples/a/1.json').read(7999, 10)).toString()).toBe('b');
    expect(await text(zip, 'samples/b.json')).toBe('');
  });

  it.each([0, 20, 40_000])('reads a member behind an extra field of %d bytes in its own header', async (localExtra) => {
    const zip = await archive(zipOf({ a: 'first', b: 'second' }, { localExtra }));
    expect([await text(zip, 'a'), await text(zip, 'b')]).toEqual(['first', 'second']);
  });

  it('leaves out names that lead elsewhere, and keeps the others', async () => {
    const zip = await archive(zipOf({ '../up': 'x', '/root': 'x', 'a\\b': 'x', 'C:/d': 'x', 'a//b': 'x', good: 'y' }));
    expect((await zip.list('')).map(({ name }) => name)).toEqual(['good']);
    expect(() => zip.locate('good')).toThrow(UserError);
  });

  it('stops at the size that the directory promises', async () => {
    const more = await archive(zipOf({ a: 'x'.repeat(100_000) }, { claimedSize: 10 }));
    await expect(text(more, 'a')).rejects.toThrow(/damaged/);
    const fewer = await archive(zipOf({ a: 'x' }, { claimedSize: 10 }));
    await expect(text(fewer, 'a')).rejects.toThrow(/promises 10/);
    const huge = await archive(zipOf({ a: 'x' }, { claimedSize: 500_000_000 }));
    await expect(text(huge, 'a')).rejects.toThrow(/500 MB/);
  });

  it('stops a Zstandard bomb, and refuses a window that no writer needs', async () => {
    const bomb = zstdMember([zstdRun(100_000), zstdRun(100_000)], 120_000);
    await expect(text(await archive(bomb), 'a')).rejects.toThrow(/more than the 120000 bytes/);
    await expect(text(await archive(zstdMember([zstdRun(10, 0xf8)], 10)), 'a')).rejects.toThrow(/MiB of memory/);
    expect(await text(await archive(zstdMember([zstdRun(3), zstdRun(4)], 7)), 'a')).toBe('aaaaaaa');
  });

  it('says so when a member was written anew, and reads on where others came', async () => {
    const zip = await archive(zipOf({ a: 'x', b: 'y' }));
    await zip.list('');
    await writeFile(zip.root, zipOf({ c: 'more', a: 'longer', b: 'y' }));
    await utimes(zip.root, 1, 1);
    await expect(text(zip, 'a')).rejects.toThrow(/Open it again/);
    expect(await text(zip, 'b')).toBe('y');
    zip.forget();
    expect((await zip.list('')).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    // In the middle of being written it is no archive: what was there stays.
    await writeFile(zip.root, 'PK');
    zip.forget();
    expect(await zip.list('')).toHaveLength(3);
  });

  it('with any byte changed or cut reads or says why not', async () => {
    const bytes = zipOf({ 'samples/1.json': '{"id": 1}', 'header.json': '{}' }, { method: 'zstd' });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (at, value, length) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        const zip = await archive(value % 3 === 0 ? changed.subarray(0, length) : changed);
        try {
          for (const { name } of await zip.list('samples')) await text(zip, `samples/${name}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** An archive with one member of given Zstandard frames. */
function zstdMember(frames: readonly Uint8Array[], size: number): Uint8Array {
  const packed = Buffer.concat(frames);
  const zip = Buffer.from(zipOf({ a: packed }, { method: 'stored', claimedSize: size }));
  const central = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  zip.writeUInt16LE(93, central + 10);
  return zip;
}
