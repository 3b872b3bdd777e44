/** Two rollouts of one group, the first preferred. Members by their place in the group. */
export interface PreferencePair {
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
}

/**
 * DPO-style pairs of a group: rewards that differ by at least `margin`. `bestWorst`: one pair of the highest and the lowest;
 * `all`: every such pair, widest first. Rewards that are not finite take no part; of equals the earlier member is taken.
 */
export function preferencePairs(
  rewards: readonly number[],
  margin: number,
  which: 'bestWorst' | 'all',
): readonly PreferencePair[] {
  const ranked = [...rewards.entries()]
    .filter(([, reward]) => Number.isFinite(reward))
    .sort(([i, a], [j, b]) => b - a || i - j);
  const pairOf = ([chosen, high]: [number, number], [rejected, low]: [number, number]): PreferencePair[] =>
    high > low && high - low >= margin ? [{ chosen, rejected, margin: high - low }] : [];
  if (which === 'bestWorst') {
    const [best] = ranked;
    const low = ranked.at(-1)?.[1];
    const worst = ranked.find(([, reward]) => reward === low);
    return best === undefined || worst === undefined ? [] : pairOf(best, worst);
  }
  return ranked
    .flatMap((high, i) => ranked.slice(i + 1).flatMap((low) => pairOf(high, low)))
    .sort((a, b) => b.margin - a.margin);
}

/**
 * Pairs of what a person ranked, levels of equals best first: a human preference, so that rewards and their margin do not count.
 * `all`: every two of different levels, those widest apart first. `bestWorst`: one pair of the first and the last level; among
 * equals the highest reward is chosen and the lowest rejected, else the first.
 */
export function rankedPairs<T>(
  levels: readonly (readonly T[])[],
  rewardOf: (member: T) => number,
  which: 'bestWorst' | 'all',
): readonly (readonly [chosen: T, rejected: T])[] {
  const ranked = levels.filter((level) => level.length > 0);
  if (which === 'bestWorst') {
    if (ranked.length < 2) return [];
    const [best, ...bests] = ranked[0] ?? [];
    const [worst, ...worsts] = ranked.at(-1) ?? [];
    if (best === undefined || worst === undefined) return [];
    const chosen = bests.reduce((a, b) => (rewardOf(b) > rewardOf(a) ? b : a), best);
    const rejected = worsts.reduce((a, b) => (rewardOf(b) < rewardOf(a) ? b : a), worst);
    return [[chosen, rejected]];
  }
  const pairs = ranked.flatMap((level, i) =>
    ranked
      .slice(i + 1)
      .flatMap((lower, gap) =>
        level.flatMap((chosen) => lower.map((rejected) => ({ gap, pair: [chosen, rejected] as const }))),
      ),
  );
  return pairs.sort((a, b) => b.gap - a.gap).map(({ pair }) => pair);
}

/**
 * DAPO's dynamic sampling: whether a group is kept for the update. All rewards equal (all right or all wrong) means
 * no gradient; such a group is sampled again in its place.
 */
export function hasSignal(rewards: readonly number[]): boolean {
  const finite = rewards.filter(Number.isFinite);
  return finite.some((reward) => reward !== finite[0]);
}
