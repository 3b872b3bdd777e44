import type { Pixels } from '../../../protocol/segment';
import type { Embedding } from '../../segmenter';
import { floatsOf } from '../segmenters/tensors';

/** Share of the CPU's numbers by which a provider may differ, as root mean squares: half precision alone makes about 0.005. */
const mostDifference = 0.03;

/** A picture with edges, slopes and texture, the same everywhere: what providers are compared on. */
export function probePixels(width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const inDisk = (x - width / 2) ** 2 + (y - height / 3) ** 2 < (width / 5) ** 2;
      rgb[at] = inDisk ? 220 : (255 * x) / width;
      rgb[at + 1] = (255 * y) / height;
      rgb[at + 2] = (x * 31 + y * 17) % 97;
    }
  }
  return { width, height, rgb };
}

/** Why one run is not the other's equal; null when it is. */
export function differenceOf(found: Embedding, expected: Embedding): string | null {
  for (const [name, tensor] of Object.entries(expected)) {
    const other = found[name];
    if (other === undefined) return `it does not make ${name}`;
    const [a, b] = [floatsOf(other), floatsOf(tensor)];
    if (a.length !== b.length) return `its ${name} has another shape`;
    let error = 0;
    let power = 0;
    for (let at = 0; at < b.length; at++) {
      error += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
      power += (b[at] ?? 0) ** 2;
    }
    const share = Math.sqrt(error / Math.max(power, Number.MIN_VALUE));
    if (!(error === 0 || share <= mostDifference))
      return `its ${name} differs from the CPU's by ${Number.isFinite(share) ? `${Math.round(share * 100)} %` : 'all'}`;
  }
  return null;
}
