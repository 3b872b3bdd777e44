import type { SegmentSession } from './segmentSession';

/** Numbers of the mask in hand; before there is one, what to do. `corners` of its polygon; null where that is not shown. */
export function maskWords(session: SegmentSession, corners: number | null): string {
  // What ships knows no objects: a box tells it most.
  if (session.empty)
    return session.model?.decoder === null && session.model.encoder === null
      ? 'Drag a box around an object, or click it'
      : 'Click an object, or drag a box';
  const { held, answer, clicks, seen } = session;
  const score = held?.candidates[held.chosen]?.score ?? null;
  return [
    clicks.length === 1 ? '1 click' : `${clicks.length} clicks`,
    score === null ? null : `IoU ≈ ${score.toFixed(2)}`,
    corners === null ? null : `${corners} corners`,
    answer === null ? null : `${Math.round(answer.timings.total)} ms`,
    seen === null ? null : `in ${Math.round(seen.x2 - seen.x1)} × ${Math.round(seen.y2 - seen.y1)} px`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** What is waited for; null for nothing. `read`: the model has read the image. */
export function waitWords({ model, waiting }: SegmentSession, read: boolean, preparing: boolean): string | null {
  if (model === null) return null;
  if (waiting ? !read : preparing) return `Reading the image with ${model.title}…`;
  return waiting ? `${model.title} is making the mask…` : null;
}
