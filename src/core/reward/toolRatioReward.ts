/**
 * Tool-use term of adaptive pixel reasoning (*Look Less, Reason More*): a correct rollout is rewarded for keeping the
 * group's share of rollouts that zoom at or below `target` (0.2 in the paper).
 *
 * Status *guess*: the paper states the ratio, not the formula. Here the group's excess over the target is taken off every
 * rollout that used a tool, and nothing off the others; wrong answers score 0.
 * @returns one value per rollout, 0–1.
 */
export function toolRatioRewards(
  rollouts: readonly { readonly usedTool: boolean; readonly correct: boolean }[],
  target: number,
): readonly number[] {
  const excess = Math.max(0, toolRatio(rollouts) - target);
  return rollouts.map(({ usedTool, correct }) => (correct ? 1 - (usedTool ? excess : 0) : 0));
}

/** Share of rollouts that called a tool at all; NaN for none. */
export function toolRatio(rollouts: readonly { readonly usedTool: boolean }[]): number {
  return rollouts.filter(({ usedTool }) => usedTool).length / rollouts.length;
}
