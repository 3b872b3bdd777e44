import type { Box, Size } from '../core/geometry/box';
import type { LogitGrid } from '../core/mask/logits';
import type { ClickPrompt, Pixels, PixelsRequest } from '../protocol/segment';

/** Numbers of a tensor as ONNX Runtime hands them over; float16 comes as bits in a `Uint16Array`. */
export type TensorData = Float32Array | Uint8Array | Int32Array | BigInt64Array | Uint16Array;

export interface NamedTensor {
  /** ONNX Runtime's name of the element type. */
  readonly type: 'float32' | 'float16' | 'uint8' | 'int32' | 'int64' | 'bool';
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** What an encoder made of an image, by the names its decoder asks for: SAM 2 has three tensors, SAM one, of any shape. */
export type Embedding = Readonly<Record<string, NamedTensor>>;

/** One mask that a decoder offers. */
export interface DecodedMask {
  /** Covers exactly what the encoder saw (`seen`), without padding. */
  readonly logits: LogitGrid;
  /** What the decoder takes as its previous mask; null where it takes none. */
  readonly lowRes: NamedTensor | null;
  /** Expected IoU; null where the model has no such output. */
  readonly score: number | null;
  /** SAM's stability score with an offset of 1; null where the graph has applied the threshold itself. */
  readonly stability: number | null;
}

export interface Decoded {
  readonly masks: readonly DecodedMask[];
  /** Index of the mask to show first. */
  readonly best: number;
}

/** Clicks and box in pixels of `seen`: the part of the image that was encoded, before it was scaled. */
export interface Prompts {
  readonly clicks: readonly ClickPrompt[];
  readonly box: Box | null;
  readonly seen: Size;
}

/** What a model says of itself. */
export interface SegmenterFacts {
  /** How it wants its image; also the frame that prompts are scaled to. */
  readonly input: Pick<PixelsRequest, 'side' | 'fit'>;
  /** Made to get its previous mask from the second click on. */
  readonly feedback: boolean;
  /** Takes a box, not only clicks. */
  readonly boxes: boolean;
  /** From which logit on a pixel is in the mask. */
  readonly threshold: number;
}

/**
 * A model that turns clicks into masks. `encode` once an image, `decode` once a click; both throw `UserError` for what the
 * user can mend. One of the two runs at a time.
 */
export interface Segmenter {
  readonly facts: SegmenterFacts;
  encode(pixels: Pixels): Promise<Embedding>;
  /** @param previous low-resolution logits of an earlier answer; ignored by a model that takes none. */
  decode(embedding: Embedding, prompts: Prompts, previous: NamedTensor | null): Promise<Decoded>;
  /** A mask of what is seen, row by row and 1 where it is in, as this model takes its previous one; null when it takes none. */
  previousOf(mask: Uint8Array, seen: Size): NamedTensor | null;
  release(): Promise<void>;
}
