import { describe, expect, it } from 'vitest';
import type { RolloutNotes } from '../../../src/core/annotation/annotation';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { type GroupRowsInput, type GroupSort, groupRows, sortedRows } from '../../../webview/rollouts/group/groupRows';
import type { RecomputedGroup } from '../../../webview/rollouts/score/recompute';

const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const rollout = (fields: Readonly<Record<string, number | boolean>>) =>
  ({ fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }) as unknown as Rollout;

const input: GroupRowsInput = {
  members: [
    { row: 4, reward: 1 },
    { row: 5, reward: 0 },
    { row: 6, reward: null },
  ],
  ranks: new Map([
    [0, { rank: 2, tied: false }],
    [1, { rank: 1, tied: false }],
  ]),
  rollouts: [rollout({ acc: true, iou: 0.25 }), rollout({ acc: false }), undefined],
  notes: [{ total: noted(-1), components: { iou: noted(0.5) }, labels: { 0: noted(1), 2: noted(-1) } }, {}, {}],
  group: {},
  effective: [
    { total: -1, from: 'person', changed: true, excluded: false, advantage: -0.7 },
    { total: 0, from: 'log', changed: false, excluded: false, advantage: 0.7 },
    { total: null, from: null, changed: false, excluded: false, advantage: null },
  ],
  recomputed: null,
  components: ['acc', 'iou'],
};
const order = (sort: GroupSort, of = input) => sortedRows(groupRows(of), sort).map(({ member }) => member);

describe('the rows of a group', () => {
  it('hold each reward in every version, missing ones as missing', () => {
    const [first, second, third] = groupRows(input);
    expect(first?.total).toEqual({ logged: 1, own: -1, recomputed: null });
    expect(first?.components).toEqual([
      { logged: 1, own: null, recomputed: null },
      { logged: 0.25, own: 0.5, recomputed: null },
    ]);
    expect(first?.labels).toEqual({ right: 1, neutral: 0, wrong: 1 });
    expect(second?.components[1]?.logged).toBeNull();
    expect(third?.components.map(({ logged }) => logged)).toEqual([null, null]);
    expect(groupRows(input).map(({ rank }) => rank?.rank ?? null)).toEqual([2, 1, null]);
  });

  it('take recomputed components by their own name, or by the column that they were compared with', () => {
    const scored = { kind: 'value', value: 0.75 } as const;
    const differs = { kind: 'differs', by: 0.5 } as const;
    const component = { name: 'overlap', weight: 1, scored, column: 'iou', logged: 0.25, verdict: differs };
    const total = { ...component, name: 'total', column: null };
    const compared = { components: [component], total, differs: true };
    const members = [{ member: 0, row: 4, compared, advantage: null }];
    const recomputed = { members, silent: null } as unknown as RecomputedGroup;
    const [first, second] = groupRows({ ...input, recomputed });
    expect(first?.components[1]?.recomputed).toEqual({ value: 0.75, verdict: differs });
    expect(first?.components[0]?.recomputed).toBeNull();
    expect(second?.total.recomputed).toBeNull();
  });

  it('are sorted by what stands; what has no number comes last in both directions', () => {
    expect(order({ by: 'total', descending: true })).toEqual([1, 0, 2]);
    expect(order({ by: 'total', descending: false })).toEqual([0, 1, 2]);
    expect(order({ by: 1, descending: true })).toEqual([0, 1, 2]);
    expect(order({ by: 'rank', descending: false })).toEqual([1, 0, 2]);
    const nan: RolloutNotes = { total: noted(Number.NaN) };
    expect(order({ by: 'total', descending: true }, { ...input, notes: [nan, {}, {}] })).toEqual([1, 0, 2]);
  });
});
