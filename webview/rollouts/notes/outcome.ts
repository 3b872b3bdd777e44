import { type EffectiveRollout, effectiveGroup, type LoggedRewards } from '../../../src/core/annotation/effective';
import type { RewardComponent } from '../../../src/core/reward/component';
import { type AdvantageFit, fitAdvantage } from '../../../src/core/reward/fitAdvantage';
import { trainerRule } from '../../../src/core/reward/trainerAdvantage';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { GroupSummary } from '../../../src/protocol/data';
import { trainerOf } from '../../../src/protocol/trainerOf';
import type { NotedGroup } from '../store/notes';

/** Rewards and advantages of a group as they stand, by member; or why they cannot be told. */
export type Outcome =
  | { readonly kind: 'known'; readonly rollouts: readonly EffectiveRollout[] }
  | { readonly kind: 'none'; readonly reason: string };

/** What is known of the members' logs beyond their rewards. */
export interface OutcomeContext {
  readonly format: string;
  readonly components: readonly RewardComponent[];
  /** By member; absent where texts and fields of the group are not at hand. */
  readonly details?: readonly Rollout[] | undefined;
}

/**
 * Recomputed for all siblings at once by the code that scores on the command line. Null while it is not known: the group's
 * notes or rewards are on their way.
 */
export function groupOutcome(
  summary: GroupSummary,
  noted: NotedGroup | null,
  mayHide: boolean,
  { format, components, details }: OutcomeContext,
): Outcome | null {
  if (summary.uncertain)
    return { kind: 'none', reason: 'This group may be incomplete: no advantages are told for it.' };
  if (noted === null && (mayHide || summary.rollouts.length < summary.size)) return null;
  if (noted !== null && !noted.whole)
    return { kind: 'none', reason: 'This group is too large for advantages to be recomputed here.' };
  const rewards = noted?.members ?? summary.rollouts;
  // Components of a part of the group would move the totals of that part alone.
  const fields = details !== undefined && details.length === rewards.length ? details.map(numbersOf) : null;
  if (fields === null && noted?.rollouts.some((notes) => notes.components !== undefined)) return null;
  const logged = rewards.map(({ reward }, i): LoggedRewards => ({ total: reward, fields: fields?.[i] }));
  const rule = trainerRule(trainerOf(format));
  const rollouts = effectiveGroup(logged, noted?.rollouts ?? [], noted?.notes ?? {}, components, rule);
  if (rollouts.some(({ total }) => total !== null)) return { kind: 'known', rollouts };
  if (components.length === 0)
    return { kind: 'none', reason: 'The log holds no rewards of this group: name its components among the fields.' };
  if (components.some(({ weight }) => weight === null))
    return { kind: 'none', reason: 'The log holds no totals, and not every component has a weight.' };
  return fields === null
    ? null
    : { kind: 'none', reason: 'The log holds no totals, and not every rollout has all components.' };
}

/** How the trainer is taken to compute advantages, in a few words. */
export function ruleWords(format: string): string {
  const trainer = trainerOf(format);
  if (trainer === 'verl') return 'GRPO as verl computes it: sample deviation, ε 1e−6';
  const words = 'sample deviation, ε 1e−4';
  return trainer === 'trl'
    ? `GRPO as TRL computes it: ${words}`
    : `GRPO with ${words}: the log does not tell its trainer`;
}

/** The advantage a rollout's log holds; null without one. */
export function loggedAdvantage({ fields }: Rollout): number | null {
  const value = fields.find(({ name }) => name === 'advantage' || name === 'advantages')?.value;
  return typeof value === 'number' ? value : null;
}

/** Which estimator explains the advantages that the log holds, from the logged totals; null where it holds none. */
export function loggedFit(rollouts: readonly Rollout[]): AdvantageFit | null {
  const advantages = rollouts.map((rollout) => loggedAdvantage(rollout) ?? Number.NaN);
  if (!advantages.some(Number.isFinite)) return null;
  return fitAdvantage([{ components: [rollouts.map(({ reward }) => reward ?? Number.NaN)], advantages }]);
}

function numbersOf({ fields }: Rollout): Readonly<Record<string, number>> {
  return Object.fromEntries(
    fields.flatMap(({ name, value }) => (typeof value === 'number' ? [[name, value] as const] : [])),
  );
}
