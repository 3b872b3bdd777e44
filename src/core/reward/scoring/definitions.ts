import { boxRewards } from './boxRewards';
import type { RewardDefinition } from './component';
import { regionRewards } from './regionRewards';
import { systemRewards } from './systemRewards';
import { taskRewards } from './taskRewards';
import { loggedRewards, textRewards } from './textRewards';

/** Every reward a profile can name. */
export const rewardDefinitions: readonly RewardDefinition[] = [
  ...textRewards,
  ...regionRewards,
  ...boxRewards,
  ...taskRewards,
  ...systemRewards,
  ...loggedRewards,
];

const byId = new Map(rewardDefinitions.map((definition) => [definition.id, definition]));

export function rewardDefinition(id: string): RewardDefinition | null {
  return byId.get(id) ?? null;
}
