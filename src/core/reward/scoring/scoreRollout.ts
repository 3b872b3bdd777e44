import type { CountedBoxes } from '../../trajectory/countedBoxes';
import { ParameterValues, type Scored } from './component';
import { rewardDefinition } from './definitions';
import type { ScoringProfile } from './profile';
import { onlyCounted, type RewardInput } from './rewardInput';

export interface ScoredComponent {
  readonly name: string;
  readonly weight: number;
  readonly scored: Scored;
}

export interface RolloutScore {
  readonly components: readonly ScoredComponent[];
  /** Σ weight · value; missing as soon as one component is, with its reason. */
  readonly total: Scored;
}

/** Recomputes a rollout's reward by a profile made ready with `prepareProfile`. */
export function scoreRollout(input: RewardInput, profile: PreparedProfile): RolloutScore {
  const { counted } = profile;
  const looked = counted === undefined ? input : onlyCounted(input, counted);
  let sum = 0;
  let gap: ScoredComponent | null = null;
  const components = profile.components.map(({ name, weight, compute }): ScoredComponent => {
    const component = { name, weight, scored: compute(looked) };
    if (component.scored.kind === 'value') sum += weight * component.scored.value;
    else gap ??= component;
    return component;
  });
  return { components, total: gap === null ? { kind: 'value', value: sum } : withName(gap) };
}

/** A profile with its rewards looked up: made once, used for every rollout. */
export interface PreparedProfile {
  /** Some component looks at the whole group. */
  readonly ofGroup: boolean;
  readonly counted?: CountedBoxes;
  readonly components: readonly {
    readonly name: string;
    readonly weight: number;
    readonly compute: (input: RewardInput) => Scored;
  }[];
}

/** @throws Error for a reward id that `parseProfile` would have refused. */
export function prepareProfile(profile: ScoringProfile): PreparedProfile {
  const components = profile.components.map(({ name, weight, reward, parameters }) => {
    const definition = rewardDefinition(reward);
    if (definition === null) throw new Error(`no reward ${reward}`);
    const values = new ParameterValues(definition.parameters, parameters);
    return { name, weight, compute: (input: RewardInput) => definition.compute(input, values) };
  });
  const { counted } = profile;
  const ofGroup = profile.components.some(({ reward }) => rewardDefinition(reward)?.ofGroup === true);
  return counted === undefined ? { components, ofGroup } : { components, ofGroup, counted };
}

function withName({ name, scored }: ScoredComponent): Scored {
  return scored.kind === 'missing' ? { kind: 'missing', reason: `${name}: ${scored.reason}` } : scored;
}
