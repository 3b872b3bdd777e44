import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { areaOf, runsOf } from '../../../src/core/mask/rle';
import { exports, writeExport } from '../../models/exports';
import { brightImage } from '../inference/fixture';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let dir = '';
const at = (name: string) => join(dir, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);

beforeAll(async () => {
  entry = await bundleCli();
  dir = await mkdtemp(join(tmpdir(), 'saccade-cli-'));
  await writeExport(at('sam2'), exports.sam2Samexporter());
  await mkdir(at('photos/more'), { recursive: true });
  await brightImage(at('photos/a.png'), 800, 600);
  await brightImage(at('photos/more/b.png'), 400, 300);
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});

it('saccade models tells what a folder holds', async () => {
  const { code, out } = await saccade('models', at('sam2'));
  expect(code).toBe(0);
  expect(out).toContain('SAM 2 (samexporter): sam2_hiera_tiny.decoder');
  expect(out).toMatch(/input +1024×1024/);
});

it('saccade segment prints the mask as COCO RLE with score and timings, and draws it', async () => {
  const ran = await saccade(
    'segment',
    at('photos/a.png'),
    '--click',
    '400,300,+',
    '--model',
    at('sam2'),
    '--json',
    '-o',
    at('mask.png'),
  );
  expect(ran.err).toBe('');
  const answer = JSON.parse(ran.out) as { size: [number, number]; counts: string; score: number; timings: object };
  expect(answer.size).toEqual([600, 800]);
  expect(answer.score).toBeCloseTo(0.9);
  expect(answer).toMatchObject({ provider: 'cpu', embedding: 'encoded', timings: { decode: expect.any(Number) } });
  const { data, info } = await sharp(at('mask.png')).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([800, 600]);
  let white = 0;
  for (let pixel = 0; pixel < data.length; pixel += info.channels) white += data[pixel] === 255 ? 1 : 0;
  expect(white).toBe(areaOf(runsOf(answer.counts, answer.size)));
  expect(data[(300 * 800 + 400) * info.channels]).toBe(255);
});

it('saccade embed encodes what is not there yet, and goes on where it was stopped', async () => {
  const first = await saccade('embed', at('photos'), '--model', at('sam2'));
  // One of the two was encoded for the click before.
  expect(first.out).toMatch(/^1 encoded, 1 there already, 0 failed/);
  expect(await readdir(at('cache/embeddings'))).toHaveLength(2);
  await writeFile(at('photos/broken.jpg'), 'no picture');
  const coco = {
    images: [
      { id: 1, file_name: 'photos/a.png' },
      { id: 2, file_name: 'photos/broken.jpg' },
    ],
  };
  await writeFile(at('coco.json'), JSON.stringify(coco));
  const second = await saccade('embed', at('coco.json'), '--model', at('sam2'), '--json');
  expect(JSON.parse(second.out)).toMatchObject({ images: 2, encoded: 0, there: 1, failed: 1 });
  expect(second.code).toBe(1);
  expect(second.err).toContain('broken.jpg: not an image');
});

it('what cannot be understood is said, and nothing started', async () => {
  const image = at('photos/a.png');
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['segment', image, '--json'], 'expected --click x,y,+'],
    [['segment', image, '--click', '3,4', '--json'], '--click 3,4: expected x,y,+ or x,y,-'],
    [['segment', image, '--click', '3,4,+'], 'expected -o FILE.png or --json'],
    [['embed', image, '--box', '1,2,3,4'], '--box belongs to segment'],
    [['segment', image, '--click', '3,4,+', '--json', '--provider', 'gpu'], '--provider gpu: expected auto, cpu'],
    [['segment', image, '--click', '3,4,+', '--json', '--device', '1'], 'belong to --provider'],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await saccade(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  }
  const { code, err } = await saccade('segment', image, '--click', '3,4,+', '--json', '--model', at('photos'));
  expect(err).toContain('there is no ONNX file in it');
  expect(code).toBe(1);
});
