/**
 * A logged column that a config, a format or the user names a part of the reward. The total is what the trainer logged
 * as such: it is never summed from its components, whose weights are for the reader.
 */
export interface RewardComponent {
  readonly name: string;
  /** Its factor in the total; null where nobody said. */
  readonly weight: number | null;
}
