import { expect, it } from 'vitest';
import { TypeAhead } from '../../../webview/ui/typeAhead';

const labels = ['File order', 'area', 'relativeArea', 'reviewed', 'reward', 'rewardSpread'];

/** Where letters lead that are typed `apart` milliseconds one after the other. */
function typed(word: string, apart: number, from = 0): string | undefined {
  const typeAhead = new TypeAhead();
  let at = from;
  [...word].forEach((letter, i) => {
    at = typeAhead.next(letter, labels, at, i * apart);
  });
  return labels[at];
}

it('finds a word by its first letters', () => {
  expect(typed('rew', 100)).toBe('reward');
  expect(typed('REWARDS', 100)).toBe('rewardSpread');
  expect(typed('f', 100, 3)).toBe('File order');
});

it('goes from label to label by one letter again and again, around the end', () => {
  expect(typed('rrr', 100)).toBe('reward');
  expect(typed('rrrrr', 100)).toBe('relativeArea');
});

it('begins anew after a pause', () => {
  expect(typed('ra', 1000)).toBe('area');
  expect(typed('ra', 100)).toBe('relativeArea');
});

it('stays where no label begins so', () => {
  expect(typed('rex', 100)).toBe('relativeArea');
  expect(typed('z', 100, -1)).toBe(undefined);
});
