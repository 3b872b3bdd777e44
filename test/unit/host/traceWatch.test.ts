import { expect, test } from 'vitest';
import type { TraceBackend } from '../../../src/host/traces/traceLink';
import { TraceSession, type TraceView } from '../../../src/host/traces/traceSession';

const view = (): TraceView => ({ emit: () => undefined, failed: () => undefined, recovered: () => undefined });
const none = { dispose: () => undefined };

test('a trace is looked at more often while any editor on it is in front', async () => {
  const asked: unknown[] = [];
  const opened = {
    traceId: 5,
    format: 'verl-dump',
    formatTitle: 'verl',
    reason: '',
    root: '/run',
    files: [],
    bytes: 1,
  };
  const backend: TraceBackend = {
    data: async (method, params) => {
      if (method === 'trace/watch') asked.push(params);
      return (method === 'trace/open' ? opened : null) as never;
    },
    onProgress: () => none,
    onScored: () => none,
    onSearched: () => none,
    onStale: () => none,
    onDataLost: () => none,
  };
  const session = new TraceSession('/run/1.jsonl', {
    backend,
    settings: () => ({}),
    recall: () => ({ frames: [], images: {}, datasetFiles: [], imageRoots: [], profile: null }) as never,
    remember: () => undefined,
    gaveUp: () => undefined,
    bug: (doing, error) => expect.fail(`${doing}: ${error}`),
  });
  const [first, second] = [view(), view()];
  const subscription = session.watch(first);
  session.watch(second);
  await session.link.whenOpen();
  const told = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return asked.splice(0).map((params) => (params as { visible: boolean }).visible);
  };
  // Opened behind another editor.
  expect(await told()).toEqual([false]);
  session.show(first, true);
  session.show(second, true);
  expect(await told()).toEqual([true]);
  session.show(second, false);
  expect(await told()).toEqual([]);
  subscription.dispose();
  expect(await told()).toEqual([false]);
  session.dispose();
});
