import { expect, test } from 'vitest';
import { compareLogged } from '../../../../src/core/reward/scoring/compareLogged';
import type { Scored } from '../../../../src/core/reward/scoring/component';
import type { RolloutScore } from '../../../../src/core/reward/scoring/scoreRollout';

const value = (number: number): Scored => ({ kind: 'value', value: number });
const missing: Scored = { kind: 'missing', reason: 'There is no image.' };
const score = (parts: Readonly<Record<string, Scored>>, total: Scored): RolloutScore => ({
  components: Object.entries(parts).map(([name, scored]) => ({ name, weight: 1, scored })),
  total,
});

test('a component meets the column of its name, or of that name as trainers log reward functions', () => {
  const fields = [
    { name: 'accuracy_reward', value: 1 },
    { name: 'format', value: false },
    { name: 'coverage', value: 0.5 },
  ];
  const { components, total, differs } = compareLogged(
    { fields, reward: 2 },
    score({ accuracy: value(1), format: value(1), coverage: missing, iou: value(0) }, missing),
  );
  expect(components.map(({ column, logged, verdict }) => [column, logged, verdict])).toEqual([
    ['accuracy_reward', 1, { kind: 'equal' }],
    ['format', 0, { kind: 'differs', by: 1 }],
    ['coverage', 0.5, { kind: 'notRecomputable', reason: 'There is no image.' }],
    [null, null, { kind: 'notLogged' }],
  ]);
  expect(total.verdict.kind).toBe('notRecomputable');
  expect(differs).toBe(true);
});

test('a rollout of which nothing can be compared neither differs nor agrees', () => {
  expect(compareLogged({ fields: [], reward: null }, score({ a: value(1) }, value(1))).differs).toBeNull();
  expect(compareLogged({ fields: [], reward: 1 }, score({ a: missing }, missing)).differs).toBeNull();
  expect(compareLogged({ fields: [], reward: 1 }, score({ a: value(1) }, value(1))).differs).toBe(false);
});
