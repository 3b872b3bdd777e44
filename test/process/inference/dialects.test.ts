import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InferenceClient } from '../../../src/inference/client';
import { exports, writeExport } from '../../models/exports';
import { radii } from '../../models/parts';
import { brightImage, extent, inferenceLab, type Lab, request, shown } from './fixture';

let lab: Lab;
let client: InferenceClient;
/** Wide, so that a mistaken side or a missing pad shows; the last 200 columns are dark. */
const [width, height, dark] = [1500, 600, 1300];
let image: string;

beforeAll(async () => {
  lab = await inferenceLab();
  client = lab.client();
  image = await brightImage(join(lab.dir, 'wide.png'), width, height, dark);
});

interface Case {
  readonly name: keyof typeof exports;
  readonly dialect: string;
  readonly side: number | null;
  /** Pixels of the model's input for one of the image, across and down. */
  readonly scale: readonly [number, number];
  /** Index into `radii` of the mask shown for one click. */
  readonly open: number;
  readonly boxes: boolean;
  readonly feedback: boolean;
}

/** One for each way an image is brought to a model's size. */
const cropped: readonly string[] = ['sam', 'efficientSam', 'sam2Samexporter', 'simpleClick'];

const padded = [1024 / width, 1024 / width] as const;
const stretched = [1024 / width, 1024 / height] as const;
const cases: readonly Case[] = [
  { name: 'sam', dialect: 'sam', side: 1024, scale: padded, open: 2, boxes: true, feedback: true },
  { name: 'mobileSam', dialect: 'sam', side: 1024, scale: padded, open: 1, boxes: true, feedback: true },
  { name: 'hqSam', dialect: 'sam-hq', side: 1024, scale: padded, open: 1, boxes: true, feedback: true },
  // Steadiest of the four: the largest disk.
  { name: 'edgeSam', dialect: 'edgesam', side: 1024, scale: padded, open: 3, boxes: true, feedback: false },
  {
    name: 'efficientSam',
    dialect: 'efficientsam',
    side: null,
    scale: stretched,
    open: 2,
    boxes: true,
    feedback: false,
  },
  {
    name: 'sam2Samexporter',
    dialect: 'sam2-samexporter',
    side: 1024,
    scale: stretched,
    open: 2,
    boxes: true,
    feedback: true,
  },
  { name: 'sam2Osam', dialect: 'sam2-osam', side: 1024, scale: stretched, open: 2, boxes: true, feedback: true },
  {
    name: 'sam2Onnxruntime',
    dialect: 'sam2-onnxruntime',
    side: 1024,
    scale: stretched,
    open: 2,
    boxes: true,
    feedback: true,
  },
  {
    name: 'sam2Transformers',
    dialect: 'sam2-transformers',
    side: 1024,
    scale: stretched,
    open: 2,
    boxes: true,
    feedback: false,
  },
  {
    name: 'sam3Tracker',
    dialect: 'sam2-transformers',
    side: 1008,
    scale: [1008 / width, 1008 / height],
    open: 2,
    boxes: true,
    feedback: false,
  },
  {
    name: 'samTransformers',
    dialect: 'sam-transformers',
    side: 1024,
    scale: padded,
    open: 2,
    boxes: true,
    feedback: false,
  },
  {
    name: 'simpleClick',
    dialect: 'ritm',
    side: 448,
    scale: [448 / width, 448 / height],
    open: 1,
    boxes: false,
    feedback: true,
  },
];

/** Where a disk around the middle of a pixel ends, first and last pixel. */
function disk(middle: number, radius: number, scale: number): readonly [number, number] {
  const reach = radius / scale;
  // Inputs name the middle of a scaled pixel: half of one off the scaled middle.
  const centre = middle + 0.5 / scale;
  return [centre - reach, centre + reach - 1];
}

