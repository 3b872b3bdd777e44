import type { Size } from '../../core/geometry/box';
import type { JsonObject } from '../columns';

/**
 * Width and height of an image in the units that boxes in a row's answers count in, where the row states them by `box_frame` and
 * `input_size` (docs/self-describing.md); null for pixels of the stored image.
 */
export function answerExtent({ box_frame: frame, input_size: input }: JsonObject): Size | null {
  if (frame === 'relative1') return { width: 1, height: 1 };
  if (frame === 'relative1000') return { width: 1000, height: 1000 };
  if (frame !== 'input' || !Array.isArray(input)) return null;
  const [width, height] = input as readonly unknown[];
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  return width > 0 && height > 0 ? { width, height } : null;
}
