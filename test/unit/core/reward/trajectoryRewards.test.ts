import { describe, expect, it } from 'vitest';
import { isRetained, questionerReward, solverReward } from '../../../../src/core/reward/activeZeroReward';
import { answerOf, matchAnswer, ruleFor } from '../../../../src/core/reward/answerMatch';
import { clickSteps } from '../../../../src/core/reward/clickReward';
import { dialectFormatReward } from '../../../../src/core/reward/dialectFormat';
import { alignmentTerm, frameCountTerm, omniR1Total, overlapTerm } from '../../../../src/core/reward/omniR1Reward';
import { hasSignal, preferencePairs } from '../../../../src/core/reward/pairs';
import { toolRatio, toolRatioRewards } from '../../../../src/core/reward/toolRatioReward';

describe('clicks of SegAgent', () => {
  it('are worth what they add, and kept while the IoU grows', () => {
    expect(clickSteps([0.5, 0.75, 0.75, 0.5])).toEqual([
      { click: 0, iou: 0.5, improvement: 0.5, kept: true },
      { click: 1, iou: 0.75, improvement: 0.25, kept: true },
      { click: 2, iou: 0.75, improvement: 0, kept: false },
      { click: 3, iou: 0.5, improvement: -0.25, kept: false },
    ]);
    expect(clickSteps([0.5, 0.625], 0.25, 0.25).map(({ kept }) => kept)).toEqual([true, false]);
  });
});

describe('Active-Zero', () => {
  it('rewards the questioner most where half of the solvers agree', () => {
    expect(questionerReward(0.5, 1, 0)).toBeCloseTo(0.9 * 0.5 + 0.1, 12);
    expect(questionerReward(0.9, 1, 0.05)).toBeCloseTo(0.9 * 0.1 + 0.1 - 0.05, 12);
    expect(questionerReward(-1, 0, 0)).toBeCloseTo(-0.9, 12);
    expect(solverReward(1, 0)).toBeCloseTo(0.9, 12);
    expect([0.29, 0.3, 0.8, 0.81].map((s) => isRetained(s))).toEqual([false, true, true, false]);
  });
});

describe('Omni-R1', () => {
  it('counts frames up to four and then takes away', () => {
    expect([1, 4, 5, 7].map(frameCountTerm)).toEqual([0.4, 1.6, expect.closeTo(0.8, 12), 0]);
  });
  it('charges long descriptions and frames named twice', () => {
    expect(overlapTerm([[1], [2]])).toBe(0);
    expect(overlapTerm([[1, 2, 3], [3]])).toBeCloseTo(-0.4 - 0.5, 12);
  });
  it('aligns boxes of a frame by the best assignment and adds terms by the launch weights', () => {
    const a = { x1: 0, y1: 0, x2: 10, y2: 10 };
    const b = { x1: 20, y1: 0, x2: 30, y2: 10 };
    const half = { x1: 0, y1: 0, x2: 10, y2: 5 };
    expect(alignmentTerm([{ predicted: [b, a], truth: [a, b] }])).toBe(1);
    expect(
      alignmentTerm([
        { predicted: [half], truth: [a, b] },
        { predicted: [], truth: [] },
      ]),
    ).toBe(0.25);
    expect(alignmentTerm([])).toBeNaN();
    expect(omniR1Total({ keyframes: 1, ratio: Number.NaN, alignment: 0.5, global: 0.25 })).toBe(2);
  });
});

describe('adaptive pixel reasoning', () => {
  it('takes the excess of tool use off those that used one', () => {
    const group = [
      { usedTool: true, correct: true },
      { usedTool: true, correct: false },
      { usedTool: false, correct: true },
      { usedTool: false, correct: true },
    ];
    expect(toolRatio(group)).toBe(0.5);
    expect(toolRatioRewards(group, 0.2)).toEqual([expect.closeTo(0.7, 12), 0, 1, 1]);
  });
});

