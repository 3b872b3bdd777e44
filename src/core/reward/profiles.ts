/** A number with its provenance; shown beside it. */
export interface Constant {
  readonly value: number;
  /** Where it stands. */
  readonly source: string;
  /**
   * `stated`: the paper gives it. `code`: the released code has it. `assumed`: the source names the quantity but no
   * number, so this one is ours.
   */
  readonly status: 'stated' | 'code' | 'assumed';
}

/** A named set of components, constants and conventions for the heuristic reward of regions. */
export interface RewardProfile {
  readonly id: string;
  readonly title: string;
  /** Which format component: the paper's strict one, or the sibling code's soft JSON check. */
  readonly format: 'strict' | 'softJson';
  /** Which coverage: IoU with the ground truth at least δ, or its area covered. */
  readonly coverage: 'matchedTruth' | 'coveredArea';
  /** A response without any region scores its format only. */
  readonly emptyScoresFormatOnly: boolean;
  readonly maxOverlap: Constant;
  readonly minAreaRatio: Constant;
  readonly maxAreaRatio: Constant;
  /** δ or the share of area that must be covered, as `coverage` says. */
  readonly coverageThreshold: Constant;
  readonly weights: {
    readonly format: Constant;
    readonly noOverlap: Constant;
    readonly area: Constant;
    readonly coverage: Constant;
  };
}

const PAPER = 'ACTIVE-O3 paper, appendix B–C';
const CODE = 'Omni-R1, sod_lvis.py (sod_reward)';

const paper = (value: number): Constant => ({ value, source: PAPER, status: 'stated' });
const code = (value: number): Constant => ({ value, source: CODE, status: 'code' });

/** The heuristic reward as the paper writes it: range 0–4. */
export const activeO3Paper: RewardProfile = {
  id: 'active-o3-paper',
  title: 'ACTIVE-O3, as the paper writes it',
  format: 'strict',
  coverage: 'matchedTruth',
  emptyScoresFormatOnly: false,
  maxOverlap: paper(0.3),
  minAreaRatio: paper(0.01),
  maxAreaRatio: paper(0.5),
  coverageThreshold: { value: 0.5, source: `${PAPER} names δ without a number`, status: 'assumed' },
  weights: { format: paper(1), noOverlap: paper(1), area: paper(1), coverage: paper(1) },
};

/**
 * The reward of the same lab's code with the same prompt: range 0–4. The code has no weights, it adds; that ACTIVE-O3
 * was trained with it is not stated anywhere.
 */
export const omniR1Sod: RewardProfile = {
  id: 'omni-r1-sod',
  title: 'Omni-R1 sod_reward, sibling code of ACTIVE-O3',
  format: 'softJson',
  coverage: 'coveredArea',
  emptyScoresFormatOnly: true,
  maxOverlap: code(0.5),
  minAreaRatio: code(0.001),
  maxAreaRatio: code(0.8),
  coverageThreshold: code(0.95),
  weights: { format: code(1), noOverlap: code(1), area: code(1), coverage: code(1) },
};
