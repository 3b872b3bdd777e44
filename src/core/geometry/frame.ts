import type { Box, Size } from './box';

/**
 * How a model's input image is made from the original, so that a box given in input pixels can be mapped back.
 * `smart_resize` of qwen-vl-utils (`vision_process.py`) with an optional resize before it.
 */
export interface ResizeSpec {
  /** Sides become multiples of this: 28 for Qwen2-VL and Qwen2.5-VL, 32 for Qwen3-VL. */
  readonly factor: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  /**
   * A resize done before `smart_resize`. `atLeast`: the ACTIVE-O3 demo, which enlarges an image whose shorter side is
   * below `shortSide`. `exact`: the ACTIVE-O3 paper's training, shorter side brought to `shortSide` either way.
   */
  readonly before: { readonly shortSide: number; readonly mode: 'atLeast' | 'exact' } | null;
}

/** A rule that says which pixels a number counts in; together with an image's size it becomes a `Frame`. */
export type FrameSpec =
  | { readonly kind: 'original' }
  | { readonly kind: 'input'; readonly resize: ResizeSpec }
  | { readonly kind: 'relative1' }
  | { readonly kind: 'relative1000' };

/** Which of a trace's numbers a frame is set for: they can differ within one file. */
export type FrameField = 'prediction' | 'groundTruth' | 'tool';

/** What a log itself may say of the pixels of one field (`box_frame`, `truth_frame`, `tool_frame`). */
export type StatedFrame = FrameSpec['kind'];

/** Sizes a row logs, which win over what is computed from the image on disk. */
export interface LoggedSizes {
  /** The image the model's input was made from, where it is not the file itself (the ACTIVE-O3 demo enlarges small ones). */
  readonly loggedImageSize: Size | null;
  /** The model's input after every resize. */
  readonly inputSize: Size | null;
}

/** Who decided on a frame; shown beside it. */
export type FrameOrigin = 'user' | 'log' | 'format' | 'config' | 'evidence' | 'undecided';

/** The frame in force for one (data source, field) of a trace. `spec` is null while nobody can tell. */
export interface FrameChoice {
  readonly dataSource: string | null;
  readonly field: FrameField;
  readonly spec: FrameSpec | null;
  readonly origin: FrameOrigin;
  /** One sentence for the user: why this frame. */
  readonly reason: string;
}

/** How one candidate frame fits a file: shown to the user when the format states none. */
export interface FrameEvidence {
  readonly spec: FrameSpec;
  /** Boxes looked at. */
  readonly boxes: number;
  /** Share of boxes wholly inside the image, within the tolerance; 0–1, NaN without boxes. */
  readonly insideShare: number;
  /** Mean over predicted boxes of the best continuous IoU with a ground-truth box of its image; NaN without ground truth. */
  readonly meanIou: number;
  /** An earlier candidate that means the same on every image looked at; null when this one differs from all before it. */
  readonly sameAs: FrameSpec | null;
}

/** A box with the frame it counts in and the image it belongs to. */
export interface FramedBox {
  readonly box: Box;
  readonly spec: FrameSpec;
  readonly image: Size;
}
