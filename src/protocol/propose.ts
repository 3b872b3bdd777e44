import type { Box, Size } from '../core/geometry/box';

/** Most regions that one sample names: ACTIVE-O3's K. */
export const mostRegions = 3;

/**
 * Asks the policy that ships with Saccade where to look. It sees the picture alone: it reads no question, so that its samples
 * differ by chance only.
 */
export interface ProposeRequest {
  /** Absolute path of the image file. */
  readonly image: string;
  /** Part of the image, in stored pixels, that is looked at; null for all of it. */
  readonly crop: Box | null;
  /** At most this many regions a sample, 1 to `mostRegions`. */
  readonly regions: number;
  /** 0 takes the best regions every time; 1 is usual. */
  readonly temperature: number;
  /** Whole number; the same seed draws the same samples. */
  readonly seed: number;
  /** Samples, the group's size. */
  readonly samples: number;
}

export interface ProposedRegion {
  /** Whole stored pixels of the whole image, corners in order. */
  readonly box: Box;
  /** Share of what stands out that the region holds, 0–1. */
  readonly score: number;
}

export interface ProposeAnswer {
  /** Regions of each sample in the order they were drawn. Their text is `core/policy/regionAnswer`. */
  readonly samples: readonly (readonly ProposedRegion[])[];
  /** Stored pixels of the whole image. */
  readonly imageSize: Size;
  /** Milliseconds: until the pixels were there, and of the graph's run. */
  readonly timings: { readonly pixels: number; readonly run: number };
}

/** Served by the inference child. */
export type ProposeMethods = {
  /** Throws `UserError` where there is no ONNX Runtime for this machine. */
  'propose/run': (p: ProposeRequest) => ProposeAnswer;
};
