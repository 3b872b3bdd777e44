import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEmbedding, unpackEmbedding } from '../../../src/inference/process/embeddings/embeddingFile';
import { fromHalves, toHalves } from '../../../src/inference/process/float16';

const place = { cut: { x1: 0, y1: 0, x2: 4, y2: 3 }, imageSize: { width: 4, height: 3 }, provider: 'cpu' } as const;
const kept = (values: Float32Array) =>
  unpackEmbedding(
    packEmbedding({ ...place, tensors: { e: { type: 'float32', dims: [values.length], data: values } } }),
  );

describe('halves', () => {
  it('are the nearest, ties to even, at both ends of their range', () => {
    const pairs: readonly (readonly [number, number])[] = [
      [0, 0],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65519, 0x7bff],
      [65520, 0x7c00],
      [2 ** -24, 1],
      [2 ** -25, 0],
      [1.5 * 2 ** -24, 2],
      [2 ** -14, 0x0400],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [Number.NEGATIVE_INFINITY, 0xfc00],
    ];
    for (const [value, half] of pairs) expect(toHalves(Float32Array.of(value))[0], String(value)).toBe(half);
    expect(fromHalves(toHalves(Float32Array.of(Number.NaN)))[0]).toBeNaN();
  });

  it('come back the same', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(toHalves(fromHalves(all))).toEqual(all);
  });
});

describe('an embedding on disk', () => {
  it('keeps floats as halves within 5·10⁻⁴, and as they are where that is too coarse', () => {
    const even = Float32Array.from({ length: 4096 }, (_, at) => Math.sin(at) * 3);
    const tensors = kept(even)?.tensors ?? {};
    const data = tensors.e?.data as Float32Array;
    expect(Math.max(...data.map((value, at) => Math.abs(value - (even[at] ?? 0))))).toBeLessThan(2e-3);
    const tooLarge = even.map((value, at) => (at === 5 ? 1e6 : value));
    const tooSmall = even.map((value) => value * 1e-7);
    for (const exact of [tooLarge, tooSmall]) expect(kept(exact)?.tensors.e?.data).toEqual(exact);
  });

  it('is refused when a single bit of it changed, or a part is missing', () => {
    const bytes = packEmbedding({
      ...place,
      tensors: { i: { type: 'int64', dims: [3], data: BigInt64Array.of(1n, -2n, 3n) } },
    });
    expect(unpackEmbedding(bytes)).toMatchObject({ ...place, tensors: { i: { dims: [3] } } });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(unpackEmbedding(changed)).toBeNull();
        expect(unpackEmbedding(bytes.subarray(0, at))).toBeNull();
      }),
    );
  });
});
