import type { Box } from '../geometry/box';
import type { CocoMask } from '../mask/cocoMask';

/** One click of an annotation session, kept as data whether it was undone or not. Pixels of the stored image. */
export interface ClickRecord {
  readonly x: number;
  readonly y: number;
  /** Adds to the mask; else removes from it. */
  readonly positive: boolean;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Null for an empty mask. */
  readonly before: CocoMask | null;
  readonly after: CocoMask | null;
  /** IoU of `after` with the ground truth; null when there is none. */
  readonly iou: number | null;
  /** Taken back by the user. */
  readonly undone: boolean;
}

/** A mask that a person made with a segmenter, a brush or both, of size and in pixels of the stored image. */
export interface DrawnMask {
  readonly label: string | null;
  readonly mask: CocoMask;
  /** What the segmenter expects its IoU to be; null when a person drew last. */
  readonly score: number | null;
  /** Name of the segmenter; null for a mask that was painted. */
  readonly model: string | null;
  readonly box: Box | null;
  readonly clicks: readonly ClickRecord[];
}

/** A drawn mask as an editor keeps it. */
export interface MaskAnnotation extends DrawnMask {
  /** Unique among the masks of its image. */
  readonly id: string;
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}
