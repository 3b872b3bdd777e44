import { groupAdvantages } from '../reward/advantage';
import type { ScoringProfile } from '../reward/scoring/profile';
import { type PreparedProfile, prepareProfile, scoreRollout } from '../reward/scoring/scoreRollout';
import { type AdvantageName, namedRule, type Trainer } from '../reward/trainerAdvantage';
import { parseResponse } from '../trajectory/parseResponse';
import type { PolicyRollout } from './policyRollout';

/** A group with its rewards by a profile and its advantages; rollouts without a reward have none. */
export function scoreGroup(
  rollouts: readonly PolicyRollout[],
  profile: ScoringProfile,
  { name, trainer }: { readonly name: AdvantageName; readonly trainer: Trainer },
): readonly PolicyRollout[] {
  const prepared = prepareProfile(profile);
  const scored = rollouts.map((rollout) => ({ ...rollout, profile: profile.id, ...scoreOf(rollout, prepared) }));
  const { estimator, single } = namedRule(name, trainer);
  const advantages = groupAdvantages(
    scored.map(({ score }) => score ?? Number.NaN),
    estimator,
    single,
  );
  return scored.map((rollout, i) => ({ ...rollout, advantage: numberOrNull(advantages[i]) }));
}

function scoreOf(rollout: PolicyRollout, profile: PreparedProfile): Pick<PolicyRollout, 'score' | 'rewards'> {
  const { sample, reply, regions, imageSize, inputSize, boxes, masks, answer, taskPolicy } = rollout;
  const parsed = parseResponse(reply.text, { dialect: 'active-o3' });
  const { components, total } = scoreRollout(
    {
      rollout: {
        ...parsed,
        response: reply.text,
        groundTruth: sample.answer,
        fields: [],
        reward: null,
        options: sample.options,
        ...(taskPolicy === null ? {} : { taskBoxes: boxes.map(({ box }) => box) }),
        ...(masks === undefined ? {} : { masks: masks.map(({ mask, iou }) => ({ click: null, ...mask, iou })) }),
        ...(answer === null ? {} : { taskAnswer: answer }),
      },
      placed: {
        image: imageSize,
        input: inputSize,
        regions,
        truth: sample.truth,
      },
    },
    profile,
  );
  const numberOf = (scored: typeof total) => (scored.kind === 'value' ? numberOrNull(scored.value) : null);
  return {
    score: numberOf(total),
    rewards: Object.fromEntries(components.map(({ name, scored }) => [name, numberOf(scored)])),
  };
}

function numberOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
