import type { Box, Size } from '../../../src/core/geometry/box';
import type { GroupDetail } from '../../../src/protocol/data';

/** A failure from before any details were known counts for the first ones. */
export function stillCounts<F extends { readonly detail: GroupDetail | null }>(
  failure: F,
  detail: GroupDetail,
): F | null {
  return failure.detail === null || failure.detail === detail ? { ...failure, detail } : null;
}

export function whole(size: Size): Box {
  return { x1: 0, y1: 0, x2: size.width, y2: size.height };
}
