import type { Pixels } from '../../../protocol/segment';
import type { NamedTensor } from '../../segmenter';
import type { ImageInput } from '../models/recipe';
import { tensorOf } from './tensors';

/** 8-bit RGB as the encoder wants it: normalised, in planes or rows, the rest of the square filled with zeros. */
export function imageTensor(pixels: Pixels, input: ImageInput): NamedTensor {
  const { layout, type, side, padded } = input;
  const width = padded ? side : pixels.width;
  const height = padded ? side : pixels.height;
  if (layout === 'hwc') return raw(type, [height, width, 3], rows(pixels, width, height, input));
  const values = planes(pixels, width, height, input, 3);
  return tensorOf(type, layout === 'chw' ? [3, height, width] : [1, 3, height, width], values);
}

/** Planes of colours with `channels − 3` more behind them, left zero. */
export function planes(
  { width: from, height: lines, rgb }: Pixels,
  width: number,
  height: number,
  { mean, deviation }: Pick<ImageInput, 'mean' | 'deviation'>,
  channels: number,
): Float32Array {
  const values = new Float32Array(channels * width * height);
  const [red, green, blue] = [0, 1, 2].map((channel) => normalised(mean[channel] ?? 0, deviation[channel] ?? 1));
  if (red === undefined || green === undefined || blue === undefined) return values;
  const [second, third] = [width * height, 2 * width * height];
  for (let y = 0, at = 0; y < lines; y++) {
    const end = y * width + from;
    for (let to = y * width; to < end; to++, at += 3) {
      values[to] = red[rgb[at] ?? 0] ?? 0;
      values[to + second] = green[rgb[at + 1] ?? 0] ?? 0;
      values[to + third] = blue[rgb[at + 2] ?? 0] ?? 0;
    }
  }
  return values;
}

/** What each byte becomes: a pixel is looked up instead of computed. */
function normalised(shift: number, deviation: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => (byte - shift) * (1 / deviation));
}

function rows(
  { width: from, height: lines, rgb }: Pixels,
  width: number,
  height: number,
  input: ImageInput,
): Float32Array {
  const values = new Float32Array(3 * width * height);
  for (let y = 0; y < lines; y++) {
    for (let i = 0; i < from * 3; i++) {
      const channel = i % 3;
      const value = rgb[y * from * 3 + i] ?? 0;
      values[y * width * 3 + i] = (value - (input.mean[channel] ?? 0)) / (input.deviation[channel] ?? 1);
    }
  }
  return values;
}

function raw(type: string, dims: readonly number[], values: Float32Array): NamedTensor {
  return tensorOf(type, dims, values);
}
