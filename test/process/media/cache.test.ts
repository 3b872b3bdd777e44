import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChannelError } from '../../../src/protocol/channel';
import { type Lab, mediaLab, tiles } from './fixture';

let lab: Lab;
const at = (name: string) => join(lab.dir, name);
const folder = (name: string) => join(lab.dir, `cache-${name}`);
const whole = { x1: 0, y1: 0, x2: 1e9, y2: 1e9 };

beforeAll(async () => {
  lab = await mediaLab();
  await tiles(1600, 1200).jpeg().toFile(at('photo.jpg'));
});

/** As if nobody had wanted these pictures for an hour. */
async function age(dir: string, name: string): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  await utimes(join(dir, name), then, then);
}

describe('the cache folder', () => {
  it('answers a second time without decoding', async () => {
    const cacheDir = folder('hit');
    const original = await readFile(at('photo.jpg'));
    const then = new Date('2026-01-01T00:00:00Z');
    await writeFile(at('twice.jpg'), original);
    await utimes(at('twice.jpg'), then, then);
    const made = await lab.client({ cacheDir }).preview(at('twice.jpg'), 300);
    // Only the header is left of the pixels now, while size and time say that nothing changed.
    await writeFile(at('twice.jpg'), Buffer.from(original).fill(0, 2000));
    await utimes(at('twice.jpg'), then, then);
    expect(await lab.client({ cacheDir }).preview(at('twice.jpg'), 300)).toEqual(made);
  });

  it('holds one picture for each size and each part', async () => {
    const cacheDir = folder('names');
    const media = lab.client({ cacheDir });
    const paths = [
      await media.preview(at('photo.jpg'), 300),
      await media.preview(at('photo.jpg'), 200),
      await media.region(at('photo.jpg'), whole, 300),
      await media.region(at('photo.jpg'), { x1: 0, y1: 0, x2: 300, y2: 300 }, 300),
    ].map(({ path }) => path);
    expect(new Set(paths).size).toBe(4);
    expect((await readdir(cacheDir)).length).toBe(4);
  });

  it('makes a picture again that was removed, or that a full disk left empty', async () => {
    const cacheDir = folder('holes');
    const media = lab.client({ cacheDir });
    const made = await media.preview(at('photo.jpg'), 300);
    await rm(made.path);
    expect(await media.preview(at('photo.jpg'), 300)).toEqual(made);
    await truncate(made.path, 0);
    expect(await media.preview(at('photo.jpg'), 300)).toEqual(made);
    expect((await sharp(made.path).metadata()).width).toBe(300);
  });

  it('stays within its budget, and the least recently used picture goes first', async () => {
    const cacheDir = folder('budget');
    const sizes = [400, 401, 402, 403];
    const filling = lab.client({ cacheDir });
    const made = [];
    for (const side of sizes) made.push(await filling.preview(at('photo.jpg'), side));
    const names = made.map(({ path }) => path.slice(cacheDir.length + 1));
    for (const name of names) await age(cacheDir, name);
    const total = made.reduce((sum, { bytes }) => sum + bytes, 0);

    const tight = lab.client({ cacheDir, cacheBytes: total });
    await tight.preview(at('photo.jpg'), sizes[0] ?? 0);
    const added = await tight.preview(at('photo.jpg'), 500);
    const left = await readdir(cacheDir);
    expect(left).toContain(names[0]);
    expect(left).toContain(added.path.slice(cacheDir.length + 1));
    expect(left).not.toContain(names[1]);
    const sum = (await Promise.all(left.map((name) => stat(join(cacheDir, name))))).reduce(
      (n, { size }) => n + size,
      0,
    );
    expect(sum).toBeLessThanOrEqual(total);
  });

  it('spares pictures in use even when the budget is absurdly small', async () => {
    const cacheDir = folder('tiny');
    const media = lab.client({ cacheDir, cacheBytes: 1 });
    const one = await media.preview(at('photo.jpg'), 300);
    const two = await media.preview(at('photo.jpg'), 310);
    expect([(await stat(one.path)).size, (await stat(two.path)).size]).toEqual([one.bytes, two.bytes]);
  });

  it('is cleared of writes that a killed process left, and of nothing else', async () => {
    const cacheDir = folder('parts');
    await mkdir(cacheDir);
    await writeFile(join(cacheDir, 'a.webp.1.x.part'), 'half');
    await age(cacheDir, 'a.webp.1.x.part');
    await writeFile(join(cacheDir, 'b.webp.2.x.part'), 'under way');
    await writeFile(join(cacheDir, 'notes.txt'), 'not ours');
    await age(cacheDir, 'notes.txt');
    await lab.client({ cacheDir, cacheBytes: 1 }).preview(at('photo.jpg'), 300);
    const left = await readdir(cacheDir);
    expect(left).not.toContain('a.webp.1.x.part');
    expect(left).toEqual(expect.arrayContaining(['b.webp.2.x.part', 'notes.txt']));
  });

  it('that cannot be written is named', async () => {
    await writeFile(at('occupied'), 'a file where the folder should be');
    const media = lab.client({ cacheDir: join(at('occupied'), 'cache') });
    await expect(media.preview(at('photo.jpg'), 300)).rejects.toThrow(/occupied.cache: the image cache cannot be/);
  });

  it('is shared by several windows that all ask at once', async () => {
    const cacheDir = folder('windows');
    const windows = [1, 2, 3].map(() => lab.client({ cacheDir, cacheBytes: 200_000 }));
    const sides = Array.from({ length: 12 }, (_, index) => 300 + (index % 6) * 10);
    const pictures = await Promise.all(
      windows.flatMap((media) => sides.map((side) => media.preview(at('photo.jpg'), side))),
    );
    for (const { path, size, bytes } of pictures) {
      expect(await sharp(path).metadata()).toMatchObject({ width: size.width, height: size.height });
      expect((await stat(path)).size).toBe(bytes);
    }
    const left = await readdir(cacheDir);
    expect(left.length).toBe(6);
    expect(left.every((name) => name.endsWith('.webp'))).toBe(true);
  });
});

describe('the queue', () => {
  it('gives identical requests one answer, and drops what nobody waits for any more', async () => {
    const cacheDir = folder('queue');
    const media = lab.client({ cacheDir, threads: 1 });
    await media.probe(at('photo.jpg'));
    const abort = new AbortController();
    const first = media.preview(at('photo.jpg'), 1600);
    const twin = media.preview(at('photo.jpg'), 1600);
    const dropped = Array.from({ length: 20 }, (_, index) =>
      media.region(at('photo.jpg'), { x1: index, y1: 0, x2: 1600, y2: 1200 }, 1600, abort.signal),
    ).map((call) => call.then(String, (error: ChannelError) => error.code));
    const kept = media.preview(at('photo.jpg'), 900);
    abort.abort();
    expect(new Set(await Promise.all(dropped))).toEqual(new Set(['cancelled']));
    expect((await twin).path).toBe((await first).path);
    await kept;
    // At most the one that was being made when they were cancelled has been finished beside the two that were wanted.
    expect((await readdir(cacheDir)).length).toBeLessThanOrEqual(3);
  });
});
