import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countsOf, runsOfPixels } from '../../../src/core/mask/cocoMask';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const [width, height] = [20, 10];

/** Columns [from, to) of the picture, as SegAgent's tools encode a mask. */
function columns(from: number, to: number) {
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) if (i % width >= from && i % width < to) pixels[i] = 1;
  return { size: [height, width], counts: countsOf(runsOfPixels(pixels, width, height)) };
}

const click = (idx: number, coor: readonly [number, number], mask: object, iou: number) => ({
  idx,
  coor,
  is_positive: true,
  mask,
  box: [0, 0, 1, 1],
  area: 1,
  iou,
});

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  await sharp({ create: { width, height, channels: 3, background: '#c86432' } })
    .png()
    .toFile(at('kerb.png'));
  // As `evaluate_sample` records it: the first click helps, the second takes what does not belong to the object.
  const data = [
    {
      image_name: 'kerb.png',
      height,
      width,
      gt_ann: {
        object_id: 1,
        caption: ['the left post'],
        segmentation: columns(0, 10),
        bbox: [0, 0, 10, 10],
        area: 100,
      },
      clicks_list: [click(0, [5, 4], columns(0, 6), 0.6), click(1, [2, 15], columns(0, 18), 0.55)],
    },
    {
      image_name: 'gone.png',
      height,
      width,
      gt_ann: { object_id: 2, caption: 'x', segmentation: columns(0, 2), bbox: [0, 0, 2, 10], area: 20 },
      clicks_list: [],
    },
  ];
  await writeFile(at('thin_train.json'), JSON.stringify({ info: { args: {} }, data }));
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe('SegAgent’s StaR+', () => {
  it('keeps clicks that helped, and has the annotator’s where they did not, each on the mask it was made for', async () => {
    const ran = await runCli(entry, at('cache'), [
      'export',
      at('thin_train.json'),
      '--to',
      'star-plus',
      '-o',
      at('out'),
      '--json',
    ]);
    expect(ran.err).toBe('');
    const lines = (await readFile(at('out/data.jsonl'), 'utf8')).trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as { conversations: { value: string }[]; images: string[] });
    expect(records.map(({ conversations }) => conversations[1]?.value)).toEqual([
      'Positive point: (500, 200)',
      // Columns 6 to 9 are missed: the pixel deepest in them, the first of them in reading order, as (y, x).
      'Positive point: (100, 350)',
    ]);
    for (const { conversations, images } of records) {
      expect(conversations[0]?.value).toMatch(/^<image>Please optimize .*<ref>the left post<\/ref>$/);
      expect(images).toHaveLength(1);
    }
    const seen = async (i: number, x: number) => {
      const { data } = await sharp(join(at('out'), records[i]?.images[0] ?? ''))
        .raw()
        .toBuffer({ resolveWithObject: true });
      return [...data.subarray(x * 3, x * 3 + 3)];
    };
    expect(await seen(0, 2)).toEqual([200, 100, 50]);
    expect(await seen(1, 2)).toEqual([100, 177, 25]);
    expect(await seen(1, 8)).toEqual([200, 100, 50]);
    expect(JSON.parse(await readFile(at('out/manifest.json'), 'utf8'))).toMatchObject({
      written: { records: 2, rollouts: 1, pictures: 2 },
      clicks: { kept: 1, replaced: 1 },
      leftOut: [{ reason: 'it has no clicks with masks', rollouts: 1 }],
    });
    const info = JSON.parse(await readFile(at('out/dataset_info.json'), 'utf8')) as object;
    expect(info).toMatchObject({ saccade: { formatting: 'sharegpt', columns: { messages: 'conversations' } } });
  });
});
