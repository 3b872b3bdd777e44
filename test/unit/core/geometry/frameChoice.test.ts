import { describe, expect, it } from 'vitest';
import type { FrameChoice, FrameOrigin } from '../../../../src/core/geometry/frame';
import { findFrame } from '../../../../src/core/geometry/frameChoice';

const choice = (
  origin: FrameOrigin,
  dataSource: string | null = 'vstar',
  more: Partial<FrameChoice> = {},
): FrameChoice => ({
  dataSource,
  field: 'prediction',
  spec: { kind: 'original' },
  origin,
  reason: `${origin} said so`,
  ...more,
});

describe('findFrame', () => {
  it('lets the user win over the log, the log over the format, the format over config, config over evidence', () => {
    const origins = ['evidence', 'config', 'format', 'log', 'user'] as const;
    const all = origins.map((origin) => choice(origin));
    for (const [i, origin] of origins.entries())
      expect(findFrame(all.slice(0, i + 1), 'vstar', 'prediction').origin).toBe(origin);
  });

  it('prefers a choice for this data source to one for all, of the same origin only', () => {
    const forAll = choice('user', null, { spec: { kind: 'relative1' } });
    expect(findFrame([forAll, choice('user')], 'vstar', 'prediction').spec).toEqual({ kind: 'original' });
    expect(findFrame([forAll, choice('format')], 'vstar', 'prediction').spec).toEqual({ kind: 'relative1' });
    expect(findFrame([choice('user', 'chart'), choice('format')], 'vstar', 'prediction').origin).toBe('format');
  });

  it('keeps fields apart', () => {
    expect(findFrame([choice('user')], 'vstar', 'tool').origin).toBe('undecided');
  });

  it('passes on why nobody could tell', () => {
    const torn = choice('evidence', 'vstar', { spec: null, reason: 'too close' });
    expect(findFrame([torn], 'vstar', 'prediction')).toBe(torn);
    expect(findFrame([torn, choice('format', null)], 'vstar', 'prediction').origin).toBe('format');
    expect(findFrame([], null, 'prediction')).toMatchObject({ spec: null, origin: 'undecided' });
  });
});
