import { describe, expect, it } from 'vitest';
import type { GroupNotes, RolloutNotes } from '../../../../src/core/annotation/annotation';
import { effectiveGroup, type LoggedRewards } from '../../../../src/core/annotation/effective';
import { groupAdvantages } from '../../../../src/core/reward/advantage';
import { trainerRule } from '../../../../src/core/reward/trainerAdvantage';

const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
const rule = trainerRule('verl');
const logged = [1, 0, 0, 1].map((total): LoggedRewards => ({ total }));
const advantages = (notes: readonly RolloutNotes[], group: GroupNotes = {}) =>
  effectiveGroup(logged, notes, group, [], rule).map(({ advantage }) => advantage);
const grpo = (...rewards: readonly number[]) => groupAdvantages(rewards, rule.estimator, rule.single);

describe('a group as its annotations leave it', () => {
  it('is what the log says while nobody said anything', () => {
    expect(advantages([])).toEqual(grpo(1, 0, 0, 1));
  });

  it('moves every sibling when one total is set, and tells which stands for the log’s', () => {
    const group = effectiveGroup(logged, [{ total: { ...by, value: 0 } }], {}, [], rule);
    expect(group.map(({ advantage }) => advantage)).toEqual(grpo(0, 0, 0, 1));
    expect(group.map(({ changed }) => changed)).toEqual([true, false, false, false]);
  });

  it('takes excluded rollouts out of mean and deviation, unless all are to count', () => {
    const notes: RolloutNotes[] = [{}, {}, { excluded: { ...by, value: true } }];
    const [a, b, d] = grpo(1, 0, 1);
    expect(advantages(notes)).toEqual([a, b, null, d]);
    const [p, q, , s] = grpo(1, 0, 0, 1);
    expect(advantages(notes, { statistics: { ...by, value: 'original' } })).toEqual([p, q, null, s]);
    expect(advantages([], { excluded: { ...by, value: true } })).toEqual([null, null, null, null]);
  });

  it('counts a rollout without a reward for nothing until somebody gives it one', () => {
    const none = [{ total: 1 }, { total: null }, { total: 0 }];
    const before = effectiveGroup(none, [], {}, [], rule);
    expect(before.map(({ advantage }) => advantage)).toEqual([grpo(1, 0)[0], null, grpo(1, 0)[1]]);
    const after = effectiveGroup(none, [{}, { total: { ...by, value: 1 } }], {}, [], rule);
    expect(after.map(({ advantage }) => advantage)).toEqual(grpo(1, 1, 0));
  });

  it('is summed from components that all have weights only where the log has no totals', () => {
    const components = [
      { name: 'acc', weight: 1 },
      { name: 'format', weight: 0.5 },
    ];
    const fields = (acc: number, format: number) => ({ total: null, fields: { acc, format } });
    const log = [fields(1, 1), fields(0, 1), fields(Number.NaN, 1), fields(Number.NaN, Number.NaN), { total: null }];
    const told = effectiveGroup(log, [{}, { components: { acc: { ...by, value: 1 } } }], {}, components, rule);
    // A NaN does not apply, as TRL adds them; without any number there is no total.
    expect(told.map(({ total }) => total)).toEqual([1.5, 1.5, 0.5, null, null]);
    expect(told.map(({ from }) => from)).toEqual(['components', 'components', 'components', null, null]);
    expect(told.map(({ changed }) => changed)).toEqual([false, true, false, false, false]);
    expect(told.map(({ advantage }) => advantage).slice(0, 3)).toEqual(grpo(1.5, 1.5, 0.5));
    const unweighted = components.map(({ name }) => ({ name, weight: null }));
    expect(effectiveGroup(log, [], {}, unweighted, rule).every(({ total }) => total === null)).toBe(true);
    const logged = effectiveGroup([{ total: 7, fields: { acc: 1, format: 1 } }], [], {}, components, rule);
    expect(logged[0]).toMatchObject({ total: 7, from: 'log' });
  });

  it('follows a component only where the logged total is the sum of its components', () => {
    const components = [
      { name: 'acc', weight: 1 },
      { name: 'format', weight: 0.5 },
    ];
    const notes: RolloutNotes[] = [{ components: { acc: { ...by, value: 1 } } }];
    const total = (one: LoggedRewards, weights = components) =>
      effectiveGroup([one], notes, {}, weights, rule)[0]?.total;
    expect(total({ total: 0.5, fields: { acc: 0, format: 1 } })).toBe(1.5);
    expect(total({ total: 0.9, fields: { acc: 0, format: 1 } })).toBe(0.9);
    expect(total({ total: 0.5, fields: { format: 1 } })).toBe(0.5);
    expect(total({ total: 0.5 })).toBe(0.5);
    const unknown = components.map(({ name }) => ({ name, weight: null }));
    expect(effectiveGroup([{ total: 1, fields: { acc: 0, format: 1 } }], notes, {}, unknown, rule)[0]?.total).toBe(1);
  });
});
