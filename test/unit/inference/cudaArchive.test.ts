import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadArchive, namedArchive, publishedArchive } from '../../../src/inference/cuda/cudaArchive';
import { cudaLibraries, takeLibraries } from '../../../src/inference/cuda/cudaLibraries';

/** A release as GitHub's API tells it (`GET /repos/{owner}/{repo}/releases/tags/{tag}`), cut to what is read. */
const release = (name: string, digest: string | null) => ({
  tag_name: 'v1.30.0',
  assets: [
    {
      name: 'onnxruntime-linux-x64-1.30.0.tgz',
      size: 1,
      digest: `sha256:${'0'.repeat(64)}`,
      browser_download_url: `${base}/no`,
    },
    { name, size: bytes.length, digest, browser_download_url: `${base}/moved` },
  ],
});

let dir = '';
let base = '';
let server: Server;
let bytes: Buffer;
let sha256 = '';
const never = new AbortController().signal;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'saccade-cuda-'));
  const lib = join(dir, 'onnxruntime-linux-x64-gpu-1.30.0', 'lib');
  mkdirSync(lib, { recursive: true });
  for (const library of cudaLibraries) writeFileSync(join(lib, library), `\x7fELF ${library}`);
  writeFileSync(join(lib, 'libonnxruntime.so'), '\x7fELF large and not wanted');
  execFileSync('tar', ['-czf', join(dir, 'a.tgz'), '-C', dir, 'onnxruntime-linux-x64-gpu-1.30.0']);
  bytes = readFileSync(join(dir, 'a.tgz'));
  sha256 = createHash('sha256').update(bytes).digest('hex');
  server = createServer(({ url }, answer) => {
    if (url === '/moved') answer.writeHead(302, { location: '/archive.tgz' }).end();
    else if (url === '/archive.tgz') answer.end(bytes);
    else if (url === '/slow.tgz') answer.write(bytes.subarray(0, 10));
    else if (url === '/tags/v1.30.0')
      answer.end(JSON.stringify(release('onnxruntime-linux-x64-gpu-1.30.0.tgz', `sha256:${sha256}`)));
    else if (url === '/old/v1.30.0') answer.end(JSON.stringify(release('onnxruntime-linux-x64-gpu-1.30.0.tgz', null)));
    else if (url === '/cpu/v1.30.0')
      answer.end(JSON.stringify(release('onnxruntime-osx-1.30.0.tgz', `sha256:${sha256}`)));
    else answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

describe('the CUDA provider', () => {
  it('is looked up, fetched, checked, and two libraries are taken out of it', async () => {
    const archive = await publishedArchive('1.30.0', never, `${base}/tags`);
    expect(archive).toEqual({ url: `${base}/moved`, bytes: bytes.length, sha256 });
    const told: number[] = [];
    const path = await downloadArchive(archive, join(dir, 'to'), {
      signal: never,
      onProgress: (got) => told.push(got),
    });
    expect(told.at(-1)).toBe(bytes.length);
    await takeLibraries(path, join(dir, 'to', '1.30.0'), never);
    expect((await readdir(join(dir, 'to', '1.30.0'))).sort()).toEqual([...cudaLibraries].sort());
    expect(readFileSync(join(dir, 'to', '1.30.0', cudaLibraries[1]), 'utf8')).toContain(cudaLibraries[1]);
  });

  it('is not fetched where no checksum, no such file or no release is published', async () => {
    await expect(publishedArchive('1.30.0', never, `${base}/old`)).rejects.toThrow('tells no checksum');
    await expect(publishedArchive('1.30.0', never, `${base}/cpu`)).rejects.toThrow('has no onnxruntime-linux-x64-gpu');
    await expect(publishedArchive('9.9.9', never, `${base}/tags`)).rejects.toThrow('answered 404');
    await expect(publishedArchive('1.30.0', never, 'http://127.0.0.1:1')).rejects.toThrow('cannot be reached');
  });

  it('of another checksum or size than promised is deleted', async () => {
    const to = join(dir, 'bad');
    const url = `${base}/archive.tgz`;
    const get = (archive: object) => downloadArchive({ url, bytes: null, sha256, ...archive }, to, { signal: never });
    await expect(get({ sha256: '1'.repeat(64) })).rejects.toThrow(`its SHA-256 is ${sha256}`);
    await expect(get({ bytes: 5 })).rejects.toThrow('more than the 5 bytes');
    await expect(get({ bytes: bytes.length + 1 })).rejects.toThrow('bytes instead of');
    expect(await readdir(to)).toEqual([]);
  });

  it('that is called off leaves nothing behind', async () => {
    const to = join(dir, 'off');
    const stop = new AbortController();
    const archive = { url: `${base}/slow.tgz`, bytes: bytes.length, sha256 };
    const getting = downloadArchive(archive, to, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(getting).rejects.toThrow(/abort/i);
    expect(await readdir(to)).toEqual([]);
  });

  it('named by the user needs an address and a checksum', () => {
    expect(namedArchive(' https://mirror/a.tgz ', ` ${'AB'.repeat(32)} `).sha256).toBe('ab'.repeat(32));
    expect(() => namedArchive('https://mirror/a.tgz', 'md5')).toThrow('64 hexadecimal digits');
    expect(() => namedArchive('file:///etc/passwd', 'ab'.repeat(32))).toThrow('not an address');
  });

  it('that is no archive, or holds no libraries, is refused', async () => {
    writeFileSync(join(dir, 'text.tgz'), 'no archive');
    await expect(takeLibraries(join(dir, 'text.tgz'), join(dir, 'x'), never)).rejects.toThrow('not an archive');
    execFileSync('tar', ['-czf', join(dir, 'other.tgz'), '-C', dir, 'text.tgz']);
    await expect(takeLibraries(join(dir, 'other.tgz'), join(dir, 'x'), never)).rejects.toThrow('there is no lib');
  });
});
