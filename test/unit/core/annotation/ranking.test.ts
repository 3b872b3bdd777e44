import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNoteAt } from '../../../../src/core/annotation/noteShapes';
import { moveInRanking, preferTo, type Ranking, rankLevels, ranksOf } from '../../../../src/core/annotation/ranking';
import { rankedPairs } from '../../../../src/core/reward/pairs';

/** `a b=c d` for a first, b and c second, d fourth. */
const words = (ranking: Ranking) =>
  rankLevels(ranking)
    .map((level) => level.join('='))
    .join(' ');
const read = (text: string): Ranking => (text === '' ? [] : text.split(' ').map((level) => level.split('=')));

describe('a ranking', () => {
  it('counts as in sports: of two firsts the next is third', () => {
    const ranks = ranksOf(['a', ['b', 'c'], 'd']);
    expect([...ranks].map(([key, { rank, tied }]) => `${key}${rank}${tied ? '=' : ''}`)).toEqual([
      'a1',
      'b2=',
      'c2=',
      'd4',
    ]);
  });

  it.each([
    ['', 'x', -1, 'x'],
    ['a', 'x', -1, 'a x'],
    ['a x', 'x', -1, 'a=x'],
    ['a=x', 'x', -1, 'x a'],
    ['x a', 'x', -1, 'x a'],
    ['x a', 'x', 1, 'a=x'],
    ['a=x', 'x', 1, 'a x'],
    ['a x', 'x', 1, 'a'],
    ['a', 'x', 1, 'a'],
    ['a b=x c', 'x', -1, 'a x b c'],
    ['a b=x c', 'x', 1, 'a b x c'],
  ] as const)('from "%s" %s goes by %i to "%s"', (from, key, direction, to) => {
    expect(words(moveInRanking(read(from), key, direction))).toBe(to);
  });

  it.each([
    ['', 'b', ['a', 'b', 'c'], 'b a=c'],
    ['', 'b', ['a'], 'b a'],
    ['a b', 'b', ['a'], 'b a'],
    ['b a', 'b', ['a'], 'b a'],
    ['a=b', 'b', ['a'], 'b a'],
    ['a c b', 'b', ['c'], 'a b c'],
    ['b a', 'b', ['a', 'd'], 'b a d'],
    ['a', 'b', ['c'], 'a b c'],
  ] as const)('"%s" with %s preferred to %j is "%s"', (from, key, over, to) => {
    expect(words(preferTo(read(from), key, over))).toBe(to);
  });

  it('never loses another rollout, nor ranks one twice, and is always what a sidecar takes', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.record({ key, over: fc.uniqueArray(key), how: fc.constantFrom(-1, 1, 0) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let ranking: Ranking = [];
        for (const one of steps) {
          const before = rankLevels(ranking).flat();
          ranking =
            one.how === 0 ? preferTo(ranking, one.key, one.over) : moveInRanking(ranking, one.key, one.how as -1 | 1);
          const after = rankLevels(ranking).flat();
          expect(new Set(after).size).toBe(after.length);
          for (const other of before) if (other !== one.key) expect(after).toContain(other);
          if (one.how === 0) {
            const rank = (name: string) => ranksOf(ranking).get(name)?.rank ?? Number.NaN;
            for (const other of one.over) if (other !== one.key) expect(rank(one.key)).toBeLessThan(rank(other));
          }
        }
        const value = { author: 'Ada', time: '', value: ranking };
        expect(isNoteAt('group', ['ranking'], value)).toBe(true);
      }),
    );
  });

  it('makes pairs whatever the rewards say; they choose among equals', () => {
    const rewards: Readonly<Record<string, number>> = { a: 0, b: 5, c: Number.NaN, d: 9, e: 1 };
    const reward = (key: string) => rewards[key] ?? Number.NaN;
    const levels = rankLevels([['a', 'b'], 'c', ['d', 'e']]);
    expect(rankedPairs(levels, reward, 'bestWorst')).toEqual([['b', 'e']]);
    const all = rankedPairs(levels, reward, 'all').map((pair) => pair.join(''));
    expect(all).toEqual(['ad', 'ae', 'bd', 'be', 'ac', 'bc', 'cd', 'ce']);
    expect(rankedPairs(rankLevels([['a', 'b']]), reward, 'bestWorst')).toEqual([]);
  });
});
