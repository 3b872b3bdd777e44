import type { Size } from '../../../core/geometry/box';
import { fitSide } from '../../../core/geometry/fitSide';
import type { NamedTensor } from '../../segmenter';
import { promptInputs } from '../models/dialects';
import type { Recipe } from '../models/recipe';
import { firstNamed } from '../models/signature';

/** A share of 0 or 1 would be an infinite logit: this is as sure as a mask drawn by hand is said to be. */
const least = 1e-3;
const openSide = 256;
/** Points of a cell that are looked at, a side. */
const probes = 4;

/**
 * A mask as a model's own low-resolution output would have it: each cell's share of the mask, as a logit for SAM and as it is for
 * the RITM family and SegNext. Cells beyond the image are surely not in it.
 */
export function previousMask({ decoder, image, dialect }: Recipe, mask: Uint8Array, seen: Size): NamedTensor {
  const scaled = fitSide(seen, image.side, image.fit);
  const whole = dialect.id === 'ritm';
  const info = firstNamed(decoder.inputs, promptInputs.mask);
  const [height = openSide, width = openSide] = whole
    ? [scaled.height, scaled.width]
    : (info?.dims.slice(-2) ?? []).map((side) => side ?? openSide);
  const covered = image.fit === 'longest' ? { width: image.side, height: image.side } : scaled;
  const across = (seen.width * covered.width) / (scaled.width * width);
  const down = (seen.height * covered.height) / (scaled.height * height);
  const probabilities = whole || dialect.id === 'segnext';
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = shareOf(mask, seen, x * across, y * down, across, down);
      const sure = Math.min(1 - least, Math.max(least, share));
      data[y * width + x] = probabilities ? share : Math.log(sure / (1 - sure));
    }
  }
  return { type: 'float32', dims: [1, 1, height, width], data };
}

function shareOf(mask: Uint8Array, seen: Size, left: number, top: number, width: number, height: number): number {
  let inside = 0;
  for (let j = 0; j < probes; j++) {
    const y = Math.floor(top + ((j + 0.5) * height) / probes);
    if (y >= seen.height) break;
    for (let i = 0; i < probes; i++) {
      const x = Math.floor(left + ((i + 0.5) * width) / probes);
      if (x < seen.width && mask[y * seen.width + x] !== 0) inside++;
    }
  }
  return inside / (probes * probes);
}
