import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { type TextDiff, textDiff, turnPairs } from '../../../webview/rollouts/diff/textDiff';

const side = ({ parts }: TextDiff, of: 'removed' | 'added') =>
  parts
    .filter(({ kind }) => kind === 'same' || kind === of)
    .map(({ text }) => text)
    .join('');

describe('a comparison of two texts', () => {
  it('tells words that only one of them has', () => {
    const { by, parts } = textDiff('I look at the left kite, then answer.', 'I look at the right kite, then answer.');
    expect(by).toBe('words');
    expect(parts).toEqual([
      { kind: 'same', text: 'I look at the ' },
      { kind: 'removed', text: 'left' },
      { kind: 'added', text: 'right' },
      { kind: 'same', text: ' kite, then answer.' },
    ]);
  });

  it('does not take a lone blank or short word for something in common', () => {
    expect(textDiff('see many of them there', 'ask about all of those here').parts).toEqual([
      { kind: 'removed', text: 'see many of them there' },
      { kind: 'added', text: 'ask about all of those here' },
    ]);
  });

  it('loses nothing of either text', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '0.5', '。', '😀', '<x>')).map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const diff = textDiff(a, b);
        expect([side(diff, 'removed'), side(diff, 'added')]).toEqual([a, b]);
      }),
    );
  });

  it('of long texts is by lines, and of long ones without anything in common there is none', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a long response\n`);
    const changed = lines.with(777, 'another line\n');
    const long = textDiff(lines.join(''), changed.join(''));
    expect(long.by).toBe('lines');
    expect(long.parts.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'line 777 of a long response\n' },
      { kind: 'added', text: 'another line\n' },
    ]);
    const other = Array.from({ length: 20_000 }, (_, i) => `nothing ${i} in common\n`).join('');
    const apart = textDiff(lines.join(''), other);
    expect(apart.by).toBe('whole');
    expect([side(apart, 'removed').length, side(apart, 'added')]).toEqual([lines.join('').length, other]);
  });
});

describe('turns of two responses', () => {
  const response = (turns: readonly (readonly ['assistant' | 'tool', string])[]): Rollout => {
    let at = 0;
    const made = turns.map(([role, text], index) => {
      const span = { start: at, end: at + text.length };
      at = span.end;
      return { role, index, span };
    });
    return { response: turns.map(([, text]) => text).join(''), turns: made } as unknown as Rollout;
  };

  it('are paired by role, and one that only one of them has stands alone', () => {
    const a = response([
      ['assistant', 'zoom'],
      ['tool', 'crop'],
      ['assistant', 'answer'],
    ]);
    const b = response([['assistant', 'answer']]);
    expect(turnPairs(a, b).map(({ role, turn, only, a: left, b: right }) => [role, turn, only, left, right])).toEqual([
      ['assistant', 0, null, 'zoom', 'answer'],
      ['tool', 1, 'a', 'crop', ''],
      ['assistant', 2, 'a', 'answer', ''],
    ]);
    expect(turnPairs({ response: 'x', turns: [] }, b)).toHaveLength(1);
  });
});
