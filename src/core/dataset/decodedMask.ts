import type { Box } from '../geometry/box';
import type { CocoMask } from '../mask/cocoMask';
import type { DatasetAnnotation } from './datasetImage';
import type { MaskPicture } from './shape';

/** What stands in a picture of a mask. */
export interface DecodedMask {
  readonly mask: CocoMask;
  /** In pixels. */
  readonly area: number;
  /** Null for an empty mask. */
  readonly box: Box | null;
}

/** An annotation whose mask stood in a picture of its own, with that mask, its area and box; any other as it is. */
export async function withDecodedMask<T extends DatasetAnnotation>(
  annotation: T,
  decode: (picture: MaskPicture) => Promise<DecodedMask>,
): Promise<T> {
  if (annotation.shape.kind !== 'maskPicture') return annotation;
  const { mask, area, box } = await decode(annotation.shape.picture);
  return {
    ...annotation,
    shape: { kind: 'mask', mask },
    area: annotation.area ?? area,
    box: box ?? annotation.box,
  };
}
