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
  for (let channel = 0; channel < 3; channel++) {
    const [shift, scale] = [mean[channel] ?? 0, 1 / (deviation[channel] ?? 1)];
    const plane = channel * width * height;
    for (let y = 0; y < lines; y++) {
      let at = y * from * 3 + channel;
      const to = plane + y * width;
      for (let x = 0; x < from; x++, at += 3) values[to + x] = ((rgb[at] ?? 0) - shift) * scale;
    }
  }
  return values;
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
