import { describe, expect, it } from 'vitest';
import { applyIntent, type RolloutsState } from '../../../../src/core/document/rolloutsState';
import type { FrameChoice, FrameField } from '../../../../src/core/geometry/frame';

const choice = (
  dataSource: string | null,
  field: FrameField,
  kind: 'original' | 'relative1' = 'original',
): FrameChoice => ({
  dataSource,
  field,
  spec: { kind },
  origin: 'user',
  reason: 'Set by you.',
});
const empty: RolloutsState = { revision: 4, frames: [], components: null, unsplit: [] };

describe('frames that the user sets', () => {
  it('are kept per data source and field', () => {
    const state = [choice('vstar', 'prediction'), choice('vstar', 'tool'), choice(null, 'prediction')].reduce(
      (s, c) => applyIntent(s, { kind: 'setFrame', choice: c }),
      empty,
    );
    expect(state.frames).toHaveLength(3);
  });

  it('replace the one set before for the same numbers', () => {
    const before = applyIntent(empty, { kind: 'setFrame', choice: choice('vstar', 'tool') });
    const after = applyIntent(before, { kind: 'setFrame', choice: choice('vstar', 'tool', 'relative1') });
    expect(after.frames).toEqual([choice('vstar', 'tool', 'relative1')]);
    expect(before.frames).toEqual([choice('vstar', 'tool')]);
  });

  it('are cleared one by one; clearing what is not set changes nothing', () => {
    const both: RolloutsState = { ...empty, frames: [choice('vstar', 'tool'), choice(null, 'tool')] };
    expect(applyIntent(both, { kind: 'clearFrame', dataSource: null, field: 'tool' }).frames).toEqual([
      choice('vstar', 'tool'),
    ]);
    expect(applyIntent(both, { kind: 'clearFrame', dataSource: 'chart', field: 'tool' })).toEqual(both);
  });

  it('leave the revision to the host', () => {
    expect(applyIntent(empty, { kind: 'setFrame', choice: choice('vstar', 'tool') }).revision).toBe(4);
  });
});

describe('columns named reward components', () => {
  it('are the user’s word until it is taken back', () => {
    const components = [{ name: 'iou', weight: 0.5 }];
    const named = applyIntent(empty, { kind: 'setComponents', components });
    expect(named.components).toEqual(components);
    expect(applyIntent(named, { kind: 'setComponents', components: null })).toEqual(empty);
  });
});

describe('inferred turns', () => {
  it('are undone and inferred again by file', () => {
    const undone = applyIntent(empty, { kind: 'setSplits', file: '20.jsonl', infer: false });
    expect(applyIntent(undone, { kind: 'setSplits', file: '20.jsonl', infer: false }).unsplit).toEqual(['20.jsonl']);
    expect(applyIntent(undone, { kind: 'setSplits', file: '20.jsonl', infer: true })).toEqual(empty);
  });
});
