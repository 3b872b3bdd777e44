import type { StepOrder } from './stepOrder';
import type { RowValue } from './stepStatistics';

/** What the groups of each step give a trainer to learn from; arrays in step with the order's `steps`. */
export interface GroupOutcomes {
  /** Groups with at least two finite rewards: the others can have no spread. */
  readonly groups: Uint32Array;
  /** Of those, groups whose rewards are all equal. */
  readonly noSpread: Uint32Array;
  /** Groups with only right, or only wrong rewards; zeros when nobody can tell right from wrong. */
  readonly allRight: Uint32Array;
  readonly allWrong: Uint32Array;
}

/**
 * Counts groups by what their rewards are. A group belongs to the step it is counted in: rows of one group at another
 * step are another group there.
 * @param group the group of a row, 0-based
 * @param groups how many groups there are
 * @param right the reward from which a rollout counts as right; null when that is not known
 */
export function groupOutcomes(
  { steps, starts, rows }: StepOrder,
  group: (row: number) => number,
  groups: number,
  reward: RowValue,
  right: number | null,
): GroupOutcomes {
  const low = new Float64Array(groups);
  const high = new Float64Array(groups);
  const members = new Uint32Array(groups);
  const numbers = () => new Uint32Array(steps.length);
  const outcomes = { groups: numbers(), noSpread: numbers(), allRight: numbers(), allWrong: numbers() };
  const add = (counts: Uint32Array, at: number) => {
    counts[at] = (counts[at] ?? 0) + 1;
  };
  for (let at = 0; at < steps.length; at++) {
    const seen: number[] = [];
    for (let i = starts[at] ?? 0; i < (starts[at + 1] ?? 0); i++) {
      const row = rows[i] ?? 0;
      const value = reward(row);
      if (value === null || !Number.isFinite(value)) continue;
      const id = group(row);
      if (members[id] === 0) seen.push(id);
      low[id] = members[id] === 0 ? value : Math.min(low[id] ?? value, value);
      high[id] = members[id] === 0 ? value : Math.max(high[id] ?? value, value);
      members[id] = (members[id] ?? 0) + 1;
    }
    for (const id of seen) {
      if ((members[id] ?? 0) >= 2) {
        add(outcomes.groups, at);
        if (low[id] === high[id]) add(outcomes.noSpread, at);
        if (right !== null && (low[id] ?? 0) >= right) add(outcomes.allRight, at);
        if (right !== null && (high[id] ?? 0) < right) add(outcomes.allWrong, at);
      }
      members[id] = 0;
    }
  }
  return outcomes;
}

/**
 * The reward that means *right* when a trace's finite rewards have exactly two values: the greater one. Null when they
 * have more, or fewer: then only the user can say.
 */
export function twoValuedRight(length: number, reward: RowValue): number | null {
  let low: number | null = null;
  let high: number | null = null;
  for (let row = 0; row < length; row++) {
    const value = reward(row);
    if (value === null || !Number.isFinite(value) || value === low || value === high) continue;
    if (low === null) low = value;
    else if (high === null) high = value;
    else return null;
  }
  return low === null || high === null ? null : Math.max(low, high);
}
