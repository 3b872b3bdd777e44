import { builtInProfiles, type ScoringProfile } from '../reward/scoring/profile';
import type { PolicySample, PolicyTask } from './policyRollout';

/** The profile of a rollout that was shown the whole picture alone: there are no regions to score. */
export function wholeProfile(task: PolicyTask): ScoringProfile {
  return profileOf(task === 'question' ? 'task-answer' : 'task-boxes');
}

/** The profile that fits what is known of a sample: with ground truth and a task model what they say counts too. */
export function usualProfile(
  task: PolicyTask,
  known: Pick<PolicySample, 'truth' | 'answer' | 'truthMask'>,
  asksTask: boolean,
): ScoringProfile {
  return profileOf(usualId(task, known, asksTask));
}

function profileOf(id: string): ScoringProfile {
  const found = builtInProfiles.find((profile) => profile.id === id);
  if (found === undefined) throw new Error(`no profile ${id}`);
  return found;
}

function usualId(
  task: PolicyTask,
  { truth, answer, truthMask }: Pick<PolicySample, 'truth' | 'answer' | 'truthMask'>,
  asksTask: boolean,
): string {
  if (task === 'segmentation') return truthMask == null ? 'active-o3-regions' : 'active-o3-segmentation';
  if (task === 'question' && answer !== null && asksTask) return 'active-o3-question';
  if (truth.length === 0) return 'active-o3-regions';
  return asksTask && task === 'detection' ? 'active-o3-detection' : 'active-o3-paper';
}
