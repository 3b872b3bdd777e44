import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnInfo, TraceQuery } from '../../../src/protocol/query';
import { chipWords, parseEnd } from '../../../webview/filter/chipWords';
import { completions, namePart, sqlName } from '../../../webview/filter/completion';
import { columnsOf, queryWords } from '../../../webview/rollouts/filter/queryWords';

const query: TraceQuery = {
  chips: [
    { kind: 'range', column: 'reward', from: 0.5, to: null },
    { kind: 'range', column: 'step', from: 20, to: 20 },
    { kind: 'category', column: 'badge', values: ['malformed', ''] },
    { kind: 'text', text: 'kite', where: 'response', matchCase: false },
    { kind: 'lasso', x: 'reward', y: 'response_length', points: [] },
  ],
  where: 'iou >\n 0.5',
  sort: { column: 'iou', of: 'std', descending: false },
};

describe('a query in words', () => {
  it('says each condition and the order', () => {
    expect(query.chips.map(chipWords)).toEqual([
      'reward ≥ 0.5',
      'step = 20',
      'badge: malformed, (empty)',
      '“kite” in responses',
      'reward × response_length: drawn area',
    ]);
    expect(queryWords(query)).toMatch(/· WHERE iou > 0\.5 · sorted by std iou, lowest first$/);
  });

  it('names the columns that a trace must have for it', () => {
    expect(columnsOf(query)).toEqual(['reward', 'step', 'badge', 'response_length', 'iou']);
  });
});

describe('an end of a range', () => {
  it('is a number as people write it, or none', () => {
    expect(['', ' ', '0', '-1.5', '−2', '1,204', '1e-3'].map(parseEnd)).toEqual([null, null, 0, -1.5, -2, 1204, 0.001]);
    expect(parseEnd('half')).toBe('“half” is not a number.');
    expect(parseEnd('Infinity')).toContain('not a number');
  });
});

describe('columns to choose from while a condition is written', () => {
  const column = (name: string) => ({ name }) as ColumnInfo;

  it('are those that hold the word before the caret, outside of a text in quotes', () => {
    expect(namePart('rew', 3)).toEqual({ from: 0, text: 'rew' });
    expect(namePart('step > 2 AND iou', 16)).toEqual({ from: 13, text: 'iou' });
    expect(namePart('"iou re', 7)).toEqual({ from: 0, text: 'iou re' });
    expect(namePart("badge = 'mal", 12)).toBeNull();
    expect(namePart('step > 20', 9)).toBeNull();
    expect(completions(['area', 'mean_area', 'step'].map(column), 'AREA').map(({ name }) => name)).toEqual([
      'area',
      'mean_area',
    ]);
  });

  it('are quoted where SQL would read them otherwise', () => {
    expect(['reward', 'iou reward', 'order', 'Score', 'a"b', '2nd'].map(sqlName)).toEqual([
      'reward',
      '"iou reward"',
      '"order"',
      '"Score"',
      '"a""b"',
      '"2nd"',
    ]);
  });

  it('never lose what was written before them', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (where, at) => {
        const caret = Math.min(at, where.length);
        const part = namePart(where, caret);
        if (part !== null) expect(where.slice(part.from, caret).endsWith(part.text)).toBe(true);
      }),
    );
  });
});
