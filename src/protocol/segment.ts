import type { Box, Size } from '../core/geometry/box';
import type { Fit } from '../core/geometry/fitSide';
import type { CocoMask } from '../core/mask/cocoMask';

/**
 * Prompts and masks between host and inference child. Every coordinate counts in stored pixels of the whole original image
 * (frame *original*), whatever part of it a request is about; numbers logged in another frame are mapped before.
 */

/**
 * A click. Whole numbers name the middle of a pixel, as segmenters and simulated annotators count them: a click on the
 * first pixel is (0, 0).
 */
export interface ClickPrompt {
  readonly x: number;
  readonly y: number;
  /** False takes away. */
  readonly positive: boolean;
}

/**
 * Mask that a model is given back: a candidate of an earlier answer, or any mask of the whole image. `guess`: nobody painted or chose
 * it, so that a segmenter which reads clicks alone may make it anew.
 */
export type PreviousMask =
  | { readonly kind: 'candidate'; readonly handle: string }
  | { readonly kind: 'mask'; readonly mask: CocoMask; readonly guess?: boolean };

export interface SegmentRequest {
  /** Absolute path of the image file. */
  readonly image: string;
  /** Turned as EXIF says; boxes, clicks and masks count in the upright image then. */
  readonly upright?: boolean;
  /** Part of the image that the model sees; null for all of it. */
  readonly crop: Box | null;
  /** As `ModelInfo.id`. */
  readonly model: string;
  /** In the order they were made; together with `box` at least one prompt. */
  readonly clicks: readonly ClickPrompt[];
  readonly box: Box | null;
  /** Fed back where the model was made for it; null on the first prompt. */
  readonly previous: PreviousMask | null;
  /** Of requests with one lane (an editor's canvas) only the newest is answered; older ones that wait are cancelled. */
  readonly lane: string;
}

/** One mask that a model offers. */
export interface SegmentCandidate {
  /** Of the whole image, also where only a crop of it was looked at. */
  readonly mask: CocoMask;
  /** What the model expects its IoU to be, 0–1; null where it does not say. */
  readonly score: number | null;
  /** Pixels above the threshold + 1 for each above the threshold − 1 (SAM's stability score); null of a mask without logits. */
  readonly stability: number | null;
  /** For `PreviousMask`; forgotten when the child ends. */
  readonly handle: string;
}

/** Milliseconds. */
export interface SegmentTimings {
  /** Until its turn came. */
  readonly waited: number;
  /** Reading and scaling the image; 0 when the embedding was there. */
  readonly pixels: number;
  /** The model's encoder; 0 when the embedding was there. */
  readonly encode: number;
  /** The model's decoder alone. */
  readonly decode: number;
  /** From the request's arrival in the child to the answer. */
  readonly total: number;
}

/** What runs a model. */
export const providers = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const;
export type Provider = (typeof providers)[number];

/** Where the embedding came from. */
export type EmbeddingSource = 'memory' | 'disk' | 'encoded';

export interface SegmentAnswer {
  /** As the model orders them; at least one. */
  readonly candidates: readonly SegmentCandidate[];
  /** Index of the one to show first. */
  readonly best: number;
  /** Of the original image. */
  readonly imageSize: Size;
  readonly model: string;
  /** What ran the encoder; decoders always run on the CPU. */
  readonly provider: Provider;
  readonly precision: string;
  readonly embedding: EmbeddingSource;
  /** Whether the previous mask went into the model. */
  readonly fedBack: boolean;
  readonly timings: SegmentTimings;
}

export interface EmbedRequest {
  readonly image: string;
  /** As in `SegmentRequest`. */
  readonly upright?: boolean;
  readonly crop: Box | null;
  readonly model: string;
  /** `visible`: somebody looks at it. `prefetch`: somebody may soon. `batch`: whenever nothing else is to do. */
  readonly urgency: 'visible' | 'prefetch' | 'batch';
}

export interface EmbedAnswer {
  readonly embedding: EmbeddingSource;
  readonly provider: Provider;
  readonly precision: string;
  readonly timings: Pick<SegmentTimings, 'waited' | 'pixels' | 'encode' | 'total'>;
}

