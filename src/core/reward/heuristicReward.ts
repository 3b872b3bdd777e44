import type { Box, Size } from '../geometry/box';
import { areaRangeReward } from './areaRangeReward';
import { coverageReward, matchedTruthReward } from './coverageReward';
import { formatReward, softJsonFormatReward } from './formatReward';
import { noOverlapReward } from './noOverlapReward';
import type { RewardProfile } from './profiles';

/** What the heuristic reward of regions looks at. All boxes in pixels of the model input. */
export interface HeuristicInput {
  readonly response: string;
  readonly regions: readonly Box[];
  readonly truth: readonly Box[];
  /** Size of the model input. */
  readonly input: Size;
}

export interface HeuristicReward {
  readonly format: number;
  readonly noOverlap: number;
  readonly area: number;
  /** NaN without ground truth. */
  readonly coverage: number;
  /** Weighted sum; NaN where a component is. */
  readonly total: number;
}

/** R_heuristic = λ1 R_format + λ2 R_no-overlap + λ3 R_area + λ4 R_coverage with the constants of a profile. */
export function heuristicReward(given: HeuristicInput, profile: RewardProfile): HeuristicReward {
  const { response, regions, truth, input } = given;
  const format = profile.format === 'strict' ? formatReward(response) : softJsonFormatReward(response);
  const silent = profile.emptyScoresFormatOnly && regions.length === 0;
  const noOverlap = silent ? 0 : noOverlapReward(regions, profile.maxOverlap.value);
  const area = areaRangeReward(regions, input, profile.minAreaRatio.value, profile.maxAreaRatio.value);
  const cover = profile.coverage === 'matchedTruth' ? matchedTruthReward : coverageReward;
  const coverage = silent ? 0 : cover(regions, truth, profile.coverageThreshold.value);
  const { weights } = profile;
  const total =
    weights.format.value * format +
    weights.noOverlap.value * noOverlap +
    weights.area.value * area +
    weights.coverage.value * coverage;
  return { format, noOverlap, area, coverage, total };
}
