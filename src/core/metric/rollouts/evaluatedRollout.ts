import type { Box } from '../../geometry/box';

/** A true object, in stored pixels of the original. */
export interface TrueBox {
  readonly box: Box;
  /** As it is compared: without case and outer white space; '' where the truth names none. */
  readonly category: string;
  /** As annotated, or the box's. */
  readonly area: number;
  readonly crowd: boolean;
}

export interface FoundBox {
  readonly box: Box;
  /** Null where its label is no category of the truth. */
  readonly category: string | null;
  /** Null where the model gives none. */
  readonly score: number | null;
}

/** What one rollout came to, of those things that its trace tells. */
export interface EvaluatedRollout {
  /** Who answered. */
  readonly policy: string;
  /** False where the whole picture was asked about, for comparison. */
  readonly zoomed: boolean;
  readonly malformed: boolean;
  /** Null where it is unknown what is there. */
  readonly truth: readonly TrueBox[] | null;
  /** In the order of the answer; null where boxes cannot be placed on the image. */
  readonly found: readonly FoundBox[] | null;
  /** The boxes are the regions that it looked at: no task model answered. */
  readonly regionsOnly: boolean;
  /** Where it looked, in stored pixels; null for a rollout that was not to look at parts, or whose regions cannot be placed. */
  readonly looks: readonly Box[] | null;
  /** Null where there is no answer in words to compare. */
  readonly right: boolean | null;
  /** Its last mask against the true one, in pixels, and the IoU after each click; null without masks. */
  readonly mask: {
    readonly shared: number;
    readonly union: number;
    readonly curve: readonly number[];
  } | null;
  /** Calls of a model; null where the trace does not tell. */
  readonly calls: number | null;
  /** From the first picture to the last answer; null where the trace does not tell. */
  readonly seconds: number | null;
}
