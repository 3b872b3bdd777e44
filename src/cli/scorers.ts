import { type BoxPlacing, placeBoxes } from '../core/reward/scoring/placeBoxes';
import { usesTool } from '../core/reward/scoring/rewardInput';
import { prepareProfile, type RolloutScore, scoreRollout } from '../core/reward/scoring/scoreRollout';
import type { Rollout } from '../core/trajectory/rollout';
import { readProfile } from '../scoring/profileFile';
import { PythonReward, type PythonScore } from '../scoring/pythonReward';
import type { PythonFunction, ScoreCommand } from './arguments';

export interface ScorerInput extends BoxPlacing {
  readonly rollout: Rollout;
}

/** Scores a group's rollouts, in order. */
export interface GroupScorer {
  score(group: readonly ScorerInput[]): Promise<readonly RolloutScore[]>;
  dispose(): void;
}

/** What the command line asked for: a profile, or a function of the user's own. Throws `UserError`. */
export async function scorerOf({ reward, profile }: ScoreCommand): Promise<GroupScorer> {
  if (reward !== null) return pythonScorer(reward);
  const prepared = prepareProfile(await readProfile(profile));
  return {
    score: async (group) => {
      const toolUse = group.map(({ rollout }) => usesTool(rollout));
      return group.map(({ rollout, ...placing }) => {
        return scoreRollout({ rollout, placed: placeBoxes(rollout, placing), toolUse }, prepared);
      });
    },
    dispose: () => undefined,
  };
}

function pythonScorer({ limit, ...called }: PythonFunction): GroupScorer {
  const log = (text: string) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  const python = new PythonReward({ ...called, limit: limit * 1000, log });
  return {
    score: async (group) => {
      const rows = group.map(({ rollout: { dataSource, prompt, response, groundTruth, fields } }) => ({
        dataSource,
        prompt,
        completion: response,
        groundTruth,
        columns: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      }));
      return (await python.score(rows)).map((score) => rolloutScore(score, called.name));
    },
    dispose: () => python.dispose(),
  };
}

/** A function that returns a bare number is its own component. */
function rolloutScore(score: PythonScore, name: string): RolloutScore {
  if (score.kind === 'missing') return { components: [{ name, weight: 1, scored: score }], total: score };
  const parts = Object.entries(score.components).filter(([part]) => part !== 'score');
  const named = parts.length === 0 ? [[name, score.total] as const] : parts;
  return {
    components: named.map(([part, value]) => ({ name: part, weight: 1, scored: { kind: 'value', value } })),
    total: { kind: 'value', value: score.total },
  };
}
