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
  const ratio = toolRatio(rollouts);
  return rollouts.map((rollout) => toolRatioReward(rollout, ratio, target));
}

/** The same of one rollout, whose group has that ratio. */
export function toolRatioReward(
  { usedTool, correct }: { readonly usedTool: boolean; readonly correct: boolean },
  ratio: number,
  target: number,
): number {
  return correct ? 1 - (usedTool ? Math.max(0, ratio - target) : 0) : 0;
}

/** Share of rollouts that called a tool at all; NaN for none. */
export function toolRatio(rollouts: readonly { readonly usedTool: boolean }[]): number {
  return rollouts.filter(({ usedTool }) => usedTool).length / rollouts.length;
}
