import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import type { DataLost } from '../../../src/host/traces/dataLink';
import { type TraceBackend, TraceLink } from '../../../src/host/traces/traceLink';
import { ChannelError } from '../../../src/protocol/channel';
import type { TraceProgress } from '../../../src/protocol/data';

type Answer = (method: string, params: { readonly traceId?: number }) => unknown;

/** A data child whose life the test decides about. */
class FakeData implements TraceBackend {
  readonly calls: string[] = [];
  answer: Answer = (method) => {
    if (method === 'trace/open') return this.opened();
    return method === 'trace/groups' ? [] : null;
  };
  private nextTrace = 1;
  private readonly progress = new Set<(progress: TraceProgress) => void>();
  private readonly stale = new Set<(traceId: number) => void>();
  private readonly lost = new Set<(lost: DataLost) => void>();

  data: TraceBackend['data'] = async (method, params) => {
    this.calls.push(method);
    return this.answer(method, params as { traceId?: number }) as never;
  };
  onProgress = (listener: (progress: TraceProgress) => void) => subscribe(this.progress, listener);
  onScored = () => ({ dispose: () => undefined });
  onSearched = () => ({ dispose: () => undefined });
  onStale = (listener: (traceId: number) => void) => subscribe(this.stale, listener);
  onDataLost = (listener: (lost: DataLost) => void) => subscribe(this.lost, listener);

  opened() {
    const traceId = this.nextTrace++;
    const format = 'verl-dump' as const;
    return { traceId, format, formatTitle: 'verl', reason: '', root: '/run', files: ['1.jsonl'], bytes: 10 };
  }
  report(traceId: number, groups: number, done: boolean): void {
    const counts = { bytesRead: 0, bytesTotal: 10, rollouts: groups * 8, samples: 0, measured: 0, groups, problems: 0 };
    for (const listen of this.progress)
      listen({ traceId, done, ...counts, sizesFrom: 0, sizes: new Uint32Array(groups) });
  }
  die(lost: Partial<DataLost> = {}): void {
    for (const listen of this.lost) listen({ detail: 'SIGKILL', cause: 'crash', startsAgain: true, ...lost });
  }
}

function subscribe<T>(set: Set<T>, listener: T) {
  set.add(listener);
  return { dispose: () => set.delete(listener) };
}

function link(data: FakeData) {
  const told: string[] = [];
  const made = new TraceLink('/run/1.jsonl', data, () => ({}), {
    progress: ({ groups }) => told.push(`progress ${groups}`),
    scored: () => undefined,
    searched: () => undefined,
    stale: () => told.push('stale'),
    lost: (_, gaveUp) => told.push(gaveUp ? 'gave up' : 'lost'),
    opened: (why) => told.push(why === 'first' ? 'opened' : 'opened again'),
    failed: (error) => told.push(`failed: ${error instanceof Error ? error.message : ''}`),
  });
  return { link: made, told };
}

const groups = { start: 0, count: 10 };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a trace in the data child', () => {
  test('reports that come before the id is known are kept, those of other traces are not', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    data.report(1, 3, false);
    data.report(77, 5, false);
    await trace.whenOpen();
    await settled();
    expect(told).toEqual(['progress 3', 'opened']);
  });

  test('a file that is no trace fails with its reason, also for those who ask', async () => {
    const data = new FakeData();
    data.answer = () => {
      throw new UserError('1.jsonl: no trace');
    };
    const { link: trace, told } = link(data);
    await expect(trace.ask('trace/groups', groups)).rejects.toThrow('1.jsonl: no trace');
    expect(told).toEqual(['failed: 1.jsonl: no trace']);
  });

  test('after a crash it is opened again, and answers once it is scanned as far as before', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    await trace.whenOpen();
    data.report(1, 100, true);
    data.die();
    let answered = false;
    const asked = trace.ask('trace/groups', groups).then(() => {
      answered = true;
    });
    await settled();
    data.report(2, 40, false);
    await settled();
    expect(answered).toBe(false);
    data.report(2, 100, false);
    await asked;
    expect(told).toEqual(['opened', 'progress 100', 'lost', 'progress 40', 'progress 100', 'opened again']);
  });

  test('a trace that shrank meanwhile answers when its scan is done', async () => {
    const data = new FakeData();
    const { link: trace } = link(data);
    await trace.whenOpen();
    data.report(1, 100, true);
    data.die();
    await settled();
    data.report(2, 4, true);
    expect((await trace.whenOpen()).traceId).toBe(2);
  });

  test('what was asked when the child died is asked again', async () => {
    const data = new FakeData();
    const { link: trace } = link(data);
    await trace.whenOpen();
    const usual = data.answer;
    data.answer = (method, params) => {
      if (method !== 'trace/groups' || params.traceId === 2) return usual(method, params);
      data.die();
      throw new ChannelError('disposed', 'the data process ended');
    };
    await expect(trace.ask('trace/groups', groups)).resolves.toEqual([]);
    expect(data.calls).toEqual(['trace/open', 'trace/groups', 'trace/open', 'trace/groups']);
  });

  test('a second crash right after is not tried again until the user restarts', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    await trace.whenOpen();
    data.die();
    await trace.whenOpen();
    data.die();
    await expect(trace.ask('trace/groups', groups)).rejects.toThrow(/Restart/);
    expect(told.at(-1)).toBe('gave up');
    data.die({ cause: 'restart', detail: 'restarted' });
    await expect(trace.ask('trace/groups', groups)).resolves.toEqual([]);
    expect(told.at(-1)).toBe('opened again');
  });

  test('a child that stays down is not waited for', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    await trace.whenOpen();
    data.die({ startsAgain: false });
    await expect(trace.whenOpen()).rejects.toThrow(/Restart/);
    expect(told.at(-1)).toBe('gave up');
  });

  test('what changes how rows are read opens the trace anew, and is shown once it is read as far as before', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    await trace.whenOpen();
    data.report(1, 5, true);
    let reopened = false;
    const done = trace.reopen().then(() => {
      reopened = true;
    });
    await Promise.resolve();
    data.report(1, 9, true);
    data.report(2, 3, false);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(reopened).toBe(false);
    data.report(2, 5, true);
    await done;
    expect(data.calls).toEqual(['trace/open', 'trace/open', 'trace/close']);
    expect(told).toEqual(['opened', 'progress 5', 'progress 3', 'progress 5', 'opened again']);
  });

  test('closing tells the child, and hears nothing more of it', async () => {
    const data = new FakeData();
    const { link: trace, told } = link(data);
    await trace.whenOpen();
    await trace.close();
    data.report(1, 5, true);
    data.die();
    expect(data.calls).toEqual(['trace/open', 'trace/close']);
    expect(told).toEqual(['opened']);
  });
});
