import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../../../scripts/samples/random';
import { maskIou } from '../../../../src/core/mask/pixels';
import { BasicSegmenter } from '../../../../src/inference/process/segmenters/basic/basicSegmenter';
import type { ClickPrompt, Pixels } from '../../../../src/protocol/segment';

/** A red disk and a red square on blue, all grainy. */
function picture(width: number, height: number) {
  const random = seeded(17);
  const rgb = new Uint8Array(width * height * 3);
  const truth = { disk: new Uint8Array(width * height), square: new Uint8Array(width * height) };
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inDisk = Math.hypot(x - width * 0.3, y - height * 0.5) < height * 0.25;
    const inSquare = Math.max(Math.abs(x - width * 0.75), Math.abs(y - height * 0.5)) < height * 0.2;
    if (inDisk) truth.disk[i] = 1;
    if (inSquare) truth.square[i] = 1;
    const colour = inDisk || inSquare ? [190, 60, 50] : [50, 80, 150];
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = (colour[c] ?? 0) + 12 * random.normal();
  }
  const pixels: Pixels = { width, height, rgb };
  return { pixels, truth };
}

const { pixels, truth } = picture(320, 200);
const inDisk = { x: 96, y: 100, positive: true };
const inSquare = { x: 240, y: 100, positive: true };

async function maskOf(
  clicks: readonly ClickPrompt[],
  box = false,
  segmenter = new BasicSegmenter(),
  seen = { width: 320, height: 200 },
) {
  const { masks, best } = await segmenter.decode(await segmenter.encode(pixels), {
    clicks,
    box: box ? { x1: 42, y1: 46, x2: 150, y2: 154 } : null,
    seen,
  });
  return Uint8Array.from(masks[best]?.logits.data ?? [], (value) => (value > 0 ? 1 : 0));
}

describe('the segmenter that ships', () => {
  test('finds an object from a click, and not another one of the same colour', async () => {
    expect(maskIou(await maskOf([inDisk]), truth.disk)).toBeGreaterThan(0.97);
    expect(maskIou(await maskOf([inSquare]), truth.square)).toBeGreaterThan(0.97);
  });

  test('finds it from a box, and from a box with a click', async () => {
    expect(maskIou(await maskOf([], true), truth.disk)).toBeGreaterThan(0.97);
    expect(maskIou(await maskOf([inDisk], true), truth.disk)).toBeGreaterThan(0.97);
  });

  test('a second click adds another part, and one that removes takes it away again', async () => {
    const both = truth.disk.map((value, i) => value | (truth.square[i] ?? 0));
    expect(maskIou(await maskOf([inDisk, inSquare]), both)).toBeGreaterThan(0.97);
    expect(
      maskIou(await maskOf([inDisk, inSquare, { ...inSquare, x: 245, positive: false }]), truth.disk),
    ).toBeGreaterThan(0.9);
  });

  test('finds a thing that is small in a large picture, and offers what else the click may mean', async () => {
    const [width, height] = [640, 420];
    const rgb = new Uint8Array(width * height * 3);
    const thing = new Uint8Array(width * height);
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const isThing = Math.hypot(x - 410, y - 290) < 13;
      if (isThing) thing[i] = 1;
      // A band of nearly the thing's colours crosses the picture.
      const colour = isThing ? [200, 90, 60] : Math.abs(y - 130) < 60 ? [180, 100, 80] : [70, 90, 120];
      for (let c = 0; c < 3; c++) rgb[i * 3 + c] = (colour[c] ?? 0) + (((i * 31 + c * 17) * 7919) % 53) - 26;
    }
    const segmenter = new BasicSegmenter();
    const embedding = await segmenter.encode({ width, height, rgb });
    const click = { x: 410, y: 290, positive: true };
    const prompts = (clicks: readonly ClickPrompt[]) => ({ clicks, box: null, seen: { width, height } });
    const { masks, best } = await segmenter.decode(embedding, prompts([click]), null);
    const inMask = (mask: (typeof masks)[number] | undefined) =>
      Uint8Array.from(mask?.logits.data ?? [], (value) => (value > 0 ? 1 : 0));
    expect(maskIou(inMask(masks[best]), thing)).toBeGreaterThan(0.9);
    expect(masks.length).toBeGreaterThanOrEqual(2);
    // Whoever goes on from the one that is shown gets the same mask as by its clicks alone; another one says where the thing is.
    const clicks = [click, { x: 440, y: 290, positive: false }];
    const goingOn = async (mask: (typeof masks)[number] | undefined) =>
      (await segmenter.decode(embedding, prompts(clicks), mask?.lowRes ?? null)).masks[0];
    expect(inMask(await goingOn(masks[best]))).toEqual(inMask(await goingOn(undefined)));
    const other = masks[best + 1];
    expect((await goingOn(other))?.lowRes).toEqual(other?.lowRes);
  });

  test('a click beside a border moves the border there and nothing else', async () => {
    const before = await maskOf([inDisk]);
    const after = await maskOf([inDisk, { x: 148, y: 100, positive: true }]);
    expect(after[100 * 320 + 148]).toBe(1);
    expect(maskIou(after, before)).toBeGreaterThan(0.97);
  });

  test('the same clicks give the same mask, whatever was asked before', async () => {
    const segmenter = new BasicSegmenter();
    const clicks = [inDisk, inSquare, { x: 160, y: 20, positive: false }];
    await maskOf(clicks, false, segmenter);
    await maskOf([inSquare, inDisk], false, segmenter);
    const again = await maskOf(clicks, false, segmenter);
    expect(again).toEqual(await maskOf(clicks));
  });

  test('clicks count in pixels of what was seen, of which the picture may be a smaller copy', async () => {
    const large = { ...inDisk, x: 960, y: 1000 };
    expect(await maskOf([large], false, new BasicSegmenter(), { width: 3200, height: 2000 })).toEqual(
      await maskOf([inDisk]),
    );
  });

  test('clicks that make no sense give some mask: only negative ones, outside, on a single pixel', async () => {
    expect((await maskOf([{ ...inDisk, positive: false }])).includes(1)).toBe(false);
    await maskOf([{ x: -50, y: 9999, positive: true }]);
    const segmenter = new BasicSegmenter();
    const tiny = await segmenter.encode({ width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) });
    const prompts = { clicks: [{ x: 0, y: 0, positive: true }], box: null, seen: { width: 1, height: 1 } };
    expect((await segmenter.decode(tiny, prompts)).masks).toHaveLength(1);
  });

  test('whatever the picture and the prompts, there is a mask of the picture', async () => {
    const side = fc.integer({ min: 1, max: 40 });
    const place = fc.double({ min: -20, max: 60, noNaN: true });
    const cases = fc.record({
      width: side,
      height: side,
      clicks: fc.array(fc.record({ x: place, y: place, positive: fc.boolean() }), { maxLength: 4 }),
      box: fc.option(fc.record({ x1: place, y1: place, x2: place, y2: place })),
      grey: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ width, height, clicks, box, grey }) => {
        const segmenter = new BasicSegmenter();
        const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (grey ? 90 : (i * 7919) % 251));
        const embedding = await segmenter.encode({ width, height, rgb });
        const { masks } = await segmenter.decode(embedding, { clicks, box, seen: { width, height } });
        expect(masks[0]?.logits.data).toHaveLength(width * height);
        expect(masks[0]?.logits.data.every((value) => value === 1 || value === -1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
