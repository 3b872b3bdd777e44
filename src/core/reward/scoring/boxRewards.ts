import type { Box } from '../../geometry/box';
import type { JsonValue } from '../../text/jsonValue';
import { apAr, type ClassSet, type LabelledBox } from '../apAr';
import { regionBudgetReward } from '../ergoReward';
import { type IouShape, iouReward } from '../iouReward';
import { confidenceReward, matchedIouReward } from '../matchedIouReward';
import type { RewardIou } from '../rewardIou';
import { salienceIouReward } from '../salienceIouReward';
import { stepCreditReward } from '../stepCreditReward';
import {
  missing,
  type ParameterSpec,
  type ParameterValues,
  type RewardDefinition,
  type Scored,
  value,
} from './component';
import { type BoxChoice, chosenRegions, type PlacedBoxes, type RewardInput } from './rewardInput';

const boxes = (usual: BoxChoice): ParameterSpec => ({
  name: 'boxes',
  value: usual,
  words: ['answer', 'tool', 'all'],
  about: 'which boxes of the response count',
});
const convention = (usual: RewardIou): ParameterSpec => ({
  name: 'iou',
  value: usual,
  words: ['continuous', 'plusOne', 'vlmR1'],
  about: 'which IoU: corners as points, as whole pixels, or VLM-R1’s mixed one',
});

/** Rewards that compare boxes with the ground truth, in stored pixels of the original. */
export const boxRewards: readonly RewardDefinition[] = [
  {
    id: 'boxes.apAr',
    title: 'AP + AR',
    source: { text: 'ACTIVE-O3 paper, appendix B (R_detect)', status: 'paper' },
    parameters: [
      { name: 'threshold', value: 0.5, about: 'IoU at which a box is found (paper 0.5; SODA 0.1)' },
      {
        name: 'classes',
        value: 'agnostic',
        words: ['agnostic', 'truth'],
        about: 'labels ignored, or those of the truth',
      },
      { name: 'maxDetections', value: 100, about: 'boxes kept (COCO 100, LVIS 300)' },
      boxes('answer'),
    ],
    compute: (input, p) =>
      withTruth(input, p, ({ labelled, truth }) => {
        const classes = p.word<ClassSet>('classes');
        const options = { iouThreshold: p.number('threshold'), classes, maxDetections: p.number('maxDetections') };
        const { ap, ar } = apAr(labelled, truth, options);
        return value(ap + ar, 'boxes in the order of the answer: they carry no scores');
      }),
  },
  {
    id: 'boxes.iou',
    title: 'IoU of the first box',
    source: { text: 'om-ai-lab/VLM-R1 at 90052f4, qwen_module.py (iou_reward)', status: 'code' },
    parameters: [
      convention('vlmR1'),
      {
        name: 'shape',
        value: 'linear',
        words: ['linear', 'threshold', 'piecewise'],
        about: 'how the IoU becomes a reward',
      },
      { name: 'at', value: 0.5, about: 'threshold of threshold and piecewise' },
      { name: 'bonus', value: 0.4, about: 'what piecewise adds above the threshold (SegZero 0.4)' },
      boxes('answer'),
    ],
    compute: (input, p) =>
      withTruth(input, p, ({ predicted, truth }) =>
        value(
          iouReward(
            predicted,
            truth.map(({ box }) => box),
            p.word('iou'),
            shapeOf(p),
          ),
        ),
      ),
  },
  {
    id: 'boxes.matchedIou',
    title: 'IoU of matched boxes',
    source: { text: 'Liuziyu77/Visual-RFT at 9486633, grpo.py (compute_reward_iou_v2)', status: 'code' },
    parameters: [boxes('answer')],
    compute: (input, p) =>
      withTruth(input, p, ({ predicted, confidences, truth }) => {
        const ranked = predicted.map((box, i) => ({ box, confidence: confidences[i] ?? null }));
        const unsure = confidences.includes(null);
        const found = matchedIouReward(
          ranked,
          truth.map(({ box }) => box),
        );
        return unsure ? value(found, 'a box without a confidence counts as 1') : value(found);
      }),
  },
  {
    id: 'boxes.confidence',
    title: 'Confidence where a true box is found, doubt where none is',
    source: { text: 'Liuziyu77/Visual-RFT at 9486633, grpo.py (compute_reward_confidence)', status: 'code' },
    parameters: [boxes('answer')],
    compute: (input, p) =>
      withTruth(input, p, ({ predicted, confidences, truth }) => {
        const without = confidences.indexOf(null);
        if (without >= 0) return missing(`Box ${without + 1} of the answer states no confidence.`);
        const ranked = predicted.map((box, i) => ({ box, confidence: confidences[i] ?? null }));
        return value(
          confidenceReward(
            ranked,
            truth.map(({ box }) => box),
          ),
        );
      }),
  },
  {
    id: 'boxes.salienceIou',
    title: 'Salience-weighted IoU',
    source: { text: 'GRiP (no code released)', status: 'guess' },
    parameters: [convention('continuous'), boxes('answer')],
    compute: (input, p) =>
      withTruth(input, p, ({ predicted, truth }) => {
        const weights = saliences(input.rollout.groundTruth, truth.length);
        if (weights === null) return missing('The ground truth holds no salience of its objects.');
        const salient = truth.map(({ box }, i) => ({ box, salience: weights[i] ?? 0 }));
        return value(salienceIouReward(predicted, salient, p.word('iou')));
      }),
  },
  {
    id: 'zooms.credit',
    title: 'Credit of zooms by the evidence they show',
    source: { text: 'ViRL, visual rationales (no code released)', status: 'guess' },
    parameters: [
      { name: 'minCover', value: 0.5, about: 'share of an evidence box that a zoom must show; ours' },
      { name: 'correct', value: 1, about: 'a zoom that shows new evidence' },
      { name: 'redundant', value: 0, about: 'one that shows only what was seen' },
      { name: 'erroneous', value: -1, about: 'one that shows none' },
      boxes('tool'),
    ],
    compute: (input, p) =>
      withTruth(input, p, ({ predicted, truth }) => {
        const values = {
          correct: p.number('correct'),
          redundant: p.number('redundant'),
          erroneous: p.number('erroneous'),
        };
        return value(
          stepCreditReward(
            predicted,
            truth.map(({ box }) => box),
            p.number('minCover'),
            values,
          ),
        );
      }),
  },
  {
    id: 'zooms.budget',
    title: 'The region is not the whole image',
    source: { text: 'ERGO, arXiv 2509.21991 (threshold ours)', status: 'guess' },
    parameters: [{ name: 'maxRatio', value: 0.6, about: 'largest share of the image; ours' }, boxes('tool')],
    compute: (input, p) =>
      withBoxes(input, p, ({ predicted, image }) => value(regionBudgetReward(predicted, image, p.number('maxRatio')))),
  },
];

