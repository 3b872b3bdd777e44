import type { FrameEvidence, FrameField } from '../../../src/core/geometry/frame';
import type { FrameReport } from '../../../src/protocol/data';
import { describeShort, evidenceFor } from '../side/frameForm';

/** A frame that leaves this share more of the boxes outside the image is no likely one. */
const ruledOut = 0.1;

/** The candidate frames that fit the boxes best, at most three; of equally good ones the more usual first. */
export function likelyFrames(
  reports: readonly FrameReport[],
  dataSource: string | null,
  field: FrameField,
): readonly FrameEvidence[] {
  const rows = evidenceFor(reports, dataSource, field).filter((row) => row.boxes > 0 && row.sameAs === null);
  const best = rows.reduce((most, row) => Math.max(most, row.insideShare), 0);
  return rows
    .filter((row) => best - row.insideShare < ruledOut)
    .sort((a, b) => agreement(b.meanIou) - agreement(a.meanIou) || Math.round((b.insideShare - a.insideShare) * 100))
    .slice(0, 3);
}

/** How well the likely frames fit, in one sentence: why nobody can tell. */
export function evidenceWords(likely: readonly FrameEvidence[]): string {
  if (likely.length === 0) return '';
  const told = likely.map(({ spec, insideShare, meanIou }) => {
    const iou = Number.isNaN(meanIou) ? '' : `, mean IoU ${meanIou.toFixed(2)}`;
    return `${describeShort(spec)}: ${(insideShare * 100).toFixed(0)} % of the boxes inside${iou}`;
  });
  return `${told.join('; ')}.`;
}

/** As printed: candidates that read alike keep their order. */
const agreement = (iou: number): number => (Number.isNaN(iou) ? -1 : Math.round(iou * 100));
