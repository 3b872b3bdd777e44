import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyArray, freeze, type Registry, thaw } from '../../../src/data/process/cache/freeze';

class Inner {
  numbers = new Float64Array(8);
  size = 0;
}

class Outer {
  readonly inner = new Inner();
  readonly byName = new Map<string, { inner: Inner | null; seen: unknown }>();
  readonly list: unknown[] = [];
  readonly compute = () => this.inner.size;
  handle: unknown = null;
}

const registry: Registry = { outer: { type: Outer, without: ['handle'] }, inner: { type: Inner } };

/** Through bytes and back, as an index on disk does. */
function copied(from: Outer, into = new Outer()): Outer {
  const { tree, arrays, contents } = freeze(from, registry);
  const read = arrays.map((frozen, i) => {
    const { array, into: bytes } = emptyArray(frozen);
    bytes.set(contents[i]!);
    return array;
  });
  thaw(deserialize(serialize(tree)), read, registry, into);
  return into;
}

describe('tables that are kept', () => {
  it('come back as they were, in the objects that were there, with classes, Maps and numbers', () => {
    const plain = fc.jsonValue({ maxDepth: 2 });
    const made = fc.array(fc.tuple(fc.string(), fc.option(fc.array(fc.double(), { maxLength: 6 })), plain), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(made, (entries) => {
        const from = new Outer();
        for (const [name, numbers, seen] of entries) {
          const inner = numbers === null ? null : new Inner();
          inner?.numbers.set(numbers ?? []);
          from.byName.set(name, { inner, seen });
          from.list.push(inner, seen);
        }
        from.handle = Symbol('not kept');
        const into = new Outer();
        const { inner, byName } = into;
        expect(copied(from, into)).toEqual({ ...from, compute: into.compute, handle: null });
        expect([into.inner, into.byName]).toEqual([inner, byName]);
        expect(into.inner).toBe(inner);
        expect(into.byName).toBe(byName);
        for (const { inner: one } of byName.values()) if (one !== null) expect(one).toBeInstanceOf(Inner);
      }),
      { numRuns: 200 },
    );
  });

  it('keep an object that stands at two places one object, and no zeros at the end of numbers', () => {
    const from = new Outer();
    const shared = { at: 1 };
    from.list.push(shared, shared);
    from.inner.numbers.set([0, 5, 0]);
    const { arrays } = freeze(from, registry);
    expect(arrays).toEqual([{ type: 'Float64Array', length: 8, bytes: 16 }]);
    const { list } = copied(from);
    expect(list[0]).toBe(list[1]);
  });

  it('are refused where one of them is of a class that nobody named', () => {
    const from = new Outer();
    from.list.push(new Date());
    expect(() => freeze(from, registry)).toThrow('an index cannot keep a Date');
  });

  it('are refused in another shape than the one they go into', () => {
    const { tree, arrays } = freeze(new Inner(), registry);
    expect(() =>
      thaw(
        tree,
        arrays.map((one) => emptyArray(one).array),
        registry,
        new Outer(),
      ),
    ).toThrow(TypeError);
  });
});
