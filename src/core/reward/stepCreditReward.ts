import { type Box, boxArea, intersectionArea } from '../geometry/box';

/**
 * Credit of one zoom in the manner of ViRL (visual rationales): `correct` when it looks at evidence that no earlier zoom
 * covered, `redundant` when all evidence in it was covered before, `erroneous` when there is none in it.
 */
export type StepCredit = 'correct' | 'redundant' | 'erroneous';

export interface CreditedStep {
  readonly credit: StepCredit;
  /** Indices of the evidence boxes the zoom covers. */
  readonly evidence: readonly number[];
}

/**
 * Status *guess*: ViRL names the three kinds without releasing how overlap decides them. Here a zoom covers an evidence box
 * when at least `minCover` of the box's area lies in it, continuous pixels.
 * @param zooms regions in the order they were looked at, and `evidence` rationale boxes, both in one frame.
 */
export function creditSteps(
  zooms: readonly Box[],
  evidence: readonly Box[],
  minCover: number,
): readonly CreditedStep[] {
  const seen = new Set<number>();
  return zooms.map((zoom) => {
    const covered = evidence.flatMap((box, i) => {
      const area = boxArea(box);
      return area > 0 && intersectionArea(zoom, box) / area >= minCover ? [i] : [];
    });
    const fresh = covered.some((i) => !seen.has(i));
    for (const i of covered) seen.add(i);
    return { credit: covered.length === 0 ? 'erroneous' : fresh ? 'correct' : 'redundant', evidence: covered };
  });
}

/** Mean credit of a rollout: `values` of each zoom over their number; 0 without a zoom, NaN without evidence. */
export function stepCreditReward(
  zooms: readonly Box[],
  evidence: readonly Box[],
  minCover: number,
  values: Readonly<Record<StepCredit, number>>,
): number {
  if (evidence.length === 0) return Number.NaN;
  const steps = creditSteps(zooms, evidence, minCover);
  return steps.length === 0 ? 0 : steps.reduce((sum, { credit }) => sum + values[credit], 0) / steps.length;
}
