import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafPaths } from '../../../src/formats/messageGraph';

const node = (name: string, parent?: unknown) => ({ name, ...(parent === undefined ? {} : { parent }) }) as never;
const names = (nodes: unknown) => leafPaths(nodes as never).map((path) => path.map(({ name }) => name).join(''));

describe('a graph of messages', () => {
  it('is a path from a root to each leaf', () => {
    expect(names([node('a'), node('b', 0), node('c', 1), node('d', 0), node('e', 3)])).toEqual(['abc', 'ade']);
    expect(names([node('a'), node('b')])).toEqual(['a', 'b']);
    expect(names([])).toEqual([]);
  });

  it('ends wherever a parent is no earlier node', () => {
    expect(names([node('a', 1), node('b', 0), node('c', 2), node('d', -1), node('e', 'x'), node('f', 1)])).toEqual([
      'c',
      'd',
      'e',
      'abf',
    ]);
    expect(names([node('a'), null, node('b', 1), 7])).toEqual(['a', 'b']);
  });

  it('ends whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ parent: fc.integer({ min: -3, max: 30 }) }))),
        (nodes) => {
          for (const path of leafPaths(nodes as never)) expect(path.length).toBeLessThanOrEqual(nodes.length);
        },
      ),
    );
  });
});
