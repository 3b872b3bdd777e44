import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../src/core/geometry/box';
import { apAr, detectReward } from '../../../../src/core/reward/apAr';
import { assign } from '../../../../src/core/reward/assignment';
import { lookedShare, regionBudgetReward } from '../../../../src/core/reward/ergoReward';
import { iouReward } from '../../../../src/core/reward/iouReward';
import { confidenceReward, matchedIouReward } from '../../../../src/core/reward/matchedIouReward';
import { rewardIou } from '../../../../src/core/reward/rewardIou';
import { salienceIouReward } from '../../../../src/core/reward/salienceIouReward';
import { creditSteps, stepCreditReward } from '../../../../src/core/reward/stepCreditReward';

const box = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });
const named = (one: Box, label: string | null = null) => ({ box: one, label });

describe('each IoU convention', () => {
  const unit = box(10, 10, 11, 11);
  const cases: readonly [string, Box, Box, number, number, number][] = [
    // what, a, b, continuous, plusOne, vlmR1
    ['equal boxes 1 px wide', unit, unit, 1, 1, 0],
    ['equal boxes 10 px wide', box(0, 0, 10, 10), box(0, 0, 10, 10), 1, 1, 1],
    ['boxes that touch at an edge', box(0, 0, 10, 10), box(10, 0, 20, 10), 0, 11 / (121 + 121 - 11), 0],
    ['halves', box(0, 0, 10, 10), box(5, 0, 15, 10), 50 / 150, 66 / (242 - 66), 50 / 150],
    ['float corners', box(0.5, 0.5, 4.5, 4.5), box(0.5, 0.5, 2.5, 4.5), 0.5, 15 / 25, 0.5],
    // VLM-R1 takes corners as written: nothing is shared.
    ['swapped corners', box(10, 10, 0, 0), box(0, 0, 10, 10), 1, 1, 0],
  ];
  it.each(cases)('gives its own number for %s', (_, a, b, continuous, plusOne, vlmR1) => {
    expect(rewardIou(a, b, 'continuous')).toBeCloseTo(continuous, 12);
    expect(rewardIou(a, b, 'plusOne')).toBeCloseTo(plusOne, 12);
    expect(rewardIou(a, b, 'vlmR1')).toBeCloseTo(vlmR1, 12);
  });
});

describe('the IoU reward', () => {
  const truth = [box(0, 0, 10, 10)];
  it('is the first box’s, 0 without one, and NaN without ground truth', () => {
    expect(iouReward([box(5, 0, 15, 10), truth[0] as Box], truth, 'vlmR1')).toBeCloseTo(1 / 3, 12);
    expect(iouReward([], truth, 'vlmR1')).toBe(0);
    expect(iouReward(truth, [], 'vlmR1')).toBeNaN();
  });

  it('can be a threshold, or SegZero’s piecewise form', () => {
    const seven = [box(0, 0, 10, 7)];
    expect(iouReward(seven, truth, 'continuous', { kind: 'threshold', at: 0.7 })).toBe(0);
    expect(iouReward(seven, truth, 'continuous', { kind: 'threshold', at: 0.69 })).toBe(1);
    expect(iouReward(seven, truth, 'continuous', { kind: 'piecewise', at: 0.5, bonus: 0.4 })).toBeCloseTo(0.8, 12);
    expect(iouReward(truth, truth, 'continuous', { kind: 'piecewise', at: 0.5, bonus: 0.4 })).toBe(1);
    expect(iouReward([box(0, 0, 10, 4)], truth, 'continuous', { kind: 'piecewise', at: 0.5, bonus: 0.4 })).toBe(0);
  });
});

describe('Visual-RFT’s matching', () => {
  const truth = [box(0, 0, 10, 10), box(100, 100, 110, 110)];
  it('lets the most confident box choose first and divides by the larger count', () => {
    const near = { box: box(0, 0, 10, 8), confidence: 0.9 };
    const exact = { box: box(0, 0, 10, 10), confidence: 0.5 };
    // `near` takes the first true box; `exact` finds the other one only, which is far away.
    expect(matchedIouReward([exact, near], truth)).toBeCloseTo(0.8 / 2, 12);
    expect(confidenceReward([exact, near], truth)).toBeCloseTo((0.9 + (1 - 0.5)) / 2, 12);
  });
  it('counts equal boxes once, and an IoU at the threshold as none', () => {
    const half = { box: box(0, 0, 10, 5), confidence: 1 };
    expect(matchedIouReward([half, half], truth)).toBe(0);
    expect(matchedIouReward([], truth)).toBe(0);
    expect(matchedIouReward([half], [])).toBeNaN();
  });
});

