import { expect, test } from 'vitest';
import { SavedFilters } from '../../../src/host/traces/savedFilters';
import { everything, type TraceQuery } from '../../../src/protocol/query';

function memento(start?: unknown) {
  let value = start;
  return {
    keys: () => ['saccade.filters'],
    get: () => value,
    update: async (_: string, next: unknown) => {
      value = structuredClone(next);
    },
  } as ConstructorParameters<typeof SavedFilters>[0];
}
const where = (condition: string): TraceQuery => ({ ...everything, where: condition });

test('filters are kept in the order they were first saved, one to a name', async () => {
  const filters = new SavedFilters(memento());
  await filters.save({ name: 'good', query: where('reward > 0.5') });
  await filters.save({ name: 'bad', query: where('reward < 0.1') });
  await filters.save({ name: 'good', query: where('reward > 0.9') });
  expect(filters.list().map(({ name, query }) => [name, query.where])).toEqual([
    ['good', 'reward > 0.9'],
    ['bad', 'reward < 0.1'],
  ]);
});

test('a new name replaces the filter that had it; a removed one is gone', async () => {
  const filters = new SavedFilters(memento());
  for (const name of ['a', 'b', 'c']) await filters.save({ name, query: where(name) });
  await filters.rename('a', 'c');
  expect(filters.list().map(({ name, query }) => [name, query.where])).toEqual([
    ['c', 'a'],
    ['b', 'b'],
  ]);
  await filters.rename('b', 'b');
  await filters.remove('c');
  expect(filters.list().map(({ name }) => name)).toEqual(['b']);
});

test('what another version wrote otherwise is left out', () => {
  const stored = [{ name: 'old', query: { chips: [{ kind: 'polar' }], where: '', sort: null } }, 7, null];
  expect(new SavedFilters(memento([...stored, { name: 'kept', query: everything }])).list()).toEqual([
    { name: 'kept', query: everything },
  ]);
  expect(new SavedFilters(memento('x')).list()).toEqual([]);
});
