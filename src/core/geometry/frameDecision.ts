import type { FrameEvidence, FrameSpec } from './frame';
import { describeFrame } from './frameMap';

/** The frame the evidence speaks for, or null and what it is torn between. */
export interface FrameDecision {
  readonly spec: FrameSpec | null;
  /** One sentence for the user, with the numbers. */
  readonly reason: string;
}

/** A frame is ruled out by boxes outside the image only when this many more are outside than in the best frame … */
const OUTSIDE_COUNT = 3;
/** … and they are this share of all boxes: one box beyond the edge proves nothing. */
const OUTSIDE_SHARE = 0.1;
/** Lead in mean IoU that a file of many boxes needs. */
const LEAD = 0.05;
/** Few boxes need a larger lead: this over the root of their number (0.5 bounds the deviation of an IoU). */
const LEAD_DEVIATION = 0.5;

/**
 * Decides between candidate frames, or says that it cannot tell. In this order: pixel boxes do not fit in 0–1, so boxes
 * that do are relative; frames that leave clearly more boxes outside the image are ruled out; of the rest one must be
 * alone or lead clearly in mean IoU with the ground truth. Candidates that mean the same on this file count as one.
 */
export function decideFrame(evidence: readonly FrameEvidence[]): FrameDecision {
  const candidates = evidence.filter((e) => e.sameAs === null && e.boxes > 0);
  const [first] = candidates;
  if (first === undefined) return { spec: null, reason: 'Cannot tell: there are no boxes to compare frames by.' };
  const relative = candidates.find((e) => e.spec.kind === 'relative1');
  if (relative !== undefined && relative.insideShare > 1 - OUTSIDE_SHARE) {
    return { spec: relative.spec, reason: `${percent(relative)} of ${counted(relative)} lie in 0–1.` };
  }
  const fitting = withoutRuledOut(candidates.filter((e) => e !== relative));
  const [only, other] = fitting;
  if (only === undefined) return { spec: null, reason: 'Cannot tell: no candidate frame was tried.' };
  if (other !== undefined) return decideByTruth(fitting);
  if (only.insideShare < 0.5) {
    return {
      spec: null,
      reason: `Cannot tell: even in ${name(only)} only ${percent(only)} of boxes are inside the image.`,
    };
  }
  return {
    spec: only.spec,
    reason: `Only ${name(only)} puts the boxes inside the image (${percent(only)} of ${counted(only)}).`,
  };
}

function withoutRuledOut(candidates: readonly FrameEvidence[]): readonly FrameEvidence[] {
  const best = candidates.reduce((most, e) => Math.max(most, e.insideShare), 0);
  return candidates.filter(({ boxes, insideShare }) => {
    const behind = best - insideShare;
    return behind < OUTSIDE_SHARE || behind * boxes < OUTSIDE_COUNT;
  });
}

function decideByTruth(fitting: readonly FrameEvidence[]): FrameDecision {
  const ranked = fitting.filter((e) => !Number.isNaN(e.meanIou)).sort((a, b) => b.meanIou - a.meanIou);
  const [best, second] = ranked;
  if (best === undefined || second === undefined) {
    const names = fitting.map((e) => `${name(e)} (${percent(e)} inside)`).join(', ');
    return { spec: null, reason: `Cannot tell without ground truth: the boxes fit ${names}.` };
  }
  const needed = Math.max(LEAD, LEAD_DEVIATION / Math.sqrt(best.boxes));
  if (best.meanIou - second.meanIou >= needed) {
    return {
      spec: best.spec,
      reason: `Mean IoU with the ground truth is ${score(best)} in ${name(best)}, next ${score(second)} in ${name(second)} (${counted(best)}).`,
    };
  }
  const close = ranked.filter((e) => best.meanIou - e.meanIou < needed);
  const names = close.map((e) => `${name(e)} (IoU ${score(e)}, ${percent(e)} inside)`).join(', ');
  return { spec: null, reason: `Cannot tell: too close after ${counted(best)}: ${names}.` };
}

function name({ spec }: FrameEvidence): string {
  return describeFrame(spec);
}

function percent({ insideShare }: FrameEvidence): string {
  return `${Math.round(insideShare * 1000) / 10} %`;
}

function score({ meanIou }: FrameEvidence): string {
  return meanIou.toFixed(2);
}

function counted({ boxes }: FrameEvidence): string {
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}
