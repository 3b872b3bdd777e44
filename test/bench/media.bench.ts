import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { createMediaClient, type MediaClient } from '../../src/media/client';
import { lanes } from '../../src/media/options';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';

export const name = 'media';
export const budget =
  'a preview at canvas size below 300 KB, little slower than sharp alone; thumbnails within 1.3 of libvips’ own; below 2 GB of memory';

const side = 1400;
const runs = 5;
/** `together`: as many as the grid asks for at once. */
const thumbs = { files: 96, rounds: 5, side: 256, together: 12 } as const;

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
    rows.push(...(await thumbnails(client, dir)));
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

/**
 * Thumbnails of 1080p photographs, each made for the first time and written into the cache, as many asked for at once as the grid
 * does; beside libvips' `thumbnail` to JPEG of the same size in this process, as many at once as the child has lanes. Rounds
 * take turns, and the best of each counts: wall clock, and processor time beside it, since a busy machine blurs the clock.
 */
async function thumbnails(client: MediaClient, dir: string): Promise<BenchRow[]> {
  const paths = Array.from({ length: thumbs.files }, (_, at) => join(dir, `thumb-${at}.jpg`));
  await photo(paths[0] ?? '', 1920, 1080);
  await Promise.all(paths.slice(1).map((path) => copyFile(paths[0] ?? '', path)));
  // Neither may answer from what it decoded a moment ago.
  sharp.cache(false);
  const rounds = { ours: [] as Cost[], alone: [] as Cost[] };
  for (let round = 0; round < thumbs.rounds; round++) {
    // A new size each time, as above.
    const at = thumbs.side - round;
    rounds.alone.push(
      await cost(
        () => process.cpuUsage(),
        () => together(lanes, paths, (path) => sharp(path).resize(at).jpeg().toBuffer()),
      ),
    );
    rounds.ours.push(
      await cost(
        () => processorTime(client.pid),
        () => together(thumbs.together, paths, (path) => client.preview(path, at)),
      ),
    );
  }
  const best = (costs: readonly Cost[], of: keyof Cost) => Math.min(...costs.map((one) => one[of])) / thumbs.files;
  return (['wall', 'processor'] as const).flatMap((of) => {
    const [ours, alone] = [best(rounds.ours, of), best(rounds.alone, of)];
    if (Number.isNaN(ours)) return [];
    const row = against(`thumbnail of a 1080p JPEG at ${thumbs.side}, ${of} time each`, ours, 'ms', alone);
    return of === 'wall' ? { ...row, budget: alone * 1.3, ok: ours <= alone * 1.3 } : row;
  });
}

/** Milliseconds. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

interface ProcessorTime {
  /** Microseconds. */
  readonly user: number;
  readonly system: number;
}

async function cost(spent: () => ProcessorTime, work: () => Promise<unknown>): Promise<Cost> {
  const before = spent();
  const [wall] = await timed(work);
  const after = spent();
  return { wall, processor: (after.user + after.system - before.user - before.system) / 1000 };
}

/** Of a process, all its threads; NaN where the system does not tell (Linux does). */
function processorTime(pid: number | undefined): ProcessorTime {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return { user: Number.NaN, system: Number.NaN };
  // Behind the name, which may hold anything; in hundredths of a second.
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { user: Number(fields[11]) * 10_000, system: Number(fields[12]) * 10_000 };
}

/** `work` on each path, at most `most` at once. */
async function together(
  most: number,
  paths: readonly string[],
  work: (path: string) => Promise<unknown>,
): Promise<void> {
  const left = [...paths];
  const lane = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await work(path);
  };
  await Promise.all(Array.from({ length: most }, lane));
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
