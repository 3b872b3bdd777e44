import { matchAnswer, ruleFor } from '../answerMatch';
import { apAr } from '../apAr';
import { missing, type RewardDefinition, value } from './component';

/** Rewards of what a task model made of the regions: ACTIVE-O3's task-aware part. */
export const taskRewards: readonly RewardDefinition[] = [
  {
    id: 'task.boxes',
    title: 'AP + AR of the task model’s boxes',
    source: { text: 'ACTIVE-O3 paper, appendix B (R_detect)', status: 'paper' },
    parameters: [
      { name: 'threshold', value: 0.5, about: 'IoU at which a box is found (paper 0.5; SODA 0.1)' },
      { name: 'maxDetections', value: 100, about: 'boxes kept (COCO 100, LVIS 300)' },
    ],
    compute: ({ rollout, placed }, p) => {
      if (typeof placed === 'string') return missing(placed);
      if (rollout.taskBoxes === undefined) return missing('No task model was asked.');
      if (placed.truth.length === 0) return missing('There is no box in the ground truth.');
      const found = rollout.taskBoxes.map((box) => ({ box, label: null }));
      const { ap, ar } = apAr(found, placed.truth, {
        iouThreshold: p.number('threshold'),
        classes: 'agnostic',
        maxDetections: p.number('maxDetections'),
      });
      return value(ap + ar, 'boxes in the order of the answers: they carry no scores');
    },
  },
  {
    id: 'task.answer',
    title: 'The task model’s answer is right',
    source: { text: 'rule named beside the number', status: 'user' },
    parameters: [],
    compute: ({ rollout }) => {
      const { taskAnswer, groundTruth } = rollout;
      if (typeof groundTruth !== 'string') return missing('The ground truth is no answer in words.');
      if (taskAnswer === undefined) return value(0, 'there is no answer');
      // A right option is compared word by word: its letter depends on the order it was shown in.
      const { rule, score } = matchAnswer(taskAnswer, groundTruth, ruleFor(groundTruth));
      return Number.isNaN(score)
        ? missing(`The ground truth holds nothing that ${rule} compares.`)
        : value(score, rule);
    },
  },
];
