/**
 * What people look at first in a run, in this order, by parts of the names that TRL, ms-swift, verl and EasyR1 log them
 * under. Everything else is offered behind these.
 */
const wellKnown: readonly RegExp[] = [
  /(?:^|\/)(?:reward|score|rewards?\/mean|score\/mean|reward\/overall)$/,
  /(?:^|\/)(?:kl|kl_loss|ppo_kl|reward_kl_penalty)(?:\/mean)?$/,
  /(?:^|\/)entropy(?:_loss)?(?:\/mean)?$/,
  /clip_?(?:ratio|frac)/,
  /(?:^|\/)grad_norm$/,
  /(?:completions?\/mean_length|completion_length|response_length\/mean)$/,
  /(?:clip_ratio|clipped_ratio|length\/max)$/,
  /(?:^|\/)(?:loss|pg_loss|policy_loss)$/,
  /(?:reward_std|frac_reward_zero_std|rewards\/[^/]+(?:\/mean)?|reward\/[^/]+)$/,
  /^val/,
  /(?:^|\/)(?:lr|learning_rate)$/,
];

/** Place of a metric among those that are shown; the number of well-known kinds for all others. */
export function metricRank(name: string): number {
  // Names are a trainer's and short; a long one is not worth a search.
  const at = name.length > 200 ? -1 : wellKnown.findIndex((pattern) => pattern.test(name));
  return at < 0 ? wellKnown.length : at;
}

export const isWellKnown = (name: string): boolean => metricRank(name) < wellKnown.length;
