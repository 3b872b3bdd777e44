import { type AdvantageEstimator, trlBatch, trlGrpo, verlGrpo } from './advantage';

/** An estimator with what a group of one gets. */
export interface GroupRule {
  readonly estimator: AdvantageEstimator;
  readonly single: 'zero' | 'reward';
}

/** Trainers whose defaults differ. */
export type Trainer = 'verl' | 'trl' | 'unknown';

/** Names of estimators on the command line and in sidecars. */
export const advantageNames = ['grpo', 'grpo-pop', 'dr-grpo', 'rloo', 'batch'] as const;
export type AdvantageName = (typeof advantageNames)[number];

/** GRPO as the trainer computes it; a trainer that is not known is taken for TRL (sample std, ε 1e-4). */
export function trainerRule(trainer: Trainer): GroupRule {
  return trainer === 'verl' ? { estimator: verlGrpo, single: 'reward' } : { estimator: trlGrpo, single: 'zero' };
}

/** The estimator of that name, with the trainer's ε and its rule for a group of one. */
export function namedRule(name: AdvantageName, trainer: Trainer): GroupRule {
  const { estimator, single } = trainerRule(trainer);
  const epsilon = estimator.kind === 'grpo' ? estimator.epsilon : 0;
  switch (name) {
    case 'grpo':
      return { estimator, single };
    case 'grpo-pop':
      return { estimator: { kind: 'grpo', epsilon, std: 'population' }, single };
    case 'dr-grpo':
      return { estimator: { kind: 'drGrpo' }, single };
    case 'rloo':
      return { estimator: { kind: 'rloo' }, single: 'zero' };
    case 'batch':
      return { estimator: trlBatch, single: 'zero' };
  }
}
