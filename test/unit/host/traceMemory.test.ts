import { expect, test } from 'vitest';
import { TraceMemory } from '../../../src/host/traces/traceMemory';

function memento() {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: async (key: string, value: unknown) => {
      values.set(key, structuredClone(value));
    },
  };
}
type Memento = ConstructorParameters<typeof TraceMemory>[0];
const remembered = {
  frames: [],
  images: { key: { kind: 'file', path: '/a.png' } },
  datasetFiles: ['/train.parquet'],
  imageRoots: [],
  components: [{ name: 'iou', weight: 0.5 }],
  unsplit: ['1.jsonl'],
  profile: 'active-o3-paper',
  tool: 'deepeyes',
  compared: 7,
} as const;

test('what the user decided about a trace comes back, for that trace only', async () => {
  const memory = new TraceMemory(memento() as Memento);
  await memory.set('/run/1.jsonl', remembered);
  expect(memory.get('/run/1.jsonl')).toEqual(remembered);
  expect(memory.get('/run/2.jsonl').datasetFiles).toEqual([]);
});

test('what a version without components and turns wrote is kept', async () => {
  const state = memento();
  const { components: _, unsplit: __, ...older } = remembered;
  await state.update('saccade.traces', { '/run/1.jsonl': older });
  const found = new TraceMemory(state as Memento).get('/run/1.jsonl');
  expect(found).toEqual({ ...older, components: null, unsplit: [] });
});

test('what another version wrote is not believed', async () => {
  const state = memento();
  await state.update('saccade.traces', {
    '/run/1.jsonl': { frames: [{ spec: { kind: 'polar' } }] },
    '/run/2.jsonl': 7,
  });
  const memory = new TraceMemory(state as Memento);
  expect(memory.get('/run/1.jsonl').frames).toEqual([]);
  expect(memory.get('/run/2.jsonl').images).toEqual({});
});

test('the longest untouched is forgotten when there are too many', async () => {
  const memory = new TraceMemory(memento() as Memento);
  for (let i = 0; i < 501; i++) await memory.set(`/run/${i}.jsonl`, remembered);
  expect(memory.get('/run/0.jsonl').datasetFiles).toEqual([]);
  expect(memory.get('/run/500.jsonl')).toEqual(remembered);
});
