import type { Box, Size } from '../../geometry/box';
import { areaRangeReward } from '../areaRangeReward';
import { coverageReward, matchedTruthReward } from '../coverageReward';
import { noOverlapReward } from '../noOverlapReward';
import { missing, type ParameterSpec, type RewardDefinition, type RewardSource, type Scored, value } from './component';
import { type BoxChoice, chosenRegions, inInput, type RewardInput } from './rewardInput';

const paper: RewardSource = { text: 'ACTIVE-O3 paper, appendix B–C', status: 'paper' };
const code: RewardSource = { text: 'aim-uofa/Omni-R1 at 1de42f8, sod_lvis.py (sod_reward)', status: 'code' };

const boxes: ParameterSpec = {
  name: 'boxes',
  value: 'all',
  words: ['answer', 'tool', 'all'],
  about: 'which boxes count: ACTIVE-O3’s tolerant regex reads those in the thought too',
};
const empty = (usual: number): ParameterSpec => ({
  name: 'empty',
  value: usual,
  about: 'what a response without any region scores',
});

/** Heuristic rewards of regions. They count in pixels of the model's input, where +1 px means one pixel of it. */
export const regionRewards: readonly RewardDefinition[] = [
  {
    id: 'regions.noOverlap',
    title: 'No two regions overlap',
    source: paper,
    parameters: [
      { name: 'maxIou', value: 0.3, about: 'τ, largest continuous IoU of two regions (paper 0.3)' },
      empty(1),
      boxes,
    ],
    compute: (input, parameters) =>
      withRegions(input, parameters.word('boxes'), ({ regions }) =>
        regions.length === 0
          ? value(parameters.number('empty'))
          : value(noOverlapReward(regions, parameters.number('maxIou'))),
      ),
  },
  {
    id: 'regions.areaRange',
    title: 'Every region has a sane area',
    source: paper,
    parameters: [
      { name: 'min', value: 0.01, about: 'r_min, share of the input, +1 px convention (paper 0.01)' },
      { name: 'max', value: 0.5, about: 'r_max (paper 0.5)' },
      boxes,
    ],
    compute: (input, parameters) =>
      withRegions(input, parameters.word('boxes'), ({ regions, size, note }) =>
        value(areaRangeReward(regions, size, parameters.number('min'), parameters.number('max')), note),
      ),
  },
  {
    id: 'coverage.matchedTruth',
    title: 'Share of true boxes that a region matches',
    source: paper,
    parameters: [
      { name: 'minIou', value: 0.5, about: 'δ, continuous IoU; the paper names it without a number' },
      boxes,
    ],
    compute: (input, parameters) =>
      withTruth(input, parameters.word('boxes'), ({ regions, truth }) =>
        value(matchedTruthReward(regions, truth, parameters.number('minIou'))),
      ),
  },
  {
    id: 'coverage.coveredArea',
    title: 'Share of true boxes whose area a region covers',
    source: code,
    parameters: [
      { name: 'minCover', value: 0.95, about: 'share of the box’s area, +1 px convention (code 0.95)' },
      empty(0),
      boxes,
    ],
    compute: (input, parameters) =>
      withTruth(input, parameters.word('boxes'), ({ regions, truth, note }) =>
        regions.length === 0
          ? value(parameters.number('empty'))
          : value(coverageReward(regions, truth, parameters.number('minCover')), note),
      ),
  },
];

interface InInput {
  readonly regions: readonly Box[];
  readonly truth: readonly Box[];
  readonly size: Size;
  readonly note: string | undefined;
}

/** The last conversion: every component of a profile asks for the boxes of the same input. */
let last: { readonly input: RewardInput; readonly choice: BoxChoice; readonly made: InInput | string } | null = null;

function withRegions(input: RewardInput, choice: BoxChoice, compute: (placed: InInput) => Scored): Scored {
  if (last === null || last.input !== input || last.choice !== choice)
    last = { input, choice, made: boxesInInput(input, choice) };
  const { made } = last;
  return typeof made === 'string' ? missing(made) : compute(made);
}

/** A whole sentence where a box is not placed. */
function boxesInInput(input: RewardInput, choice: BoxChoice): InInput | string {
  const { placed } = input;
  if (typeof placed === 'string') return placed;
  const size = placed.input ?? placed.image;
  const note =
    placed.input === null ? 'counted in pixels of the original: the model’s input size is unknown' : undefined;
  const { width, height } = placed.image;
  const same = size.width === width && size.height === height;
  const put = (box: Box): Box => (same ? box : inInput(box, placed.image, size));
  // Every region counts: their own list, which is one array to walk, is read only for a part of them.
  const whole = choice === 'all' && input.rollout.regions.length === placed.regions.length;
  const wanted = whole ? placed.regions.keys() : chosenRegions(input, choice).map(({ index }) => index);
  const regions: Box[] = [];
  for (const index of wanted) {
    const box = placed.regions[index] ?? null;
    if (box === null) return `Region ${index + 1} cannot be placed on the image.`;
    regions.push(put(box));
  }
  const truth = placed.truth.map(({ box }) => put(box));
  return { regions, truth, size, note };
}

function withTruth(input: RewardInput, choice: BoxChoice, compute: (placed: InInput) => Scored): Scored {
  return withRegions(input, choice, (placed) =>
    placed.truth.length === 0 ? missing('The ground truth holds no boxes.') : compute(placed),
  );
}
