import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedySearch, type SearchPorts } from '../../../../src/core/click/greedySearch';
import { agreement } from '../../../../src/core/metric/agreement';
import { bestOfN } from '../../../../src/core/metric/bestOfN';
import { faithfulness, faithfulnessReport } from '../../../../src/core/metric/faithfulness';
import { judgeReports } from '../../../../src/core/metric/judges';

const times = (count: number, first: string, second: string) =>
  Array.from({ length: count }, () => [first, second] as const);

describe('agreement of a judge with a person', () => {
  it('is what Cohen computes of a table of counts', () => {
    // 20 and 15 agree, 5 and 10 do not: po = 0.7, pe = 0.5·0.6 + 0.5·0.4 = 0.5.
    const found = agreement([
      ...times(20, 'good', 'good'),
      ...times(5, 'good', 'bad'),
      ...times(10, 'bad', 'good'),
      ...times(15, 'bad', 'bad'),
    ]);
    expect(found).toMatchObject({ count: 50, labels: ['bad', 'good'] });
    expect(found.accuracy).toBeCloseTo(0.7, 12);
    expect(found.kappa).toBeCloseTo(0.4, 12);
    expect(found.confusion).toEqual([
      [15, 10],
      [5, 20],
    ]);
    expect(found.byLabel[0]).toEqual({ label: 'bad', precision: 0.75, recall: 0.6 });
  });

  it('is unknown for nothing, and κ where both say one thing only', () => {
    expect(agreement([])).toMatchObject({ count: 0, accuracy: null, kappa: null });
    expect(agreement(times(3, 'good', 'good'))).toMatchObject({ accuracy: 1, kappa: null });
    expect(agreement([...times(2, 'good', 'good'), ...times(2, 'good', 'bad')]).kappa).toBe(0);
  });
});

describe('best of N', () => {
  it('takes one without a score only where there is no other', () => {
    const silent = { score: Number.NaN, worth: 1 };
    expect(bestOfN([[silent, { score: -5, worth: 0 }]])?.chosen).toBe(0);
    expect(bestOfN([[silent, { ...silent, worth: 0 }]])?.chosen).toBe(0.5);
  });

  it('stands between chance and oracle for a verifier that knows something', () => {
    const group = [
      { score: 0.1, worth: 0 },
      { score: 0.9, worth: 1 },
      { score: 0.5, worth: 0 },
      { score: 0.95, worth: 0 },
    ];
    const found = bestOfN([group, []]);
    expect(found).toMatchObject({ groups: 1, chosen: 0, random: 0.25, oracle: 1 });
    // Of two at random the right one is chosen when it is not beside the one scored higher: 2 of 6 pairs.
    expect(found?.curve.map((value) => value.toFixed(4))).toEqual(['0.2500', '0.3333', '0.2500', '0.0000']);
    expect(bestOfN([])).toBeNull();
  });

  it('with one score for all is chance, and with the worth itself the oracle', () => {
    const worths = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(worths, (group) => {
        const blind = bestOfN([group.map((worth) => ({ score: 1, worth }))]);
        for (const value of blind?.curve ?? []) expect(value).toBeCloseTo(blind?.random ?? Number.NaN, 9);
        const knowing = bestOfN([group.map((worth) => ({ score: worth, worth }))]);
        expect(knowing?.chosen).toBeCloseTo(Math.max(...group), 9);
      }),
    );
  });
});

