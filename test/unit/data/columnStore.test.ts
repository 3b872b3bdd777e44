import { expect, it } from 'vitest';
import { ColumnStore, mayNameResponses } from '../../../src/data/process/columns/columnStore';

it('names columns of responses that are still being read, and says that they are', () => {
  const store = new ColumnStore([]);
  store.add({ reward: 1, step: 3 }, '3.jsonl', null, 40);
  const about = () => store.infos().find(({ name }) => name === 'regions')?.about;
  expect(about()).toBeUndefined();
  store.measuring = true;
  expect(about()).toMatch(/could be read\. Responses are still being read/);
  expect(store.infos().find(({ name }) => name === 'reward')?.about).toBe('The logged total reward.');
  const measures = {
    badge: 'ok',
    regions: 2,
    regionArea: 9,
    areaOf: 'tool',
    turns: 1,
    toolCalls: 0,
    truncated: false,
  } as const;
  store.measure(0, measures, false);
  store.measuring = false;
  expect(about()).toBe('Boxes in the response that could be read.');
  expect(store.writtenAreas.at(0)).toBe(9);
});

it('takes a condition that might name such a column for one that does', () => {
  expect(mayNameResponses('reward > 0.5 AND step = 3')).toBe(false);
  expect(mayNameResponses('reward > 0 AND "Regions" > 2')).toBe(true);
});