describe('an answer', () => {
  it('is the first or the last one, or what is boxed', () => {
    expect(answerOf('<answer>A</answer> no, <answer> B </answer>', 'first')).toBe('A');
    expect(answerOf('<answer>A</answer> no, <answer> B </answer>', 'last')).toBe('B');
    expect(answerOf('so \\boxed{\\frac{1}{2}} it is', 'last')).toBe('\\frac{1}{2}');
    expect(answerOf('no answer', 'last')).toBeNull();
  });
  it('is compared by a named rule, with both sides as compared', () => {
    expect(matchAnswer('The red kite.', 'red kite', 'exact')).toMatchObject({ score: 1, predicted: 'red kite' });
    expect(matchAnswer('(B) the kite', 'B', 'multipleChoice')).toMatchObject({
      score: 1,
      predicted: 'B',
      expected: 'B',
    });
    expect(matchAnswer('Answer: C', 'b', 'multipleChoice')).toMatchObject({ score: 0, predicted: 'C', expected: 'B' });
    expect(matchAnswer('about 1,200.5 km', '1200.5', 'number')).toMatchObject({ score: 1, predicted: '1200.5' });
    expect(matchAnswer('no number', '3', 'number')).toMatchObject({ score: 0, predicted: null });
    expect(matchAnswer('3', 'three', 'number').score).toBeNaN();
    expect(matchAnswer('a red big kite', 'red kite', 'f1').score).toBeCloseTo(0.8, 12);
  });
  it('gets the rule that fits its ground truth', () => {
    expect(['B', '(c).', '42', '12.5%', 'a dog'].map(ruleFor)).toEqual([
      'multipleChoice',
      'multipleChoice',
      'number',
      'number',
      'exact',
    ]);
  });
});

describe('format rewards of the dialects', () => {
  const thought = '<think>look</think>';
  it('find VLM-R1’s box behind a thought', () => {
    const good = `${thought}\n<answer>{"bbox_2d": [1, 2, 30, 40]}</answer>`;
    expect(dialectFormatReward(good, [good], 'vlm-r1-rec')).toBe(1);
    expect(dialectFormatReward(good.replace('30', '30.5'), [], 'vlm-r1-rec')).toBe(0);
    expect(dialectFormatReward(good.replace('{', '').replace('}', ''), [], 'vlm-r1-rec')).toBe(0);
    expect(dialectFormatReward(`${good} and more`, [], 'vlm-r1-rec')).toBe(1);
    expect(dialectFormatReward(`${good} and more`, [], 'r1')).toBe(0);
  });
  it('ask ERGO for one zoom and Mini-o3 for an answer in the end', () => {
    expect(dialectFormatReward(`${thought}<zoom>[1, 2, 3, 4]</zoom>`, [], 'ergo-zoom')).toBe(1);
    expect(dialectFormatReward(`${thought}<zoom>[1, 2, 3]</zoom>`, [], 'ergo-zoom')).toBe(0);
    const grounding = `${thought}<grounding>{"bbox_2d": [0, 0, 1, 1]}</grounding>`;
    const answer = `${thought}<answer>A</answer>`;
    expect(dialectFormatReward('', [grounding, answer], 'mini-o3')).toBe(1);
    expect(dialectFormatReward('', [grounding], 'mini-o3')).toBe(0);
  });
  it('read a hostile megabyte in no time', () => {
    for (const dialect of ['vlm-r1-rec', 'ergo-zoom', 'r1', 'boxed'] as const)
      expect(dialectFormatReward('<think></think> <answer>{['.repeat(40_000), [], dialect)).toBe(0);
  });
});

describe('preference pairs', () => {
  it('join the best with the worst, or every two that differ enough', () => {
    const rewards = [1, 3, Number.NaN, 2, 3];
    expect(preferencePairs(rewards, 0.5, 'bestWorst')).toEqual([{ chosen: 1, rejected: 0, margin: 2 }]);
    expect(preferencePairs(rewards, 1.5, 'all')).toEqual([
      { chosen: 1, rejected: 0, margin: 2 },
      { chosen: 4, rejected: 0, margin: 2 },
    ]);
    expect(preferencePairs([1, 1], 0, 'all')).toEqual([]);
  });
  it('DAPO drops groups without a difference', () => {
    expect([[1, 1, 1], [0, 0, Number.NaN], [0, 1], []].map(hasSignal)).toEqual([false, false, true, false]);
  });
});
