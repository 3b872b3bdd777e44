import { describe, expect, it } from 'vitest';
import { heatMarks, heatScale, heatStep } from '../../../webview/rollouts/turns/tokenHeat';

const steps = (kind: 'rewards' | 'logprobs', numbers: readonly number[]) => {
  const scale = heatScale(kind, numbers);
  return numbers.map((value) => heatStep(value, scale));
};

describe('the colour of a token', () => {
  it('is symmetric about zero, so that a sign never changes its side', () => {
    expect(steps('rewards', [-0.5, 0, 1])).toEqual([-3, 0, 5]);
  });

  it('shows what is small beside the largest, and nothing for nothing', () => {
    expect(steps('rewards', [0, 1e-9, 100, Number.NaN])).toEqual([0, 1, 5, 0]);
    expect(steps('rewards', [0, 0])).toEqual([0, 0]);
    expect(heatStep(Number.POSITIVE_INFINITY, heatScale('rewards', [1, Number.POSITIVE_INFINITY]))).toBe(5);
  });

  it('of a log-probability says how unlikely the token was, whatever the others were', () => {
    expect(steps('logprobs', [0, Math.log(0.5), -30])).toEqual([-0, -3, -5].map((step) => step || 0));
  });
});

describe('marks of tokens', () => {
  const track = { starts: [0, 3, 3, 7], rewards: [1, 2, -1, 0], logprobs: [-1, -2, -3, -4], values: null };

  it('end where the next token begins, and say all that is known of the token', () => {
    expect(heatMarks(track, 'rewards', 9)).toMatchObject([
      { span: { start: 0, end: 3 }, step: 3, title: 'reward 1.000 · log-probability −1.000' },
      { span: { start: 3, end: 7 }, step: -3 },
      { span: { start: 7, end: 9 }, step: 0 },
    ]);
  });

  it('stop at the end of a text that came cut', () => {
    expect(heatMarks(track, 'rewards', 5).map(({ span }) => span)).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 5 },
    ]);
    expect(heatMarks(track, 'values', 9)).toEqual([]);
  });
});
