import { ACCURACY_WEIGHT, FORMAT_WEIGHT } from '../activeZeroReward';
import { omniR1Launch } from '../omniR1Reward';
import type { ProfileComponent, ScoringProfile } from './profile';

const part = (
  name: string,
  reward: string,
  weight = 1,
  parameters: ProfileComponent['parameters'] = {},
): ProfileComponent => ({ name, reward, weight, parameters });

/** A term that Omni-R1 logs only where it was computed, and that counts nothing elsewhere. */
const omniTerm = (name: string, weight: number) => part(name, 'logged.field', weight, { field: name, absent: 'zero' });

/** `handle_rewards` with the weights of the launch script: keyframes are recomputed, terms of judges and segmenters are the log's. */
const omniR1: ScoringProfile = {
  id: 'omni-r1',
  title: 'Omni-R1, keyframes, alignment and global consistency',
  source: { text: 'aim-uofa/Omni-R1 at 1de42f8, reward.py (handle_rewards), without CLIP_REWARD', status: 'code' },
  components: [
    part('cumulated_reward', 'logged.field', 1, { field: 'cumulated_reward' }),
    part('total_frame_reward', 'keyframes.count', omniR1Launch.keyframes),
    part('total_overlap_reward', 'keyframes.overlap', omniR1Launch.keyframes),
    omniTerm('avg_ratio', omniR1Launch.ratio),
    omniTerm('avg_iou', omniR1Launch.alignment),
    omniTerm('object_num_mismatch', 1),
    omniTerm('sam_iou', omniR1Launch.global),
  ],
};

const activeZeroSolver: ScoringProfile = {
  id: 'active-zero-solver',
  title: 'Active-Zero, solver',
  source: { text: 'jinghan1he/Active-Zero at db650b8', status: 'code' },
  components: [part('accuracy', 'answer', ACCURACY_WEIGHT), part('format', 'format.boxed', FORMAT_WEIGHT)],
};

/** Format and penalty are the log's: records of self-play hold only what was taken out of the questioner's response. */
const activeZeroQuestioner: ScoringProfile = {
  id: 'active-zero-questioner',
  title: 'Active-Zero, questioner and searcher',
  source: { text: 'jinghan1he/Active-Zero at db650b8', status: 'code' },
  components: [
    part('calibrated', 'questioner.calibrated', ACCURACY_WEIGHT),
    part('format', 'logged.field', FORMAT_WEIGHT, { field: 'format' }),
    part('penalty', 'logged.field', -1, { field: 'penalty' }),
  ],
};

/** The state's reward; what clicks add stands beside it and counts nothing. */
const segAgent: ScoringProfile = {
  id: 'segagent',
  title: 'SegAgent, IoU of the last mask, with what clicks add',
  source: { text: 'SegAgent, arXiv 2503.08625 §3 and algorithm 3', status: 'paper' },
  components: [part('iou', 'mask.iou'), part('click_gain', 'clicks.gain', 0), part('clicks_kept', 'clicks.kept', 0)],
};

/** The three reward functions of its detection, for logs whose answers state confidences. */
const visualRftConfidence: ScoringProfile = {
  id: 'visual-rft-confidence',
  title: 'Visual-RFT, detection with confidences',
  source: { text: 'Liuziyu77/Visual-RFT at 9486633, grpo.py', status: 'code' },
  components: [part('iou', 'boxes.matchedIou'), part('confidence', 'boxes.confidence'), part('format', 'format.r1')],
  counted: {
    answer: 'first',
    sections: ['answer', 'text'],
    source: 'grpo.py (accuracy_reward_iou) searches the first <answer>, and takes the whole text without one',
  },
};

const adaptiveTools: ScoringProfile = {
  id: 'tool-ratio',
  title: 'Adaptive pixel reasoning: right, with few tool calls',
  source: { text: '*Look Less, Reason More* (no code released); the formula is ours', status: 'guess' },
  components: [part('tool_ratio', 'tool.ratio')],
};

/** Profiles of single systems, which need what their own logs hold. */
export const systemProfiles: readonly ScoringProfile[] = [
  visualRftConfidence,
  omniR1,
  segAgent,
  adaptiveTools,
  activeZeroSolver,
  activeZeroQuestioner,
];
