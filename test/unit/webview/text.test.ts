import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { leftovers, segments, type TextMark, textMarks } from '../../../webview/rollouts/turns/segments';
import { corners, decimal, json, logged, shortReward } from '../../../webview/rollouts/words';
import { fakeRollout } from '../../panelsPage/fakeRollouts';

const mark = (start: number, end: number, id: string | null = null): TextMark => ({
  kind: 'region',
  span: { start, end },
  id,
  title: '',
});

describe('text cut at its marks', () => {
  it('keeps every character, whatever marks lie over it', () => {
    const marks = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: -5, max: 60 })));
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), marks, (text, spans) => {
        const cut = segments(
          text,
          0,
          text.length,
          spans.map(([a, b]) => mark(Math.min(a, b), Math.max(a, b))),
        );
        expect(cut.map((segment) => segment.text).join('')).toBe(text);
        let at = 0;
        for (const segment of cut) {
          const over = spans.filter(
            ([a, b]) => Math.min(a, b) < at + segment.text.length && Math.max(a, b) > at && a !== b,
          );
          expect(segment.marks).toHaveLength(over.length);
          at += segment.text.length;
        }
      }),
    );
  });

  it('shows a mend inside the region it mends', () => {
    const cut = segments('ab{key}cd', 0, 9, [mark(2, 7, 'r0:0'), { ...mark(3, 6), kind: 'repair' }]);
    expect(cut.map(({ text, marks }) => [text, marks.map(({ kind }) => kind)])).toEqual([
      ['ab', []],
      ['{', ['region']],
      ['key', ['region', 'repair']],
      ['}', ['region']],
      ['cd', []],
    ]);
  });
});

describe('what is marked in a response', () => {
  const read = (response: string): Rollout => ({
    ...fakeRollout(0, 0, 0),
    response,
    ...parseResponse(response, { dialect: 'generic' }),
  });

  it('marks regions and mends where the parser found them', () => {
    const response = '<think>a</think><answer>[{"bbox_2d [1, 2, 30, 40]": "kites"}]</answer>';
    const marks = textMarks(read(response), 4);
    expect(marks.map(({ kind, id }) => [kind, id])).toEqual([
      ['region', 'r4:0'],
      ['repair', 'r4:0'],
    ]);
    expect(response.slice(marks[0]!.span.start, marks[0]!.span.end)).toContain('bbox_2d');
  });

  it('tells text beside thought and action, without their tags', () => {
    const rollout = read('Let me see. <think>a</think> I choose one. <answer>[{"bbox_2d": [1, 2, 3, 4]}]</answer>');
    expect(leftovers(rollout.response, rollout.turns[0]!)).toEqual(['Let me see.', 'I choose one.']);
  });
});

describe('numbers as a reader sees them', () => {
  it('never hides that a value is no finite number', () => {
    expect(decimal(Number.NaN)).toBe('not a number');
    expect(logged(Number.POSITIVE_INFINITY)).toBe('infinite');
    expect(shortReward(Number.NaN)).toBe('NaN');
    expect(shortReward(null)).toBe('–');
    expect(json({ a: [Number.NaN, Number.NEGATIVE_INFINITY, 1], b: 'NaN' })).toBe('{"a":[NaN,-Infinity,1],"b":"NaN"}');
  });

  it('cuts a list of one number per token, and says how many there are', () => {
    expect(logged(Array.from({ length: 2000 }, (_, i) => i))).toBe('[0, 1, 2, 3, 4, 5, 6, 7, … 2,000 in all]');
    expect(logged([1, 2])).toBe('[1,2]');
  });

  it('keeps three decimals, and more where they would all be zero', () => {
    expect(decimal(0.5)).toBe('0.500');
    expect(decimal(0)).toBe('0.000');
    expect(decimal(-0.00012)).toBe('−1.20e−4');
    expect(logged(0.1 + 0.2)).toBe('0.3');
    expect(corners({ x1: 0.1234567, y1: 12.349, x2: 30, y2: 40 })).toBe('0.123, 12.3, 30, 40');
  });
});
