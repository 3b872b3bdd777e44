import type { Size } from '../../../../core/geometry/box';
import { pixelsOfRuns, runsOfPixels } from '../../../../core/mask/cocoMask';
import type { NamedTensor } from '../../../segmenter';

/** A mask as a tensor of its runs, which are remembered at little cost: `dims` are its height and width. */
export function maskTensor(mask: Uint8Array, { width, height }: Size): NamedTensor {
  return { type: 'int32', dims: [height, width], data: Int32Array.from(runsOfPixels(mask, width, height)) };
}

/** The mask of such a tensor on pixels of another size, row-major; null for a tensor that is none. */
export function maskOfTensor({ type, dims, data }: NamedTensor, to: Size): Uint8Array | null {
  const [height = 0, width = 0] = dims;
  if (type !== 'int32' || !(data instanceof Int32Array)) return null;
  const mask = pixelsOfRuns(Uint32Array.from(data), width, height);
  if (width === to.width && height === to.height) return mask;
  const scaled = new Uint8Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / to.height)) * width;
    for (let x = 0; x < to.width; x++)
      scaled[y * to.width + x] = mask[row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / to.width))] ?? 0;
  }
  return scaled;
}
