import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { createMediaClient, type MediaClient, type MediaClientOptions } from '../../../src/media/client';
import { bundleChild } from '../childBundle';

export interface Lab {
  /** Folder for images. */
  readonly dir: string;
  readonly cacheDir: string;
  readonly log: string[];
  client(options?: Partial<MediaClientOptions>): MediaClient;
}

/** A folder, and clients with real children over it; all gone after the file's tests. */
export async function mediaLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-media-'));
  const [entry, builder] = await Promise.all([
    bundleChild('src/media/process/main.ts'),
    bundleChild('src/media/process/pyramidBuilder.ts'),
  ]);
  const clients: MediaClient[] = [];
  const log: string[] = [];
  const write = (line: string) => log.push(line);
  const cacheDir = join(dir, 'cache');
  afterAll(async () => {
    for (const client of clients) client.dispose();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    dir,
    cacheDir,
    log,
    client: (options = {}) => {
      const client = createMediaClient({
        entry,
        builder,
        log: { info: write, warn: write, error: write },
        cacheDir,
        threads: 2,
        ...options,
      });
      clients.push(client);
      return client;
    },
  };
}

/**
 * A picture whose every 100×100 tile has its own colour, so that where a pixel came from can be read off it:
 * red counts tiles to the right, green counts tiles down, both in steps of 10.
 */
export function tiles(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      data[at] = Math.floor(x / 100) * 10;
      data[at + 1] = Math.floor(y / 100) * 10;
      data[at + 2] = 128;
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Red, green, blue (and alpha) of one pixel of an encoded picture. */
export async function pixelOf(path: string, x: number, y: number): Promise<readonly number[]> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}