describe('greedy search', () => {
  /** A mask is a number, and a click adds its x; the model knows that 10 is meant. */
  const ports = (proposed: readonly (readonly number[])[]): SearchPorts<number> & { asked: number } => ({
    asked: 0,
    async propose() {
      const clicks = proposed[this.asked++] ?? [];
      return clicks.map((x) => (x === 0 ? { kind: 'finish' } : { kind: 'click', click: { x, y: 0, positive: x > 0 } }));
    },
    apply: async ({ mask }, { x }) => mask + x,
    score: async (mask) => 1 - Math.abs(10 - mask) / 10,
  });
  const signal = new AbortController().signal;

  it('goes on with the best of K and returns the best state of the way, not the last', async () => {
    const found = await greedySearch(
      0,
      { steps: 3, candidates: 2 },
      ports([
        [2, 6, 9],
        [3, 9],
        [5, 7],
      ]),
      signal,
    );
    expect(found.path.map(({ mask }) => mask)).toEqual([0, 6, 9, 14]);
    expect(found).toMatchObject({ best: 2, end: 'spent' });
  });

  it('ends when the policy finishes, or names nothing that can be clicked', async () => {
    const rules = { steps: 5, candidates: 2 };
    expect(await greedySearch(0, rules, ports([[4], [0, 0]]), signal)).toMatchObject({ best: 1, end: 'finished' });
    expect(await greedySearch(0, rules, ports([[4]]), signal)).toMatchObject({ best: 1, end: 'stuck' });
    // One finish among clicks is one voice of two.
    expect((await greedySearch(0, { steps: 1, candidates: 2 }, ports([[0, 4]]), signal)).path).toHaveLength(2);
  });

  it('does not go on once it is cancelled', async () => {
    const control = new AbortController();
    control.abort();
    await expect(greedySearch(0, { steps: 1, candidates: 1 }, ports([[1]]), control.signal)).rejects.toThrow();
  });
});

describe('faithfulness', () => {
  const rollout = (right: boolean | null, ...changed: readonly ('blank' | 'blurred' | 'thought' | null)[]) => ({
    right,
    probes: (['blank', 'blurred', 'thought'] as const).map((kind) => ({
      kind,
      changed: changed.includes(kind),
      right: right === null ? null : changed.includes(kind) ? !right : right,
    })),
  });

  it('is the share of changed evidence that the answer follows', () => {
    expect(faithfulness(rollout(true, 'blank', 'blurred'))).toEqual({ visual: 1, textual: 0 });
    expect(faithfulness(rollout(true, 'thought'))).toEqual({ visual: 0, textual: 1 });
    expect(faithfulness({ probes: [] })).toEqual({ visual: null, textual: null });
  });

  it('of a file counts each rollout once and says which answers were lost', () => {
    const report = faithfulnessReport([
      rollout(true, 'blank'),
      rollout(false, 'blank', 'blurred'),
      { right: true, probes: [] },
    ]);
    expect(report).toMatchObject({ rollouts: 2, visual: 0.75, textual: 0 });
    expect(report?.kinds[0]).toEqual({ kind: 'blurred', probes: 2, changed: 1, lost: 0, gained: 1 });
    expect(report?.kinds.find(({ kind }) => kind === 'blank')).toMatchObject({ changed: 2, lost: 1, gained: 1 });
    expect(faithfulnessReport([])).toBeNull();
  });
});

describe('judges beside people', () => {
  const judged = (group: number, person: -1 | 1 | null, labels: readonly (-1 | 0 | 1)[], worth: number | null) => ({
    group,
    worth,
    people: new Map(person === null ? [] : [[0, person] as const]),
    judges: new Map([['prm', new Map(labels.entries())]]),
  });

  it('are compared on turns that both labelled, and choose among the rollouts of a group', () => {
    const [report] = judgeReports([
      judged(1, 1, [1, 1], 1),
      judged(1, -1, [1, -1], 0),
      judged(2, null, [-1, -1], 1),
      judged(2, -1, [-1, 0], 0),
      judged(3, null, [1], 1),
      judged(3, null, [1], null),
    ]);
    expect(report).toMatchObject({ judge: 'prm', rollouts: 6, people: { count: 3, labels: ['right', 'wrong'] } });
    expect(report?.people?.confusion).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(report?.bestOfN).toMatchObject({ groups: 2, chosen: 0.5, random: 0.5, oracle: 1 });
  });

  it('are none where nobody judged, and stand alone where no person did', () => {
    expect(judgeReports([{ group: 0, worth: 1, people: new Map([[0, 1]]), judges: new Map() }])).toEqual([]);
    expect(judgeReports([judged(1, null, [1], 1)])).toMatchObject([{ people: null, bestOfN: null }]);
  });
});
