import type { RolloutNotes } from './annotation';

/** What people said of a rollout, as far as lists are counted, filtered and sorted by it. */
export interface ReviewMark {
  readonly reviewed: boolean;
  /** The reward that stands for the logged one; null where nobody gave another. */
  readonly total: number | null;
  /** −1: a step is labelled wrong. 1: steps are labelled, all of them right. Null: neither. */
  readonly verdict: -1 | 1 | null;
}

/** Null where the notes say nothing of these. */
export function reviewMark({ reviewed, total, labels }: RolloutNotes): ReviewMark | null {
  const said = Object.values(labels ?? {}).map(({ value }) => value);
  const verdict = said.includes(-1) ? -1 : said.length > 0 && said.every((label) => label === 1) ? 1 : null;
  if (reviewed === undefined && total === undefined && verdict === null) return null;
  return { reviewed: reviewed !== undefined, total: total?.value ?? null, verdict };
}

/**
 * Whether what people said lies on the other side of the group's mean than the logged reward: a policy was pushed the wrong
 * way. Null where nothing was said of it, or a number is missing. A reward that is the mean pushes neither way.
 */
export function contradictsLog({ total, verdict }: ReviewMark, logged: number | null, mean: number): boolean | null {
  if (logged === null || !Number.isFinite(logged - mean)) return null;
  const said = [total === null ? null : total - mean, verdict].filter((side) => side !== null);
  return said.length === 0 ? null : said.some((side) => side * (logged - mean) < 0);
}

/**
 * Whether a ranking contradicts the logged rewards, by rollout: one that is ranked higher has the lower reward. Null where a reward
 * is missing, or nothing stands on another level.
 * @param levels logged rewards, best level first.
 */
export function rankFlips(levels: readonly (readonly (number | null)[])[]): readonly (readonly (boolean | null)[])[] {
  const finite = levels.map(
    (level) => level.filter((reward) => reward !== null && Number.isFinite(reward)) as number[],
  );
  return levels.map((level, at) => {
    const above = finite.slice(0, at).flat();
    const below = finite.slice(at + 1).flat();
    return level.map((reward) => {
      if (reward === null || !Number.isFinite(reward) || above.length + below.length === 0) return null;
      return above.some((other) => other < reward) || below.some((other) => other > reward);
    });
  });
}
