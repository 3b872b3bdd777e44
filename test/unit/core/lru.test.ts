import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lru } from '../../../src/core/collections/lru';

it('lets go of what was used longest ago once the budget is spent', () => {
  const cache = new Lru<string, number>(3);
  cache.set('a', 1, 1);
  cache.set('b', 2, 1);
  cache.set('c', 3, 1);
  expect(cache.get('a')).toBe(1);
  cache.set('d', 4, 1);
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([1, undefined, 3, 4]);
});

it('does not keep what is heavier than its budget, nor what stood under that key before', () => {
  const cache = new Lru<string, number>(3);
  cache.set('a', 1, 1);
  cache.set('a', 2, 4);
  expect(cache.get('a')).toBeUndefined();
});

it('does what a plain list of entries does, whatever is asked of it', () => {
  const key = fc.integer({ min: 0, max: 6 });
  const step = fc.oneof(
    fc.record({ ask: fc.constant('get' as const), key }),
    fc.record({ ask: fc.constant('set' as const), key, weight: fc.integer({ min: 0, max: 6 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new Lru<number, number>(10);
      let plain: { key: number; value: number; weight: number }[] = [];
      steps.forEach((asked, value) => {
        const known = plain.find((entry) => entry.key === asked.key);
        if (asked.ask === 'get') {
          expect(cache.get(asked.key)).toBe(known?.value);
          if (known !== undefined) plain = [...plain.filter((entry) => entry !== known), known];
          return;
        }
        cache.set(asked.key, value, asked.weight);
        plain = [...plain.filter((entry) => entry !== known), { key: asked.key, value, weight: asked.weight }];
        while (plain.reduce((sum, { weight }) => sum + weight, 0) > 10) plain.shift();
      });
      for (const { key, value } of plain) expect(cache.get(key)).toBe(value);
    }),
  );
});
