import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { graphModule } from '../../../scripts/policies/basicSaliency';
import { allScenes } from '../../../scripts/samples/scenes';
import { type Box, boxArea, iou } from '../../../src/core/geometry/box';
import { basicThought, regionAnswer } from '../../../src/core/policy/regionAnswer';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import type { InferenceClient } from '../../../src/inference/client';
import type { ProposeRequest } from '../../../src/protocol/propose';
import { inferenceLab, type Lab } from './fixture';

let lab: Lab;
let client: InferenceClient;
const picture = (name: string) => resolve(`media/samples/images/${name}.jpg`);
const asked = (image: string, more: Partial<ProposeRequest> = {}): ProposeRequest => ({
  image,
  crop: null,
  regions: 3,
  temperature: 1,
  seed: 7,
  samples: 16,
  ...more,
});

beforeAll(async () => {
  lab = await inferenceLab();
  client = lab.client();
});

it('the graph that ships is what its recipe writes', () => {
  expect(readFileSync('src/inference/process/policies/basicGraph.ts', 'utf8')).toBe(graphModule());
});

it('regions lie where the small things are, apart from each other, and are of a sane size', async () => {
  for (const [name, category] of [
    ['harbour', 'boat'],
    ['meadow', 'sheep'],
  ] as const) {
    const scene = allScenes().find((one) => one.name === name)!;
    const objects = scene.objects.filter((one) => one.category === category).map(({ mask }) => mask.box);
    const { samples, imageSize } = await client.propose(asked(picture(name)));
    expect(imageSize).toEqual(scene.size);
    const holds = (boxes: readonly Box[]) =>
      objects.filter((object) => boxes.some((box) => shareWithin(object, box) > 0.95)).length / objects.length;
    const area = boxArea({ x1: 0, y1: 0, x2: scene.size.width, y2: scene.size.height });
    let covered = 0;
    let looked = 0;
    for (const sample of samples) {
      const boxes = sample.map(({ box }) => box);
      for (const [i, box] of boxes.entries()) {
        expect(boxArea(box) / area).toBeGreaterThan(0.01);
        expect(boxArea(box) / area).toBeLessThan(0.5);
        for (const other of boxes.slice(i + 1)) expect(iou(box, other)).toBeLessThan(0.3);
      }
      covered += holds(boxes) / samples.length;
      looked += boxes.reduce((sum, box) => sum + boxArea(box) / area, 0) / samples.length;
    }
    // Regions at random would hold as much of the objects as of the picture.
    expect(covered, name).toBeGreaterThan(1.5 * looked);
  }
});

it('a seed draws the same again, another one something else; without temperature there is nothing to draw', async () => {
  const image = picture('harbour');
  const first = await client.propose(asked(image));
  expect((await client.propose(asked(image))).samples).toEqual(first.samples);
  expect((await client.propose(asked(image, { seed: 8 }))).samples).not.toEqual(first.samples);
  const [one, ...others] = (await client.propose(asked(image, { temperature: 0, samples: 4 }))).samples;
  for (const other of others) expect(other).toEqual(one);
});

it('a response reads as a response of ACTIVE-O3 without a mend', async () => {
  const [sample = []] = (await client.propose(asked(picture('meadow'), { samples: 1 }))).samples;
  const boxes = sample.map(({ box }) => box);
  const text = regionAnswer(basicThought(boxes.length), boxes, 'sheep-dense "region"');
  const { badge, regions } = parseResponse(text, { dialect: 'active-o3' });
  expect(badge).toBe('ok');
  expect(regions.map(({ box }) => box)).toEqual(boxes);
  expect(regions.map(({ label }) => label)).toEqual(boxes.map(() => 'sheep-dense "region"'));
});

it('of a crop regions are inside it, and a blank picture has none', async () => {
  const crop = { x1: 1400, y1: 1000, x2: 2000, y2: 1450 };
  const { samples } = await client.propose(asked(picture('meadow'), { crop }));
  for (const { box } of samples.flat())
    expect([box.x1 >= 1400, box.y1 >= 1000, box.x2 <= 2000, box.y2 <= 1450]).toEqual([true, true, true, true]);
  const blank = resolve(lab.dir, 'blank.png');
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7f7f7f' } })
    .png()
    .toFile(blank);
  expect((await client.propose(asked(blank, { samples: 2 }))).samples).toEqual([[], []]);
});

it('nonsense is refused in words', async () => {
  const image = picture('meadow');
  await expect(client.propose(asked(image, { regions: 9 }))).rejects.toThrow('regions: expected 1 to 3');
  await expect(client.propose(asked(image, { temperature: Number.NaN }))).rejects.toThrow('temperature');
  await expect(client.propose(asked(resolve('nowhere.png')))).rejects.toThrow('nowhere.png');
});

/** Share of `part` that lies in `box`. */
function shareWithin(part: Box, box: Box): number {
  const width = Math.min(part.x2, box.x2) - Math.max(part.x1, box.x1);
  const height = Math.min(part.y2, box.y2) - Math.max(part.y1, box.y1);
  return width > 0 && height > 0 ? (width * height) / boxArea(part) : 0;
}