/** A model that was recognised by the signature of its graphs. */
export interface ModelInfo {
  /** Names the model in requests: the absolute path of the graph that makes masks, or the name of a built-in one. */
  readonly id: string;
  /** For people: the kind of model and the file's name. */
  readonly title: string;
  /** Kind of export: `sam`, `sam2-samexporter` …; see docs/models.md. */
  readonly dialect: string;
  /** Absolute; null for a model of one graph. */
  readonly encoder: string | null;
  /** Absolute; null for a built-in model. */
  readonly decoder: string | null;
  /** Side of the square input in pixels; null where the model takes any size. */
  readonly inputSize: number | null;
  /** Whether the previous mask is fed back from the second click on. */
  readonly feedback: boolean;
  readonly boxes: boolean;
  /** `float32`, `float16` …: what the encoder takes in. */
  readonly precision: string;
  /** Of all its files. */
  readonly bytes: number;
}

/** What was found at a path: models, and for each file that is none of them the reason, in words. */
export interface ModelsFound {
  readonly models: readonly ModelInfo[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

/** What a provider was found to be, by a run compared with the CPU. */
export interface ProviderReport {
  readonly provider: Provider;
  readonly usable: boolean;
  /** Why, in words. */
  readonly reason: string;
}

/** A model that was asked for and not let go of since. */
export interface LoadedModel {
  /** As `ModelInfo.id` and `title`. */
  readonly model: string;
  readonly title: string;
  /** What runs the encoder: the CPU until a run showed another to be as good. */
  readonly provider: Provider;
  readonly precision: string;
  /** Milliseconds of its last runs, without loading the model; null before the first. */
  readonly encodeMs: number | null;
  readonly decodeMs: number | null;
}

/** What the process does for longer than a moment. `since` is a time of `Date.now()`. */
export type InferenceWork =
  | { readonly kind: 'loading'; readonly model: string; readonly title: string; readonly since: number }
  | {
      readonly kind: 'encoding';
      readonly model: string;
      readonly title: string;
      /** Absolute path of the image, and the part of it. */
      readonly image: string;
      readonly crop: Box | null;
      readonly urgency: EmbedRequest['urgency'];
      readonly since: number;
    };

export interface InferenceState {
  /** Last used first. */
  readonly loaded: readonly LoadedModel[];
  readonly providers: readonly ProviderReport[];
  /** What runs now; null while nothing does, and while a click is decoded. */
  readonly now: InferenceWork | null;
  /** Requests that wait for their turn. */
  readonly waiting: number;
}

/** What an encoder is fed from: 8-bit RGB row by row, already scaled. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `width · height · 3` bytes. */
  readonly rgb: Uint8Array;
}

/** How a model wants its image. */
export interface PixelsRequest {
  readonly path: string;
  /** As in `SegmentRequest`. */
  readonly upright?: boolean;
  readonly crop: Box | null;
  /** In pixels of the scaled image. */
  readonly side: number;
  readonly fit: Fit;
}

export interface PixelsAnswer {
  readonly pixels: Pixels;
  /** The whole pixels that were taken: what `crop` touches, inside the image. Stored ones, or of the upright image. */
  readonly cut: Box;
  /** Stored pixels of the whole image, or those of the upright one. */
  readonly imageSize: Size;
}

/** Served by the inference child. */
export type SegmentMethods = {
  /** Models that are part of Saccade, the one to begin with first. */
  'models/builtIn': (p: Record<never, never>) => readonly ModelInfo[];
  /** Looks at a file or folder without loading a model. */
  'models/find': (p: { path: string }) => ModelsFound;
  'segment/run': (p: SegmentRequest) => SegmentAnswer;
  'segment/embed': (p: EmbedRequest) => EmbedAnswer;
  'segment/state': (p: Record<never, never>) => InferenceState;
  /** Lets go of all models that nothing is asked of now; a click loads its model again. */
  'models/release': (p: Record<never, never>) => null;
};
/** Served by its parent: images are decoded elsewhere (media child, or a webview where sharp does not load). */
export type SegmentParentMethods = {
  'image/pixels': (p: PixelsRequest) => PixelsAnswer;
};
export type SegmentEvents = {
  /** Sent when it changed, before a run that blocks the process for as long as it takes. */
  'segment/state': InferenceState;
};
