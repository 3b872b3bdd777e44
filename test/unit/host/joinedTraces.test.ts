import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import type { ImageSetLink } from '../../../src/host/editors/dataset/imageSetLink';
import { JoinedTraces } from '../../../src/host/editors/dataset/rollouts/joinedTraces';
import { RolloutsMemory } from '../../../src/host/editors/dataset/rollouts/rolloutsMemory';
import { datasetOf } from '../../../src/policy/job/checkpoint';
import type { TraceProgress } from '../../../src/protocol/data';

vi.mock('vscode', () => ({}));

const groups = { file: 2, content: 0, name: 0, ambiguous: 0, different: 0, absent: 0, missing: 0 };
const nothing = { dispose: () => undefined };
const patient = { timeout: 10_000 };

/** A data child that opens every trace but `/gone`, and joins at once. */
class FakeChild {
  /** Traces of each join, by id. */
  readonly joins: number[][] = [];
  private readonly ids = new Map<string, number>();
  private progress: (progress: TraceProgress) => void = () => undefined;

  readonly backend = {
    data: async (method: string, { path = '' }: { readonly path?: string }) => {
      if (method !== 'trace/open') return null;
      if (path === '/gone') throw new UserError('There is no such file.');
      const traceId = this.ids.get(path) ?? this.ids.size + 1;
      this.ids.set(path, traceId);
      return { traceId, format: 'verl-dump' };
    },
    onProgress: (listener: (progress: TraceProgress) => void) => {
      this.progress = listener;
      return nothing;
    },
    onScored: () => nothing,
    onSearched: () => nothing,
    onStale: () => nothing,
    onDataLost: () => nothing,
    onJoining: () => nothing,
  } as never;

  readonly link = {
    whenOpen: async () => ({ setId: 1 }),
    ask: async (_method: string, { traces }: { readonly traces: readonly number[] }) => {
      this.joins.push([...traces]);
      const told = traces.map((traceId) => ({ traceId, groups, rollouts: 4, rewarded: 4, pass: null }));
      return { traces: told, images: 2, uncompared: 0 };
    },
  } as unknown as ImageSetLink;

  grow(traceId: number, rollouts: number): void {
    const none = { bytesRead: 1, bytesTotal: 1, samples: 0, problems: 0, sizesFrom: 0, sizes: new Uint32Array(0) };
    this.progress({ ...none, traceId, done: true, rollouts, measured: rollouts, groups: rollouts });
  }
}

function memory(): RolloutsMemory {
  const values = new Map<string, unknown>();
  return new RolloutsMemory({
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, structuredClone(value)),
  } as never);
}

function joinedWith(child: FakeChild, remembered: RolloutsMemory): JoinedTraces {
  return new JoinedTraces('/set.json', child.link, {
    backend: child.backend,
    overrides: () => ({}),
    recall: () => remembered.get('/set.json'),
    remember: (now) => void remembered.set('/set.json', now),
    bug: (doing, error) => expect.fail(`${doing}: ${String(error)}`),
  });
}

test('traces that were chosen are joined again, looked through as they grow, and gone when nobody wants them', async () => {
  const remembered = memory();
  const before = joinedWith(new FakeChild(), remembered);
  before.choose(['/run/1.jsonl'], 0.5);
  await before.settled();
  before.dispose();
  expect(remembered.setsWith('/run/1.jsonl')).toEqual(['/set.json']);

  const child = new FakeChild();
  const joined = joinedWith(child, remembered);
  await joined.settled();
  expect(joined.state).toMatchObject({ passes: 0.5, images: 2, traces: [{ name: 'run/1.jsonl', found: { groups } }] });
  const { version } = joined.state;
  child.grow(1, 8);
  await vi.waitFor(() => expect(child.joins).toEqual([[1], [1]]), patient);
  await joined.settled();
  expect(joined.state.version).toBeGreaterThan(version);
  // What was read before is no growth.
  child.grow(1, 8);
  joined.choose([], null);
  await joined.settled();
  expect(child.joins).toEqual([[1], [1], []]);
  expect(joined.state.traces).toEqual([]);
  expect(remembered.setsWith('/run/1.jsonl')).toEqual([]);
  joined.dispose();
});

test('a trace that does not open says why, and the others are joined', async () => {
  const child = new FakeChild();
  const joined = joinedWith(child, memory());
  joined.choose(['/gone', '/run/1.jsonl'], null);
  await joined.settled();
  expect(joined.state.traces).toMatchObject([
    { path: '/gone', failure: 'There is no such file.', found: null },
    { path: '/run/1.jsonl', failure: null, found: { rollouts: 4 } },
  ]);
  expect(() => joined.trace(99)).toThrow('no longer shown');
  joined.dispose();
});

test('what kept traces from being looked through is forgotten once they were', async () => {
  const child = new FakeChild();
  const { ask } = child.link;
  const refusals = [new UserError('The set did not open.')];
  const link = {
    whenOpen: async () => ({ setId: 1 }),
    ask: (...asked: Parameters<typeof ask>) => {
      const refusal = refusals.pop();
      return refusal === undefined ? ask(...asked) : Promise.reject(refusal);
    },
  };
  const joined = joinedWith(Object.assign(child, { link: link as never }), memory());
  joined.choose(['/run/1.jsonl'], null);
  await joined.settled();
  expect(joined.state.traces).toMatchObject([{ failure: 'The set did not open.', found: null }]);
  joined.refresh();
  await vi.waitFor(() => expect(joined.state.traces).toMatchObject([{ failure: null, found: { groups } }]), patient);
  joined.dispose();
});

test('who waits for a search is let go when the set is closed over it', async () => {
  const child = new FakeChild();
  let asked = () => undefined as unknown;
  const asking = new Promise((resolve) => {
    asked = () => resolve(null);
  });
  const never = {
    whenOpen: async () => ({ setId: 1 }),
    ask: (_method: string, _params: object, { signal }: { readonly signal: AbortSignal }) => {
      asked();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const joined = joinedWith(Object.assign(child, { link: never as never }), memory());
  joined.choose(['/run/1.jsonl'], null);
  const settled = joined.settled();
  await asking;
  joined.dispose();
  await settled;
  expect(child.joins).toEqual([]);
});

test('the dataset that a job sampled stands in its record; anything else beside a trace says nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-job-'));
  try {
    const trace = join(folder, 'rollouts.jsonl');
    expect(await datasetOf(trace)).toBeNull();
    await writeFile(
      `${trace}.done`,
      `${JSON.stringify({ saccade: 'policy-job/1', dataset: '/data/set.json' })}\n0 0 9\n`,
    );
    expect(await datasetOf(trace)).toBe('/data/set.json');
    await writeFile(`${trace}.done`, 'done\n');
    expect(await datasetOf(trace)).toBeNull();
    await writeFile(`${trace}.done`, JSON.stringify({ saccade: 'policy-job/1', dataset: ['/data'] }));
    expect(await datasetOf(trace)).toBeNull();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
