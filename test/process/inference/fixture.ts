import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { pixelsOfRuns } from '../../../src/core/mask/cocoMask';
import { runsOf } from '../../../src/core/mask/rle';
import {
  createInferenceClient,
  type InferenceClient,
  type InferenceClientOptions,
} from '../../../src/inference/client';
import { createMediaClient } from '../../../src/media/client';
import type { SegmentAnswer, SegmentCandidate, SegmentRequest } from '../../../src/protocol/segment';
import { bundleChild } from '../childBundle';

export interface Lab {
  readonly dir: string;
  readonly cacheDir: string;
  readonly log: string[];
  /** Images that were decoded, in order. */
  readonly decoded: string[];
  client(options?: Partial<InferenceClientOptions>): InferenceClient;
}

/** A folder, and clients with real children over it; all gone after the file's tests. */
export async function inferenceLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-infer-'));
  const cacheDir = join(dir, 'cache');
  const log: string[] = [];
  const decoded: string[] = [];
  const write = (line: string) => log.push(line);
  const quiet = { info: write, warn: write, error: write };
  const media = createMediaClient({
    entry: await bundleChild('src/media/process/main.ts'),
    log: quiet,
    cacheDir: join(dir, 'pictures'),
    threads: 2,
  });
  const entry = await bundleChild('src/inference/process/main.ts');
  const clients: InferenceClient[] = [];
  afterAll(async () => {
    for (const client of clients) client.dispose();
    media.dispose();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    dir,
    cacheDir,
    log,
    decoded,
    client: (options = {}) => {
      const client = createInferenceClient({
        entry,
        log: quiet,
        cacheDir,
        threads: 2,
        pixels: (request) => {
          decoded.push(request.path);
          return media.pixels(request);
        },
        ...options,
      });
      clients.push(client);
      return client;
    },
  };
}

/** An image that is bright left of `dark` and dark from there on, in stored pixels. */
export async function brightImage(path: string, width: number, height: number, dark = width): Promise<string> {
  const rgb = Buffer.alloc(width * height * 3, 20);
  for (let y = 0; y < height; y++) rgb.fill(235, y * width * 3, (y * width + dark) * 3);
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

export function request(image: string, model: string, prompts: Partial<SegmentRequest>): SegmentRequest {
  return { image, model, crop: null, clicks: [], box: null, previous: null, lane: 'canvas', ...prompts };
}

export function shown(answer: SegmentAnswer): SegmentCandidate {
  const candidate = answer.candidates[answer.best];
  if (candidate === undefined) throw new Error('no candidate is the best');
  return candidate;
}

/** First and last column and row of a mask, and its pixels. */
export function extent({ mask }: SegmentCandidate) {
  const [height, width] = mask.size;
  const pixels = pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
  let [left, right, top, bottom, area] = [width, -1, height, -1, 0];
  pixels.forEach((value, at) => {
    if (value === 0) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    area++;
  });
  return { left, right, top, bottom, area };
}
