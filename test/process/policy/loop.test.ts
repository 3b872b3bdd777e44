import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CocoMask, countsOf, runsOfPixels } from '../../../src/core/mask/cocoMask';
import { builtInProfiles } from '../../../src/core/reward/scoring/profile';
import { policyTrace } from '../../../src/formats/policyTrace';
import { policyTraceLine } from '../../../src/formats/policyTraceLine';
import { memoryDir } from '../../unit/formats/memoryDir';
import { looks, request, sampleOf, server } from './asked';
import { ChatServer, picturesOf, promptOf } from './chatServer';
import { type Lab, policyLab } from './fixture';

let lab: Lab;
let url: string;
const chat = new ChatServer(() => ({ text: '' }));
const key = 'sk-secret-0123456789';

beforeAll(async () => {
  lab = await policyLab();
  url = await chat.start();
});
afterAll(() => chat.stop());

const isTask = (prompt: string) => prompt.startsWith('Find every instance');

describe('the loop over a server', () => {
  it('looks, crops, asks the task model and maps its boxes back to the original', async () => {
    chat.say = (body) =>
      // A box of the crop, which is 840 × 840 whatever the region's shape.
      isTask(promptOf(body))
        ? { text: '```json\n[{"bbox_2d": [420, 420, 840, 840], "label": "sign"}]\n```' }
        : { text: looks([0, 0, 294, 224]) };
    const spec = server(url, { model: 'Qwen2.5-VL-7B-Instruct' });
    const sample = sampleOf(lab.image, {
      truth: [{ box: { x1: 150, y1: 112, x2: 300, y2: 225 }, label: 'sign' }],
    });
    const profile = builtInProfiles.find(({ id }) => id === 'active-o3-detection')!;
    const policy = { spec, key };
    const { rollouts } = await lab.client.propose(request(sample, { policy, taskPolicy: policy, count: 2, profile }));
    expect(rollouts).toHaveLength(2);
    const [rollout] = rollouts;
    expect(rollout).toMatchObject({
      imageSize: { width: 600, height: 450 },
      inputSize: { width: 588, height: 448 },
      frame: 'input',
      seed: 7,
      malformed: null,
      regions: [{ x1: 0, y1: 0, x2: 300, y2: 225 }],
      policy: { name: 'test', kind: 'server', model: 'Qwen2.5-VL-7B-Instruct', convention: 'abs-resized' },
      rewards: { format: 1, no_overlap: 1, area_range: 1, coverage: 0 },
    });
    expect(rollout?.boxes).toEqual([{ box: { x1: 150, y1: 112.5, x2: 300, y2: 225 }, label: 'sign' }]);
    expect(rollout?.calls[0]).toMatchObject({
      region: 0,
      cut: { x1: 0, y1: 0, x2: 300, y2: 225 },
      size: { width: 840, height: 840 },
    });
    // AP + AR of a box that is found.
    expect(rollout?.rewards.detection).toBeCloseTo(2, 6);
    expect(rollout?.advantage).toBe(0);
    const sensing = chat.asked.filter(({ body }) => !isTask(promptOf(body)));
    expect(sensing.map(({ body }) => body.seed).sort()).toEqual([7, 8]);
    expect(promptOf(sensing[0]!.body)).toContain("instances of 'sign'");
    expect(picturesOf(sensing[0]!.body)[0]).toMatch(/^data:image\/jpeg;base64,/);
    expect(chat.asked[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it('takes a rubbish answer as a malformed rollout, with its text', async () => {
    const rubbish = 'I am a teapot. {"bbox_2d": [1, 2';
    chat.say = () => ({ text: rubbish });
    const policy = { spec: server(url, { model: 'x' }), key: null };
    const { rollouts } = await lab.client.propose(request(sampleOf(lab.image), { policy, taskPolicy: policy }));
    expect(rollouts[0]).toMatchObject({ malformed: expect.stringMatching(/./), regions: [], calls: [] });
    expect(rollouts[0]?.reply.text).toBe(rubbish);
    expect(rollouts[0]?.rewards.format).toBe(0);
  });

  it('shows options in an order of its own and grades by the file’s', async () => {
    const options = ['The right one', 'A wrong one', 'Another'];
    chat.say = (body) => {
      const prompt = promptOf(body);
      if (!prompt.startsWith('The first picture')) return { text: looks([0, 0, 200, 200], [300, 200, 500, 400]) };
      const letter = /^([A-C])\. The right one$/m.exec(prompt)?.[1];
      return { text: `<answer>${letter}</answer>` };
    };
    const policy = { spec: server(url, { model: 'qwen3-vl-8b' }), key: null };
    const profile = builtInProfiles.find(({ id }) => id === 'active-o3-question')!;
    const sample = sampleOf(lab.image, { object: null, question: 'Which?', options, answer: 'The right one' });
    const asked = request(sample, { policy, taskPolicy: policy, task: 'question', count: 6, profile });
    const { rollouts } = await lab.client.propose(asked);
    expect(rollouts.map(({ chosen }) => chosen)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(rollouts.every(({ rewards }) => rewards.answer === 1)).toBe(true);
    const orders = new Set(rollouts.map(({ shuffle }) => shuffle.join()));
    expect(orders.size).toBeGreaterThan(1);
    // The whole picture and both regions in one question; thousandths are of the picture.
    const task = chat.asked.findLast(({ body }) => promptOf(body).startsWith('The first picture'))!;
    expect(picturesOf(task.body)).toHaveLength(3);
    expect(rollouts[0]?.regions[0]).toEqual({ x1: 0, y1: 0, x2: 120, y2: 90 });
    expect((await lab.client.propose(asked)).rollouts.map(({ shuffle }) => shuffle)).toEqual(
      rollouts.map(({ shuffle }) => shuffle),
    );
  });

  it('asks about the whole picture alone for comparison', async () => {
    chat.say = () => ({ text: '[{"bbox_2d": [294, 224, 588, 448], "label": "sign"}]' });
    const policy = { spec: server(url, { model: 'Qwen2.5-VL' }), key: null };
    const { rollouts } = await lab.client.propose(
      request(sampleOf(lab.image), { policy, taskPolicy: policy, zoom: false }),
    );
    expect(rollouts[0]).toMatchObject({ zoomed: false, regions: [], malformed: null });
    expect(rollouts[0]?.boxes).toEqual([{ box: { x1: 300, y1: 225, x2: 600, y2: 450 }, label: 'sign' }]);
  });
});

describe('masks', () => {
  it('are mended in one region after the other by the task model’s clicks and the segmenter on this machine', async () => {
    // A bright disc of 80 pixels' radius, of which the box that is given holds the left half.
    const size = { width: 600, height: 450 };
    const disc = Buffer.from('<svg width="600" height="450"><circle cx="300" cy="220" r="80" fill="#fd3"/></svg>');
    const image = join(lab.dir, 'disc.png');
    await sharp(lab.image)
      .composite([{ input: disc }])
      .png()
      .toFile(image);
    const inside = Uint8Array.from({ length: 600 * 450 }, (_, i) =>
      Math.hypot((i % 600) + 0.5 - 300, Math.floor(i / 600) + 0.5 - 220) < 80 ? 1 : 0,
    );
    const truthMask: CocoMask = { size: [450, 600], counts: countsOf(runsOfPixels(inside, size.width, size.height)) };
    chat.say = (body) =>
      promptOf(body).startsWith('The half-transparent') && promptOf(body).includes('point_2d')
        ? { text: '[{"point_2d": [420, 420], "label": "positive"}, {"point_2d": [20, 20], "label": "negative"}]' }
        : // 300 … 420 of 600 pixels, 100 … 340 of 450, in pixels of the input.
          { text: looks([294, 99.6, 411.6, 338.5]) };
    const policy = { spec: server(url, { model: 'Qwen2.5-VL' }), key: null };
    const sample = sampleOf(image, { object: 'disc', box: { x1: 218, y1: 138, x2: 300, y2: 302 }, truthMask });
    const profile = builtInProfiles.find(({ id }) => id === 'active-o3-segmentation')!;
    const asked = request(sample, { policy, taskPolicy: policy, task: 'segmentation', profile });
    const [rollout] = (await lab.client.propose(asked)).rollouts;
    expect(rollout?.masks?.map(({ region }) => region)).toEqual([null, 0]);
    const [before, after] = rollout!.masks!.map(({ iou }) => iou ?? 0);
    expect(after!).toBeGreaterThan(before! + 0.2);
    expect(rollout?.rewards.iou).toBe(after);
    expect(rollout?.calls[0]?.points.map(({ positive }) => positive)).toEqual([true, false]);
    // What the policy sees is the image with the mask on it.
    const sensing = chat.asked.findLast(({ body }) => promptOf(body).includes('Choose exactly 3 regions'))!;
    expect(picturesOf(sensing.body)).toHaveLength(1);
    const { record } = await policyTrace.read(policyTraceLine(rollout!), { file: 'a.jsonl', line: 1 }, memoryDir({}));
    expect(record).toMatchObject({ loggedClicks: [{ positive: true }, { positive: false }], truthMask });
    expect(record?.masks?.map(({ click, iou }) => [click, iou])).toEqual([
      [null, before],
      [1, after],
    ]);
  });
});

describe('policies without a server', () => {
  it('propose with nothing configured, each rollout its own regions', async () => {
    const { rollouts } = await lab.client.propose(request(sampleOf(lab.image), { count: 3 }));
    expect(rollouts.map(({ regions }) => regions[0]?.x1)).toEqual([7, 8, 9]);
    expect(rollouts[0]).toMatchObject({ frame: 'original', policy: { kind: 'basic', model: null }, score: 3 });
  });

  it('write a person’s regions down as a model would', async () => {
    const drawn = [[{ x1: 10, y1: 20, x2: 200, y2: 220 }]];
    const policy = { spec: { kind: 'person', name: 'Ada' } as const, key: null };
    const { rollouts } = await lab.client.propose(request(sampleOf(lab.image), { policy, drawn }));
    expect(rollouts[0]?.regions).toEqual(drawn[0]);
    expect(rollouts[0]?.rewards.format).toBe(1);
  });
});
