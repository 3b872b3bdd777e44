/**
 * A logged column that a config, a format or the user names a part of the reward. The total is what the trainer logged
 * as such; only a log without totals has them summed from its components, where all have weights.
 */
export interface RewardComponent {
  readonly name: string;
  /** Its factor in the total; null where nobody said. */
  readonly weight: number | null;
}
