/**
 * A person's order of a group's rollouts, best first, by key. Rollouts that are as good as each other stand in a list of their
 * own. Rollouts left out are not ranked.
 */
export type Ranking = readonly (string | readonly string[])[];

/** A rollout's place in a ranking, as in sports: of two firsts the next is third. */
export interface Rank {
  /** 1-based. */
  readonly rank: number;
  /** Others share it. */
  readonly tied: boolean;
}

/** The ranking as levels, best first; a key that stands twice counts where it stands first. */
export function rankLevels(ranking: Ranking): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return ranking
    .map((level) => (typeof level === 'string' ? [level] : level))
    .map((level) => level.filter((key) => !seen.has(key) && seen.add(key)))
    .filter((level) => level.length > 0);
}

/** Ranks by key. */
export function ranksOf(ranking: Ranking): ReadonlyMap<string, Rank> {
  const ranks = new Map<string, Rank>();
  for (const level of rankLevels(ranking)) {
    const rank = ranks.size + 1;
    for (const key of level) ranks.set(key, { rank, tied: level.length > 1 });
  }
  return ranks;
}

/**
 * A rollout one step up (−1) or down (1): out of a tie to a rank of its own, from there into a tie with its neighbour. Up
 * from outside the ranking it becomes the last; down from a last rank of its own it leaves the ranking.
 */
export function moveInRanking(ranking: Ranking, key: string, direction: -1 | 1): Ranking {
  const levels = rankLevels(ranking);
  const at = levels.findIndex((level) => level.includes(key));
  if (at < 0) return direction < 0 ? written([...levels, [key]]) : written(levels);
  const others = levels.map((level) => level.filter((one) => one !== key));
  const tied = (others[at]?.length ?? 0) > 0;
  if (tied) return written(others.toSpliced(direction < 0 ? at : at + 1, 0, [key]));
  const beside = at + direction;
  const joined = others.map((level, i) => (i === beside ? [...level, key] : level));
  return written(direction < 0 && at === 0 ? levels : joined);
}

/** A rollout just above others: of their best it takes the place, and those that were not ranked become the last. */
export function preferTo(ranking: Ranking, key: string, over: readonly string[]): Ranking {
  const rest = over.filter((other) => other !== key);
  const levels = rankLevels(ranking);
  const at = levels.findIndex((level) => level.includes(key));
  const known = new Set(levels.flat());
  const fresh = rest.filter((other) => !known.has(other));
  const best = levels.findIndex((level) => level.some((other) => rest.includes(other)));
  if (at >= 0 && (best < 0 || at < best)) return written([...levels, fresh]);
  const others = levels.map((level) => level.filter((one) => one !== key));
  return written([...others.toSpliced(best < 0 ? others.length : best, 0, [key]), fresh]);
}

/** Without empty levels, a level of one as its key alone. */
function written(levels: readonly (readonly string[])[]): Ranking {
  return levels.flatMap((level): Ranking => (level.length > 1 ? [level] : level));
}
