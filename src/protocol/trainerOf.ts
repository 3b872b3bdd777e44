import type { Trainer } from '../core/reward/trainerAdvantage';

/** Formats that only one trainer writes. */
export function trainerOf(format: string): Trainer {
  if (format === 'verl-dump' || format === 'easyr1-generations') return 'verl';
  return format === 'trl-completions' || format === 'r1v-log' ? 'trl' : 'unknown';
}
