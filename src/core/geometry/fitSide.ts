import type { Size } from './box';

/**
 * How an image is brought to a model's input. `longest`: the longer side becomes the given one (SAM's
 * `ResizeLongestSide.get_preprocess_shape`, which rounds half up). `stretch`: both sides do. `atMost`: as `longest`, never enlarged.
 */
export type Fit = 'longest' | 'stretch' | 'atMost';

/** Pixels of the image after it was brought to `side`; at least one a side. */
export function fitSide({ width, height }: Size, side: number, fit: Fit): Size {
  if (fit === 'stretch') return { width: side, height: side };
  const longer = Math.max(width, height);
  if (fit === 'atMost' && longer <= side) return { width, height };
  const scaled = (length: number) => Math.max(1, Math.floor((length * side) / longer + 0.5));
  return { width: scaled(width), height: scaled(height) };
}
