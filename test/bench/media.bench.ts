import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { createMediaClient, type MediaClient } from '../../src/media/client';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';

export const name = 'media';
export const budget = 'a preview at canvas size below 300 KB, little slower than sharp alone; below 2 GB of memory';

const side = 1400;
const runs = 5;

/**
 * Pictures like the field's: detail of several sizes over smooth ground, at a photo's noise. ACTIVE-O3's own photographs
 * (2250×1500) come to 128–233 KB at this size.
 */
async function photo(path: string, width: number, height: number): Promise<void> {
  const layer = (scale: number, sigma: number) =>
    sharp({
      create: {
        width: Math.ceil(width / scale),
        height: Math.ceil(height / scale),
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    })
      .resize(width, height, { kernel: 'cubic', fit: 'fill' })
      .png({ compressionLevel: 0 })
      .toBuffer();
  const [ground, middle, fine] = await Promise.all([layer(200, 60), layer(12, 50), layer(2, 25)]);
  await sharp(ground)
    .composite([
      { input: middle, blend: 'soft-light' },
      { input: fine, blend: 'soft-light' },
    ])
    .jpeg({ quality: 92 })
    .toFile(path);
}

/** Times through the child, beside sharp in this process on the same file with the same settings. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  const client = createMediaClient({
    entry: resolve('dist/children/media.js'),
    log: { info: () => undefined, warn: console.error, error: console.error },
    cacheDir: join(dir, 'cache'),
  });
  try {
    const rows: BenchRow[] = [];
    const [start] = await timed(() => client.available());
    rows.push({ metric: 'child ready after fork', value: start, unit: 'ms' });
    for (const [width, height] of [
      [2250, 1500],
      [4000, 3000],
    ] as const) {
      const path = join(dir, `${width}.jpg`);
      await photo(path, width, height);
      rows.push(...(await previews(client, path, `${width}×${height}`)));
      rows.push(...(await regions(client, path, `${width}×${height}`)));
    }
    rows.push(...peakMemory(client.pid));
    return { rows };
  } finally {
    client.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}

async function previews(client: MediaClient, path: string, what: string): Promise<BenchRow[]> {
  // A new size each time: the same one would be answered by the cache.
  const made = await median(runs, (at) => client.preview(path, side - at));
  const alone = await median(runs, (at) =>
    sharp(path)
      .resize(side - at)
      .webp({ quality: 75, effort: 2 })
      .toBuffer(),
  );
  const cached = await median(runs, () => client.preview(path, side));
  const { bytes } = await client.preview(path, side);
  return [
    against(`${what}: preview at ${side}`, made, 'ms', alone),
    { metric: `${what}: preview from the cache`, value: cached, unit: 'ms' },
    within(`${what}: preview bytes`, bytes / 1000, 'KB', 300),
  ];
}

async function regions(client: MediaClient, path: string, what: string): Promise<BenchRow[]> {
  const cut = (at: number) => ({ left: 400 + at, top: 300, width: 800, height: 600 });
  const made = await median(runs, (at) => {
    const { left, top, width, height } = cut(at);
    return client.region(path, { x1: left, y1: top, x2: left + width, y2: top + height }, side);
  });
  const alone = await median(runs, (at) => sharp(path).extract(cut(at)).webp({ quality: 90, effort: 2 }).toBuffer());
  return [against(`${what}: region 800×600 at full pixels`, made, 'ms', alone)];
}
