import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { createInferenceClient } from '../../../src/inference/client';
import { createMediaClient } from '../../../src/media/client';
import { createPolicyClient, type PolicyClient } from '../../../src/policy/client';
import { bundleChild } from '../childBundle';

export interface Lab {
  readonly dir: string;
  /** 600 × 450 pixels: Qwen2.5-VL sees 588 × 448. */
  readonly image: string;
  /** Everything the children said. */
  readonly log: string[];
  readonly client: PolicyClient;
}

export const templates = join(__dirname, '..', '..', '..', 'media', 'templates');

/** A folder with an image, and a policy child over a media child; all gone after the file's tests. */
export async function policyLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-policy-'));
  const log: string[] = [];
  const write = (line: string) => log.push(line);
  const quiet = { info: write, warn: write, error: write };
  const media = createMediaClient({
    entry: await bundleChild('src/media/process/main.ts'),
    log: quiet,
    cacheDir: join(dir, 'pictures'),
    threads: 2,
  });
  const inference = createInferenceClient({
    entry: await bundleChild('src/inference/process/main.ts'),
    log: quiet,
    cacheDir: join(dir, 'embeddings'),
    pixels: (asked) => media.pixels(asked),
  });
  const client = createPolicyClient({
    entry: await bundleChild('src/policy/process/main.ts'),
    log: quiet,
    templates,
    probe: (path) => media.probe(path),
    encode: (request) => media.encode(request),
    // In place of the policy that ships and its child: a region at each of three places.
    basic: ({ regions, samples, seed }) =>
      Promise.resolve({
        samples: Array.from({ length: samples }, (_, sample) =>
          Array.from({ length: regions }, (_, i) => {
            const x1 = 150 * i + seed + sample;
            return { box: { x1, y1: 10, x2: x1 + 100, y2: 110 }, score: 1 - i / 10 };
          }),
        ),
        imageSize: { width: 600, height: 450 },
        timings: { pixels: 0, run: 0 },
      }),
    segment: (asked) => inference.segment(asked),
    overlay: (path, mask) => media.overlay(path, mask),
  });
  afterAll(async () => {
    client.dispose();
    inference.dispose();
    media.dispose();
    await rm(dir, { recursive: true, force: true });
  });
  const image = join(dir, 'street.png');
  await sharp({ create: { width: 600, height: 450, channels: 3, background: '#456' } })
    .png()
    .toFile(image);
  return { dir, image, log, client };
}
