import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { createInferenceClient, type InferenceClient } from '../../src/inference/client';
import { createMediaClient, type MediaClient } from '../../src/media/client';
import type { SegmentAnswer, SegmentRequest } from '../../src/protocol/segment';
import { convolutionEncoder, samShapedDecoder } from '../models/samShaped';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';
import { maskRows } from './maskRows';

export const name = 'inference';
export const budget = 'a click is a mask in 100 ms, of which 15 ms are ours; RLE within 1.5 times of C';

const clicks = 40;
const [width, height] = [1500, 1000];
const threads = 2;

/** A decoder of SAM's shapes and a convolutional encoder, with random weights, through the real children. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  const media = createMediaClient({
    entry: resolve('dist/children/media.js'),
    log: silent,
    cacheDir: join(dir, 'pictures'),
  });
  const clients: InferenceClient[] = [];
  const client = () => {
    const made = inference(dir, media);
    clients.push(made);
    return made;
  };
  try {
    const model = await writeModel(dir);
    const images = await photos(dir, 42);
    const rows = await clicked(client(), model, images[0] ?? '');
    rows.push(...(await revisited(client(), model, images[0] ?? '')));
    rows.push(...(await embedded(client(), model, images.slice(1))));
    rows.push(...(await besideWeb(dir)));
    rows.push(...peakMemory(clients[0]?.pid));
    rows.push(...(await maskRows()));
    return { rows };
  } finally {
    for (const made of clients) made.dispose();
    media.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}

const silent = { info: () => undefined, warn: () => undefined, error: console.error };

function inference(dir: string, media: MediaClient): InferenceClient {
  return createInferenceClient({
    entry: resolve('dist/children/infer.js'),
    log: silent,
    cacheDir: join(dir, 'embeddings'),
    threads,
    pixels: (request) => media.pixels(request),
  });
}

async function writeModel(dir: string): Promise<string> {
  const folder = join(dir, 'model');
  await mkdir(folder);
  await writeFile(join(folder, 'encoder.onnx'), convolutionEncoder());
  await writeFile(join(folder, 'decoder.onnx'), samShapedDecoder());
  return join(folder, 'decoder.onnx');
}

/** Smooth pictures, as photographs are: a coarse one enlarged. */
async function photos(dir: string, count: number): Promise<readonly string[]> {
  const paths = Array.from({ length: count }, (_, at) => join(dir, `${at}.jpg`));
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  for (const path of paths) {
    const coarse = await sharp({ create: { width: 15, height: 10, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    await sharp(coarse).resize(width, height, { kernel: 'cubic' }).jpeg().toFile(path);
  }
  return paths;
}

function click(image: string, model: string, at: number): SegmentRequest {
  const place = { x: (at * 137) % width, y: (at * 71) % height, positive: true };
  return { image, model, crop: null, clicks: [place], box: null, previous: null, lane: 'bench' };
}

/** Milliseconds of each of many clicks, as the caller waits for them, and without the model's own run. */
async function clicked(client: InferenceClient, model: string, image: string): Promise<BenchRow[]> {
  const [first, answer] = await timed(() => client.segment(click(image, model, 0)));
  const whole: number[] = [];
  const ours: number[] = [];
  for (let at = 1; at <= clicks; at++) {
    const [ms, { timings }] = await timed<SegmentAnswer>(() => client.segment(click(image, model, at)));
    whole.push(ms);
    ours.push(ms - timings.decode);
  }
  return [
    { metric: 'first click: process, models, decoding and encoding', value: first, unit: 'ms' },
    { metric: '… of which the encoder', value: answer.timings.encode, unit: 'ms' },
    { metric: 'click to mask, embedding warm, median', value: quantile(whole, 0.5), unit: 'ms' },
    within('click to mask, embedding warm, 95 %', quantile(whole, 0.95), 'ms', 100),
    within('… without the model itself, 95 %', quantile(ours, 0.95), 'ms', 15),
  ];
}

/** After a restart: the process is up, the model is not loaded. */
async function revisited(client: InferenceClient, model: string, image: string): Promise<BenchRow[]> {
  await client.state();
  const [ms, { embedding }] = await timed(() => client.segment(click(image, model, 3)));
  if (embedding !== 'disk') throw new Error(`the embedding came from ${embedding}`);
  return [within('first click on an image seen before the restart', ms, 'ms', 150)];
}

async function embedded(client: InferenceClient, model: string, images: readonly string[]): Promise<BenchRow[]> {
  await client.embed({ image: images[0] ?? '', crop: null, model, urgency: 'batch' });
  const rest = images.slice(1);
  let busy = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let image = rest[next++]; image !== undefined; image = rest[next++])
      busy += (await client.embed({ image, crop: null, model, urgency: 'batch' })).timings.encode;
  };
  const [ms] = await timed(() => Promise.all([work(), work(), work(), work()]));
  return [
    { metric: 'images encoded ahead', value: (1000 * rest.length) / ms, unit: 'a second' },
    { metric: '… share of the time in which the encoder runs', value: (100 * busy) / ms, unit: '%' },
  ];
}

/** The same graphs in onnxruntime-web with one thread, from `node_modules` of the folder SACCADE_PEERS; nothing without it. */
async function besideWeb(dir: string): Promise<BenchRow[]> {
  const peers = process.env.SACCADE_PEERS;
  if (peers === undefined) return [];
  const web = createRequire(join(resolve(peers), 'package.json'))(
    'onnxruntime-web',
  ) as typeof import('onnxruntime-node') & {
    readonly env: { readonly wasm: { numThreads?: number } };
  };
  web.env.wasm.numThreads = 1;
  const rows: BenchRow[] = [];
  for (const [what, file, feeds] of [
    ['encode', 'encoder.onnx', encoderFeeds],
    ['decode', 'decoder.onnx', decoderFeeds],
  ] as const) {
    const bytes = await readFile(join(dir, 'model', file));
    const ours = await InferenceSession.create(bytes, { intraOpNumThreads: threads });
    const theirs = await web.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ['wasm'] });
    await ours.run(feeds(Tensor));
    await theirs.run(feeds(web.Tensor as typeof Tensor));
    const here = await median(5, () => ours.run(feeds(Tensor)));
    const there = await median(3, () => theirs.run(feeds(web.Tensor as typeof Tensor)));
    rows.push({
      ...against(`${what}, beside onnxruntime-web in WASM with one thread`, here, 'ms', there),
      ok: here * 5 <= there,
    });
    await ours.release();
  }
  return rows;
}

function encoderFeeds(Made: typeof Tensor) {
  return { image: new Made('float32', new Float32Array(3 * 1024 * 1024).fill(0.1), [1, 3, 1024, 1024]) };
}

function decoderFeeds(Made: typeof Tensor) {
  const floats = (values: readonly number[], dims: readonly number[]) =>
    new Made('float32', Float32Array.from(values), dims);
  return {
    image_embeddings: new Made('float32', new Float32Array(256 * 64 * 64).fill(0.1), [1, 256, 64, 64]),
    point_coords: floats([100, 200, 0, 0], [1, 2, 2]),
    point_labels: floats([1, -1], [1, 2]),
    mask_input: new Made('float32', new Float32Array(256 * 256), [1, 1, 256, 256]),
    has_mask_input: floats([0], [1]),
    orig_im_size: floats([683, 1024], [2]),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