describe('AP + AR of one rollout', () => {
  const truth = [named(box(0, 0, 10, 10), 'Kite'), named(box(20, 0, 30, 10), 'kite')];
  const hit = truth[0] as (typeof truth)[0];
  const other = truth[1] as (typeof truth)[0];
  const miss = named(box(50, 50, 60, 60), 'kite');

  it('are COCO’s 101 points with order for rank', () => {
    // Precision 1, 1/2, 2/3 at recall .5, .5, 1: 51 points at 1, 50 at 2/3.
    const { ap, ar } = apAr([hit, miss, other], truth);
    expect(ap).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12);
    expect(ar).toBe(1);
    // A miss first costs more than one in between.
    expect(apAr([miss, hit, other], truth).ap).toBeCloseTo(2 / 3, 12);
    expect(apAr([hit], truth)).toEqual({ ap: expect.closeTo(51 / 101, 12), ar: 0.5 });
  });

  it('are 0 for an empty prediction and NaN for an empty ground truth', () => {
    expect(detectReward([], truth)).toBe(0);
    expect(detectReward([hit], [])).toBeNaN();
    expect(detectReward(truth, truth)).toBeCloseTo(2, 12);
  });

  it('count a box found twice once', () => {
    expect(apAr([hit, hit], [hit])).toEqual({ ap: expect.closeTo(1, 12), ar: 1 });
    expect(apAr([hit, hit, other], truth).ap).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12);
  });

  it('with classes of the truth compare normalised labels, and an unknown label costs nothing', () => {
    const options = { iouThreshold: 0.5, classes: 'truth', maxDetections: 100 } as const;
    const dog = named(hit.box, 'dog');
    expect(apAr([{ ...hit, label: ' KITE ' }, dog, other], truth, options)).toEqual({
      ap: expect.closeTo(1, 12),
      ar: 1,
    });
    expect(apAr([dog], truth, options)).toEqual({ ap: 0, ar: 0 });
  });
});

describe('rewards whose papers release no code', () => {
  it('weigh each object’s best IoU by its salience', () => {
    const truth = [
      { box: box(0, 0, 10, 10), salience: 3 },
      { box: box(20, 0, 30, 10), salience: 1 },
      { box: box(90, 0, 99, 10), salience: 0 },
    ];
    expect(salienceIouReward([box(0, 0, 10, 5)], truth, 'continuous')).toBeCloseTo((3 * 0.5) / 4, 12);
    expect(salienceIouReward([], [{ box: box(0, 0, 1, 1), salience: 0 }], 'continuous')).toBeNaN();
  });

  it('credit a zoom once for the evidence it shows', () => {
    const evidence = [box(0, 0, 10, 10), box(50, 50, 60, 60)];
    const zooms = [box(0, 0, 20, 20), box(0, 0, 15, 15), box(200, 200, 220, 220), box(0, 0, 70, 70)];
    expect(creditSteps(zooms, evidence, 0.5).map(({ credit }) => credit)).toEqual([
      'correct',
      'redundant',
      'erroneous',
      'correct',
    ]);
    const values = { correct: 1, redundant: 0, erroneous: -1 };
    expect(stepCreditReward(zooms, evidence, 0.5, values)).toBe(0.25);
    expect(stepCreditReward([], evidence, 0.5, values)).toBe(0);
    expect(stepCreditReward(zooms, [], 0.5, values)).toBeNaN();
  });

  it('bound the pixels a policy spends', () => {
    const image = { width: 100, height: 100 };
    expect(regionBudgetReward([box(0, 0, 60, 100)], image, 0.6)).toBe(1);
    expect(regionBudgetReward([box(0, 0, 61, 100)], image, 0.6)).toBe(0);
    expect(regionBudgetReward([], image, 0.6)).toBe(0);
    expect(lookedShare([box(0, 0, 50, 100), box(0, 0, 50, 100)], image)).toBe(1);
  });
});

describe('the assignment', () => {
  it('is the best of all permutations', () => {
    const cell = fc.integer({ min: -20, max: 20 });
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
      );
    fc.assert(
      fc.property(matrix, (gains) => {
        const columns = gains[0]?.length ?? 0;
        const found = assign(gains);
        const taken = found.filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.length).toBe(Math.min(gains.length, columns));
        const sum = found.reduce((total, column, row) => total + (column < 0 ? 0 : (gains[row]?.[column] ?? 0)), 0);
        expect(sum).toBe(bestOf(gains, 0, new Set()));
      }),
    );
  });
});

/** By trying every choice; rows may stay free only when there are more of them than columns. */
function bestOf(gains: readonly (readonly number[])[], row: number, taken: ReadonlySet<number>): number {
  if (row === gains.length) return 0;
  const columns = gains[0]?.length ?? 0;
  const spare = gains.length - row - (columns - taken.size);
  let best = spare > 0 ? bestOf(gains, row + 1, taken) : Number.NEGATIVE_INFINITY;
  for (let column = 0; column < columns; column++) {
    if (taken.has(column)) continue;
    const rest = bestOf(gains, row + 1, new Set([...taken, column]));
    best = Math.max(best, (gains[row]?.[column] ?? 0) + rest);
  }
  return best;
}
