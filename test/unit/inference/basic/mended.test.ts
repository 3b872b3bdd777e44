import { describe, expect, test } from 'vitest';
import { maskIou } from '../../../../src/core/mask/pixels';
import { BasicSegmenter } from '../../../../src/inference/process/segmenters/basic/basicSegmenter';
import type { NamedTensor } from '../../../../src/inference/segmenter';
import type { ClickPrompt } from '../../../../src/protocol/segment';

const size = { width: 320, height: 200 };

/** Two red squares on blue, 20 apart, and a green stripe that nobody means; all a little grainy. */
function scene() {
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < size.width * size.height; i++) {
    const [x, y] = [i % size.width, Math.floor(i / size.width)];
    const isRed = y >= 60 && y < 140 && ((x >= 50 && x < 130) || (x >= 190 && x < 270));
    const colour = isRed ? [190, 60, 50] : y > 170 ? [60, 150, 60] : [50, 80, 150];
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = (colour[c] ?? 0) + (((i * 31 + c * 17) * 7919) % 17) - 8;
  }
  return { ...size, rgb };
}

function painted(...boxes: readonly (readonly [number, number, number, number])[]): Uint8Array {
  const mask = new Uint8Array(size.width * size.height);
  for (const [x1, y1, x2, y2] of boxes)
    for (let y = y1; y < y2; y++) mask.fill(1, y * size.width + x1, y * size.width + x2);
  return mask;
}

const left: ClickPrompt = { x: 90, y: 100, positive: true };
const right: ClickPrompt = { x: 230, y: 100, positive: true };
const squares = [
  [50, 60, 130, 140],
  [190, 60, 270, 140],
] as const;

async function decoded(clicks: readonly ClickPrompt[], previous: NamedTensor | null, segmenter = new BasicSegmenter()) {
  const embedding = await segmenter.encode(scene());
  const { masks, best } = await segmenter.decode(embedding, { clicks, box: null, seen: size }, previous);
  const { logits, lowRes } = masks[best]!;
  return { mask: Uint8Array.from(logits.data, (value) => (value > 0 ? 1 : 0)), lowRes };
}

const given = (mask: Uint8Array) => new BasicSegmenter().previousOf(mask, size);
const at = (mask: Uint8Array, x: number, y: number) => mask[y * size.width + x];

describe('a click on a mask that was painted', () => {
  // The first square, with a stroke over the blue and a corner that the eraser took.
  const base = painted(squares[0], [20, 80, 50, 95]);
  for (let y = 110; y < 140; y++) base.fill(0, y * size.width + 100, y * size.width + 130);

  test('adds what it points at, and keeps every stroke of brush and eraser', async () => {
    const { mask } = await decoded([left, right], given(base));
    const wanted = base.map((value, i) => value | (painted(squares[1])[i] ?? 0));
    expect(maskIou(mask, wanted)).toBeGreaterThan(0.97);
    expect([at(mask, 25, 88), at(mask, 115, 125)]).toEqual([1, 0]);
  });

  test('takes away what it points at, there alone', async () => {
    const { mask } = await decoded([left, { x: 30, y: 88, positive: false }], given(base));
    expect([at(mask, 30, 88), at(mask, 90, 100), at(mask, 115, 125)]).toEqual([0, 1, 0]);
    expect(maskIou(mask, base)).toBeGreaterThan(0.9);
  });

  test('is followed by others that know of it: strokes stay, clicks on what is right already change nothing', async () => {
    const first = await decoded([left, right], given(base));
    const second = await decoded([left, right, { x: 240, y: 40, positive: false }], first.lowRes);
    expect(second.mask).toEqual(first.mask);
    const third = await decoded([left, right, { x: 160, y: 185, positive: true }], second.lowRes);
    expect([at(third.mask, 25, 88), at(third.mask, 115, 125), at(third.mask, 160, 185)]).toEqual([1, 0, 1]);
    expect(base.every((value, i) => value === 0 || third.mask[i] === 1)).toBe(true);
  });

  test('works on a mask without a click before, of any size', async () => {
    const half = new Uint8Array((size.width * size.height) / 4);
    for (let i = 0; i < half.length; i++) half[i] = base[Math.floor(i / 160) * 2 * size.width + (i % 160) * 2] ?? 0;
    const previous = new BasicSegmenter().previousOf(half, { width: 160, height: 100 });
    const { mask } = await decoded([right], previous);
    expect([at(mask, 25, 88), at(mask, 115, 125), at(mask, 230, 100)]).toEqual([1, 0, 1]);
  });
});
