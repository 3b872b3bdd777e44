import { groupAdvantages, type WeightedComponent } from '../reward/advantage';
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
 * is made is never guessed. Excluded rollouts have no advantage; they count in mean and deviation only where the group's
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
  const totals = logged.map((one, i) => effectiveTotal(one, notes[i] ?? {}, components));
  const excluded = logged.map((_, i) => group.excluded !== undefined || notes[i]?.excluded !== undefined);
  const keepsAll = group.statistics?.value === 'original';
  const counted = totals.map((total, i) => (total === null || (excluded[i] && !keepsAll) ? Number.NaN : total));
  const advantages = groupAdvantages(counted, estimator, single);
  return totals.map((total, i) => {
    const advantage = advantages[i] ?? Number.NaN;
    return {
      total,
      changed: !Object.is(total, logged[i]?.total ?? null),
      excluded: excluded[i] ?? false,
      advantage: excluded[i] || !Number.isFinite(advantage) ? null : advantage,
    };
  });
}

function effectiveTotal(
  { total, fields }: LoggedRewards,
  notes: RolloutNotes,
  components: readonly RewardComponent[],
): number | null {
  if (notes.total !== undefined) return notes.total.value;
  const overrides = notes.components;
  if (overrides === undefined || total === null || fields === undefined) return total;
  const parts = components.map(({ name, weight }): WeightedComponent | null => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return weight === null || value === undefined || !Number.isFinite(value) ? null : { weight, value };
  });
  if (parts.length === 0 || parts.includes(null)) return total;
  const sum = parts.reduce((all, part) => all + (part === null ? 0 : part.weight * part.value), 0);
  if (Math.abs(sum - total) > tolerance * Math.max(1, Math.abs(total))) return total;
  return components.reduce((all, { name }, i) => {
    const part = parts[i];
    const override = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
    return override === undefined || !part ? all : all + part.weight * (override.value - part.value);
  }, total);
}