describe.each(cases)('$name', ({ name, dialect, side, scale: [across, down], open, boxes, feedback }) => {
  let model: string;

  it('is recognised by the names and shapes of its graphs', async () => {
    const folder = join(lab.dir, name);
    await writeExport(folder, exports[name]());
    const { models, refused } = await client.findModels(folder);
    expect(refused).toEqual([]);
    expect(models).toMatchObject([{ dialect, inputSize: side, boxes, feedback }]);
    model = models[0]?.id ?? '';
  });

  it('puts the mask of a click where the click is, to the pixel', async () => {
    const answer = await client.segment(request(image, model, { clicks: [{ x: 700, y: 301, positive: true }] }));
    const radius = radii[open] ?? 0;
    const found = extent(shown(answer));
    const [left, right] = disk(700, radius, across);
    const [top, bottom] = disk(301, radius, down);
    // A cell of the low-resolution mask is several pixels; bilinear scaling finds the border within it.
    const slack = 1.1;
    expect(Math.abs(found.left - left)).toBeLessThanOrEqual(slack);
    expect(Math.abs(found.right - right)).toBeLessThanOrEqual(slack);
    expect(Math.abs(found.top - top)).toBeLessThanOrEqual(slack);
    expect(Math.abs(found.bottom - bottom)).toBeLessThanOrEqual(slack);
    expect(answer.imageSize).toEqual({ width, height });
  });

  it('sees the image: nothing dark is in the mask', async () => {
    const answer = await client.segment(request(image, model, { clicks: [{ x: dark - 10, y: 300, positive: true }] }));
    // Cells of an embedding are coarse: 16 pixels of the input.
    expect(Math.abs(extent(shown(answer)).right - dark)).toBeLessThanOrEqual(16 / across);
    expect(answer.embedding).toBe('memory');
  });

  it('takes away at a negative click', async () => {
    const clicks = [
      { x: 700, y: 301, positive: true },
      { x: 700, y: 301, positive: false },
    ];
    const [one, two] = [
      await client.segment(request(image, model, { clicks: clicks.slice(0, 1) })),
      await client.segment(request(image, model, { clicks })),
    ];
    const hole = (Math.PI * 20 * 20) / (across * down);
    const lost = extent(one.candidates[two.best] ?? shown(one)).area - extent(shown(two)).area;
    expect(Math.abs(lost - hole)).toBeLessThanOrEqual(0.1 * hole);
  });

  it.runIf(boxes)('takes a box', async () => {
    const box = { x1: 200, y1: 100, x2: 800, y2: 400 };
    const { left, right, top, bottom } = extent(shown(await client.segment(request(image, model, { box }))));
    const found = [left, top, right + 1, bottom + 1];
    // Corners of a box are points to these models, and so half a pixel of theirs further.
    const shift = dialect.endsWith('transformers') ? 0 : 0.5;
    const wanted = [200 + shift / across, 100 + shift / down, 800 + shift / across, 400 + shift / down];
    for (const [at, edge] of wanted.entries()) expect(Math.abs((found[at] ?? 0) - edge)).toBeLessThanOrEqual(1.1);
  });

  it.runIf(!boxes)('says that it takes no box', async () => {
    const box = { x1: 200, y1: 100, x2: 800, y2: 400 };
    await expect(client.segment(request(image, model, { box }))).rejects.toThrow('clicks only');
  });

  it.runIf(cropped.includes(name))('looks at a part of the image alone when it is given one', async () => {
    const crop = { x1: 500, y1: 100, x2: 900, y2: 500 };
    const answer = await client.segment(request(image, model, { crop, clicks: [{ x: 700, y: 300, positive: true }] }));
    const radius = radii[open] ?? 0;
    const scale = (side ?? 1024) / 400;
    const { left, right } = extent(shown(answer));
    const [from, to] = disk(700, radius, scale);
    expect(Math.abs(left - from)).toBeLessThanOrEqual(1.1);
    expect(Math.abs(right - to)).toBeLessThanOrEqual(1.1);
    expect(shown(answer).mask.size).toEqual([height, width]);
  });

  it('gets its previous mask back where it was made for it', async () => {
    const first = await client.segment(request(image, model, { clicks: [{ x: 300, y: 300, positive: true }] }));
    const previous = { kind: 'candidate', handle: shown(first).handle } as const;
    const clicks = [{ x: 900, y: 300, positive: true }];
    const second = await client.segment(request(image, model, { clicks, previous }));
    expect(second.fedBack).toBe(feedback);
    const reaches = extent(shown(second)).left < 400;
    expect(reaches).toBe(feedback);
    if (!feedback) return;
    // Any mask will do: here the first one as COCO.
    const given = { kind: 'mask', mask: shown(first).mask } as const;
    const third = await client.segment(request(image, model, { clicks, previous: given }));
    expect(Math.abs(extent(shown(third)).left - extent(shown(second)).left)).toBeLessThanOrEqual(4);
  });
});
