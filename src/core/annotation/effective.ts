import { groupAdvantages, trlTotal, type WeightedComponent } from '../reward/advantage';
import type { RewardComponent } from '../reward/component';
import type { GroupRule } from '../reward/trainerAdvantage';
import type { GroupNotes, RolloutNotes } from './annotation';

/** A rollout as its log has it. */
export interface LoggedRewards {
  /** Null when the log has none. */
  readonly total: number | null;
  /** Values of logged columns by name; absent where they are not at hand, and components then do not move the total. */
  readonly fields?: Readonly<Record<string, number>> | undefined;
}

/** A rollout with what was said about it. */
export interface EffectiveRollout {
  readonly total: number | null;
  /** Where the total comes from; null without one. `components`: the log has none, it is the weighted sum of what was named. */
  readonly from: 'log' | 'person' | 'components' | null;
  /** Somebody changed the total, or a component that it is made of. */
  readonly changed: boolean;
  readonly excluded: boolean;
  /** Null for one that is excluded or has no finite total. */
  readonly advantage: number | null;
}

/** Far above the rounding of a log's decimals, far below any reward. */
const tolerance = 1e-6;

/**
 * Totals and advantages of a group as they stand after its annotations. An override of the total stands above all. Overrides
 * of components move the total only where the log's own total is the sum of its components by their weights: how a total
 * is made is never guessed. A log without totals has none, unless every component has a weight: then it is their weighted sum,
 * in which a NaN does not apply, as TRL adds them. Excluded rollouts have no advantage; they count in mean and deviation only where the group's
 * notes say `original`.
 * @param logged in the order of the group, as `notes`.
 */
export function effectiveGroup(
  logged: readonly LoggedRewards[],
  notes: readonly RolloutNotes[],
  group: GroupNotes,
  components: readonly RewardComponent[],
  { estimator, single }: GroupRule,
): readonly EffectiveRollout[] {
  const found = logged.map((one, i) => effectiveTotal(one, notes[i] ?? {}, components));
  const totals = found.map(({ total }) => total);
  const excluded = logged.map((_, i) => group.excluded !== undefined || notes[i]?.excluded !== undefined);
  const keepsAll = group.statistics?.value === 'original';
  const counted = totals.map((total, i) => (total === null || (excluded[i] && !keepsAll) ? Number.NaN : total));
  const advantages = groupAdvantages(counted, estimator, single);
  return totals.map((total, i) => {
    const advantage = advantages[i] ?? Number.NaN;
    return {
      total,
      from: found[i]?.from ?? null,
      changed: found[i]?.changed ?? false,
      excluded: excluded[i] ?? false,
      advantage: excluded[i] || !Number.isFinite(advantage) ? null : advantage,
    };
  });
}

type Total = Pick<EffectiveRollout, 'total' | 'from' | 'changed'>;

function effectiveTotal(logged: LoggedRewards, notes: RolloutNotes, components: readonly RewardComponent[]): Total {
  const { total, fields } = logged;
  if (notes.total !== undefined) {
    const { value } = notes.total;
    return { total: value, from: 'person', changed: !Object.is(value, total) };
  }
  const unchanged: Total = { total, from: total === null ? null : 'log', changed: false };
  const overrides = notes.components ?? {};
  if (fields === undefined || (total !== null && notes.components === undefined)) return unchanged;
  const parts = components.flatMap(({ name, weight }): readonly WeightedComponent[] => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return weight === null || value === undefined ? [] : [{ weight, value }];
  });
  if (parts.length === 0 || parts.length < components.length) return unchanged;
  const stands = components.map(({ name }, i): WeightedComponent => {
    const { weight = 0, value = Number.NaN } = parts[i] ?? {};
    return { weight, value: Object.hasOwn(overrides, name) ? (overrides[name]?.value ?? value) : value };
  });
  const changed = stands.some(({ value }, i) => !Object.is(value, parts[i]?.value));
  if (total === null) {
    const sum = trlTotal(stands);
    return Number.isNaN(sum) ? unchanged : { total: sum, from: 'components', changed };
  }
  const sum = parts.reduce((all, { weight, value }) => all + weight * value, 0);
  if (!changed || !(Math.abs(sum - total) <= tolerance * Math.max(1, Math.abs(total)))) return unchanged;
  const moved = stands.reduce(
    (all, { weight, value }, i) => all + weight * (value - (parts[i]?.value ?? value)),
    total,
  );
  return { total: moved, from: 'person', changed: true };
}
