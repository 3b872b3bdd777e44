/** A rollout with what a verifier gave it and what it is really worth. */
export interface VerifiedRollout {
  /** NaN where the verifier said nothing; such a rollout is chosen only when there is no other (GTA1 selects so at test time). */
  readonly score: number;
  /** Its reward, or 1 and 0 for right and wrong. */
  readonly worth: number;
}

/** What a verifier's choice among the rollouts of a group brings, as means over groups. */
export interface BestOfN {
  readonly groups: number;
  /** What the chosen ones are worth; a mean over those of equal scores. */
  readonly chosen: number;
  /** What one at random is worth, and the best of each group. */
  readonly random: number;
  readonly oracle: number;
  /** By n up to the largest group: expected worth of the choice among n at random. */
  readonly curve: readonly number[];
}

/**
 * Best-of-N selection by a verifier, beside chance and an oracle. Null without a group. The curve is exact: a rollout is chosen among n
 * when nobody better is, so that its chance is a quotient of binomials; groups smaller than n count whole.
 */
export function bestOfN(groups: readonly (readonly VerifiedRollout[])[]): BestOfN | null {
  const filled = groups.filter((group) => group.length > 0);
  if (filled.length === 0) return null;
  const mean = (of: (group: readonly VerifiedRollout[]) => number): number =>
    filled.reduce((sum, group) => sum + of(group), 0) / filled.length;
  const largest = Math.max(...filled.map(({ length }) => length));
  return {
    groups: filled.length,
    chosen: mean((group) => expectedWorth(group, group.length)),
    random: mean((group) => group.reduce((sum, { worth }) => sum + worth, 0) / group.length),
    oracle: mean((group) => Math.max(...group.map(({ worth }) => worth))),
    curve: Array.from({ length: largest }, (_, i) =>
      mean((group) => expectedWorth(group, Math.min(i + 1, group.length))),
    ),
  };
}

/** Expected worth of the best scored among `n` of the group, drawn without putting back. */
function expectedWorth(group: readonly VerifiedRollout[], n: number): number {
  const scoreOf = ({ score }: VerifiedRollout): number => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);
  const ranked = [...group].sort((a, b) => scoreOf(a) - scoreOf(b) || 0);
  let sum = 0;
  for (let from = 0; from < ranked.length; ) {
    let to = from;
    let worth = 0;
    const first = ranked[from];
    while (to < ranked.length && first !== undefined && scoreOf(ranked[to] ?? first) === scoreOf(first))
      worth += ranked[to++]?.worth ?? 0;
    // The best is among equals [from, to) when all n are below `to`, but not all below `from`.
    sum += (worth / (to - from)) * (chanceBelow(to, n, ranked.length) - chanceBelow(from, n, ranked.length));
    from = to;
  }
  return sum;
}

/** Chance that n drawn of `all` are all among the first `below`. */
function chanceBelow(below: number, n: number, all: number): number {
  let chance = 1;
  for (let i = 0; i < n; i++) chance *= Math.max(0, below - i) / (all - i);
  return chance;
}
