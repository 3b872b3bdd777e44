import type { ProfileComponent, ScoringProfile } from './profile';

const part = (name: string, reward: string, parameters: ProfileComponent['parameters'] = {}): ProfileComponent => ({
  name,
  reward,
  weight: 1,
  parameters,
});

const looks: readonly ProfileComponent[] = [
  part('format', 'format.strict'),
  part('no_overlap', 'regions.noOverlap', { maxIou: 0.3 }),
  part('area_range', 'regions.areaRange', { min: 0.01, max: 0.5 }),
];

const text = 'ACTIVE-O3 paper (arXiv 2505.21457v2), appendix B–C';

/** For rollouts of the loop: where it looked, and what the task model made of it. */
export const loopProfiles: readonly ScoringProfile[] = [
  {
    id: 'active-o3-regions',
    title: 'ACTIVE-O3, regions alone: what needs no ground truth',
    source: { text: `${text}, without coverage`, status: 'paper' },
    components: looks,
  },
  {
    id: 'active-o3-detection',
    title: 'ACTIVE-O3, regions and what the task model detects in them',
    source: { text: `${text}; that both parts weigh the same is ours`, status: 'guess' },
    components: [...looks, part('coverage', 'coverage.matchedTruth', { minIou: 0.5 }), part('detection', 'task.boxes')],
  },
  {
    id: 'active-o3-question',
    title: 'ACTIVE-O3, regions and whether the answer is right',
    source: { text: `${text}; the answer’s part is ours`, status: 'guess' },
    components: [...looks, part('answer', 'task.answer')],
  },
  {
    id: 'active-o3-segmentation',
    title: 'ACTIVE-O3, regions and the last mask’s IoU',
    source: { text: `${text}; that both parts weigh the same is ours`, status: 'guess' },
    components: [...looks, part('iou', 'mask.iou')],
  },
  {
    id: 'task-boxes',
    title: 'What a task model detects, wherever it looked',
    source: { text: 'ACTIVE-O3 paper, appendix B (R_detect)', status: 'paper' },
    components: [part('detection', 'task.boxes')],
  },
  {
    id: 'task-answer',
    title: 'Whether a task model’s answer is right, wherever it looked',
    source: { text: 'rule named beside the number', status: 'user' },
    components: [part('answer', 'task.answer')],
  },
];
