import { describe, expect, it } from 'vitest';
import { runDescription, runTooltip } from '../../../src/host/views/runWords';
import type { RunGlance } from '../../../src/protocol/runs';

const now = Date.UTC(2026, 0, 10);
const glance: RunGlance = {
  files: 3,
  bytes: 4_200_000,
  changed: now - 5 * 60_000,
  step: 40,
  reward: 2.3128,
  rows: 64,
  partial: false,
};

describe('a run in the list', () => {
  it('says step, reward and age, as far as they are known', () => {
    expect(runDescription(glance, now)).toBe('step 40 · reward 2.313 · 5 min ago');
    expect(runDescription({ ...glance, partial: true }, now)).toBe('step 40 · reward ≈ 2.313 · 5 min ago');
    expect(runDescription({ ...glance, step: null, reward: Number.NaN }, now)).toBe('5 min ago');
    expect(runDescription({ ...glance, changed: now - 30 * 3_600_000 }, now)).toContain('1 day ago');
    expect(runDescription(null, now)).toBe('');
  });

  it('says the rest in its tooltip', () => {
    const run = { path: '/runs/a', name: 'a', folder: true, format: 'verl-dump', title: 'verl rollout dump' } as const;
    expect(runTooltip(run, glance)).toBe(
      'verl rollout dump\n3 files, 4 MB\nMean reward 2.313 of 64 rollouts looked at in step 40\n/runs/a',
    );
  });
});
