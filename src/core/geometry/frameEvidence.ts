import { UserError } from '../text/userError';
import { type Box, iou, isInside, type Size } from './box';
import type { FrameEvidence, FrameSpec } from './frame';
import { frameExtent, toOriginal } from './frameMap';

/** Boxes of one image whose frame is in question, with the ground truth in original pixels. */
export interface FrameSample {
  readonly boxes: readonly Box[];
  readonly truth: readonly Box[];
  readonly image: Size;
}

/**
 * How far outside the image a box may reach and still count as inside, as a share of the image's longer side: models
 * answer slightly outside even when the frame is right.
 */
export const INSIDE_TOLERANCE = 0.02;

/**
 * How well each candidate frame explains the boxes of a file. An image that a candidate cannot be made of (one side
 * more than 200 times the other) is left out for that candidate, as the model could not have seen it either.
 */
export function frameEvidence(
  samples: readonly FrameSample[],
  candidates: readonly FrameSpec[],
): readonly FrameEvidence[] {
  const extents = candidates.map((spec) => samples.map(({ image }) => extentOrNull(spec, image)));
  return candidates.map((spec, c) => {
    const twin = candidates.findIndex((_, d) => d < c && sameExtents(extents[d] ?? [], extents[c] ?? []));
    return { ...measure(samples, spec, extents[c] ?? []), sameAs: candidates[twin] ?? null };
  });
}

function measure(
  samples: readonly FrameSample[],
  spec: FrameSpec,
  extents: readonly (Size | null)[],
): Omit<FrameEvidence, 'sameAs'> {
  let boxes = 0;
  let inside = 0;
  let compared = 0;
  let iouSum = 0;
  samples.forEach(({ boxes: sampleBoxes, truth, image }, i) => {
    if (!extents[i]) return;
    const tolerance = INSIDE_TOLERANCE * Math.max(image.width, image.height);
    for (const box of sampleBoxes) {
      const mapped = toOriginal(box, spec, image);
      boxes++;
      if (isInside(mapped, image, tolerance)) inside++;
      if (truth.length === 0) continue;
      compared++;
      iouSum += truth.reduce((best, target) => Math.max(best, iou(mapped, target)), 0);
    }
  });
  return { spec, boxes, insideShare: inside / boxes, meanIou: iouSum / compared };
}

function extentOrNull(spec: FrameSpec, image: Size): Size | null {
  try {
    return frameExtent(spec, image);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}

function sameExtents(a: readonly (Size | null)[], b: readonly (Size | null)[]): boolean {
  return a.every((p, i) => {
    const q = b[i] ?? null;
    return p === null || q === null ? p === q : p.width === q.width && p.height === q.height;
  });
}