function shapeOf(p: ParameterValues): IouShape {
  const kind = p.word<IouShape['kind']>('shape');
  if (kind === 'linear') return { kind };
  if (kind === 'threshold') return { kind, at: p.number('at') };
  return { kind, at: p.number('at'), bonus: p.number('bonus') };
}

type Compared = Pick<PlacedBoxes, 'image' | 'truth'> & {
  readonly predicted: readonly Box[];
  /** As the answer states them; null for a box without one. */
  readonly confidences: readonly (number | null)[];
  readonly labelled: readonly LabelledBox[];
};

function withBoxes(input: RewardInput, p: ParameterValues, compute: (compared: Compared) => Scored): Scored {
  const { placed } = input;
  if (typeof placed === 'string') return missing(placed);
  const labelled: LabelledBox[] = [];
  const confidences: (number | null)[] = [];
  for (const { index, label, confidence = null } of chosenRegions(input, p.word('boxes'))) {
    const box = placed.regions[index] ?? null;
    if (box === null) return missing(`Region ${index + 1} cannot be placed on the image.`);
    labelled.push({ box, label });
    confidences.push(confidence);
  }
  const predicted = labelled.map(({ box }) => box);
  return compute({ image: placed.image, truth: placed.truth, predicted, confidences, labelled });
}

function withTruth(input: RewardInput, p: ParameterValues, compute: (compared: Compared) => Scored): Scored {
  return withBoxes(input, p, (compared) =>
    compared.truth.length === 0 ? missing('The ground truth holds no boxes.') : compute(compared),
  );
}

/** `salience` or `weight` of each object of a list; null unless every object has one. */
function saliences(truth: JsonValue, count: number): readonly number[] | null {
  if (!Array.isArray(truth) || truth.length !== count) return null;
  const found = truth.map((one: JsonValue) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return null;
    const { salience, weight } = one as { readonly [key: string]: JsonValue };
    return typeof salience === 'number' ? salience : typeof weight === 'number' ? weight : null;
  });
  return found.every((one) => one !== null) ? found : null;
}
