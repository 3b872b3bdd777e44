import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exports, writeExport } from '../../models/exports';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let dir = '';
const at = (name: string) => join(dir, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);

const [width, height] = [240, 160];
const square = [
  [60, 40],
  [140, 40],
  [140, 120],
  [60, 120],
];

/** A red square on blue, or the square alone in white. */
async function draw(path: string, inside: readonly number[], outside: readonly number[]): Promise<void> {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isIn = x >= 60 && x < 140 && y >= 40 && y < 120;
    data.set(isIn ? inside : outside, i * 3);
  }
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

interface Simulation {
  readonly model: string;
  readonly count: number;
  readonly failed: number;
  readonly noc: readonly { target: number; mean: number; error: number }[];
  readonly nof: readonly { target: number; count: number }[];
  readonly iou: readonly { clicks: number; mean: number }[];
  readonly objects: readonly {
    image: string;
    label: string;
    curve: number[];
    clicks: { x: number; y: number; positive: boolean }[];
  }[];
}

beforeAll(async () => {
  entry = await bundleCli();
  dir = await mkdtemp(join(tmpdir(), 'saccade-simulate-'));
  await draw(at('photo.png'), [200, 50, 40], [40, 80, 160]);
  await draw(at('photo_mask.png'), [255, 255, 255], [0, 0, 0]);
  // As labelme 5 writes it.
  const shape = {
    label: 'tile',
    points: square,
    group_id: null,
    description: '',
    shape_type: 'polygon',
    flags: {},
    mask: null,
  };
  const labelme = { version: '5.5.0', flags: {}, shapes: [shape], imagePath: 'photo.png', imageData: null };
  await writeFile(at('photo.json'), JSON.stringify({ ...labelme, imageHeight: height, imageWidth: width }));
  // As COCO's instances files are: polygons flat, uncompressed runs for others, crowds left out.
  const annotation = { id: 1, image_id: 7, category_id: 3, iscrowd: 0, area: 6400, bbox: [60, 40, 80, 80] };
  const runs = [
    60 * height + 40,
    ...Array.from({ length: 79 }, () => [80, 80]).flat(),
    80,
    100 * height - 120 + 80 - 80 + 40,
  ];
  const covered = runs.reduce((sum, run) => sum + run, 0);
  runs[runs.length - 1] = (runs.at(-1) ?? 0) + width * height - covered;
  const coco = {
    images: [{ id: 7, file_name: 'photo.png', width, height }],
    categories: [{ id: 3, name: 'tile' }],
    annotations: [
      { ...annotation, segmentation: [square.flat()] },
      { ...annotation, id: 2, segmentation: { size: [height, width], counts: runs } },
      { ...annotation, id: 3, iscrowd: 1, segmentation: { size: [height, width], counts: runs } },
    ],
  };
  await writeFile(at('instances.json'), JSON.stringify(coco));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await rm(dirname(entry), { recursive: true, force: true });
});

it('saccade simulate clicks on every true mask of a folder: labelme, COCO and drawn masks', async () => {
  const { out, err, code } = await saccade('simulate', dir, '--max-clicks', '3', '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  const simulation = JSON.parse(out) as Simulation;
  expect(simulation).toMatchObject({ model: 'basic', count: 4, failed: 0 });
  expect(simulation.objects.map(({ label }) => label).sort()).toEqual(['', 'tile', 'tile', 'tile']);
  for (const { clicks, curve } of simulation.objects) {
    expect(clicks[0]).toEqual({ x: 99, y: 79, positive: true });
    expect(curve[0]).toBeGreaterThan(0.95);
  }
  expect(simulation.noc).toMatchObject([
    { target: 0.85, mean: 1, error: 0 },
    { target: 0.9, mean: 1, error: 0 },
  ]);
  expect(simulation.nof.map(({ count }) => count)).toEqual([0, 0]);
  expect(simulation.iou.map(({ clicks }) => clicks)).toEqual([1, 2, 3]);
});

it('prints the same as a table', async () => {
  const { out } = await saccade('simulate', at('photo.json'), '--model', 'basic', '--max-clicks', '1');
  expect(out).toMatch(/objects +1\n/);
  expect(out).toMatch(/NoC@85 of 1 +1\.00 ± –/);
  expect(out).toMatch(/NoF@90 +0 of 1/);
});

it('says what it misses: a dataset, a number of clicks', async () => {
  expect((await saccade('simulate', at('photo.png'))).err).toContain('neither a labelme nor a COCO file');
  expect((await saccade('simulate', dir, '--max-clicks', '0')).err).toContain('--max-clicks 0: expected 1 to 1000');
  expect((await saccade('segment', at('photo.png'), '--click', '1,1,+', '--max-clicks', '2', '--json')).err).toContain(
    '--max-clicks belongs to simulate',
  );
});

it('writes trajectories that open as a SegAgent trace', async () => {
  const trace = at('trace.json');
  const { code, out } = await saccade('simulate', at('photo.json'), '--trajectories', trace, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ written: trace, objects: 1, failed: 0 });
  const { info, data } = JSON.parse(await readFile(trace, 'utf8')) as {
    info: object;
    data: {
      image_name: string;
      gt_ann: object;
      clicks_list: { coor: number[]; is_positive: boolean; iou: number }[];
    }[];
  };
  expect(info).toMatchObject({ args: { model: 'basic', n_clicks: 20, target_iou: 0.98 } });
  const [element] = data;
  expect(element).toMatchObject({
    image_name: 'photo.png',
    height,
    width,
    gt_ann: { object_id: 0, caption: ['tile'], bbox: [60, 40, 80, 80], area: 6400 },
  });
  // The middle of the square, row before column.
  expect(element?.clicks_list[0]).toMatchObject({ idx: 0, is_positive: true, coor: [79, 99] });
  expect(element?.clicks_list.at(-1)?.iou).toBeGreaterThan(0.95);
  const read = await saccade('rollouts', trace, '--json');
  expect(JSON.parse(read.out.split('\n')[0] ?? '')).toMatchObject({
    prompt: 'tile',
    truthMask: { size: [height, width] },
  });
});

it('refines given masks only with a model that takes one', async () => {
  const args = ['simulate', at('photo.json'), '--trajectories', at('x.json'), '--refine', at('photo.json')];
  const { code, err } = await saccade(...args);
  expect(code).toBe(1);
  expect(err).toContain('Basic takes no previous mask');
  const folder = at('sam');
  await writeExport(folder, exports.sam());
  expect((await saccade(...args, '--model', folder)).err).toBe('');
  const { data } = JSON.parse(await readFile(at('x.json'), 'utf8')) as { data: object[] };
  // What is right already takes no click.
  expect(data).toMatchObject([{ init_mask: { iou: 1, box: [60, 40, 80, 80] }, clicks_list: [] }]);
});

it('tells the masks that the model would draw otherwise', async () => {
  const shape = (label: string, points: readonly (readonly number[])[]) => ({ label, points, shape_type: 'polygon' });
  const off = square.map(([x = 0, y = 0]) => [x + 40, y - 30]);
  const labelme = { version: '5.5.0', shapes: [shape('right', square), shape('wrong', off)], imagePath: 'photo.png' };
  await mkdir(at('checked'));
  await writeFile(at('checked/photo.json'), JSON.stringify({ ...labelme, imagePath: '../photo.png', imageData: null }));
  const { out } = await saccade('simulate', at('checked/photo.json'), '--flag-below', '0.7', '--json');
  expect(JSON.parse(out)).toMatchObject({ checked: 2, failed: 0, flagged: [{ label: 'wrong' }] });
});
