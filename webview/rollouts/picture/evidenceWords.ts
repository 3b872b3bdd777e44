import type { FrameField } from '../../../src/core/geometry/frame';
import type { FrameReport } from '../../../src/protocol/data';
import { describeShort, evidenceFor } from '../side/frameForm';

/** The two candidates that fit best, in one sentence: why nobody can tell. */
export function evidenceWords(reports: readonly FrameReport[], dataSource: string | null, field: FrameField): string {
  const rows = evidenceFor(reports, dataSource, field).filter((row) => row.boxes > 0 && row.sameAs === null);
  const ranked = [...rows]
    .sort((a, b) => agreement(b.meanIou) - agreement(a.meanIou) || b.insideShare - a.insideShare)
    .slice(0, 2);
  if (ranked.length === 0) return '';
  const told = ranked.map(({ spec, insideShare, meanIou }) => {
    const iou = Number.isNaN(meanIou) ? '' : `, mean IoU ${meanIou.toFixed(2)}`;
    return `${describeShort(spec)}: ${(insideShare * 100).toFixed(0)} % of the boxes inside${iou}`;
  });
  return `${told.join('; ')}.`;
}

const agreement = (iou: number): number => (Number.isNaN(iou) ? -1 : iou);
