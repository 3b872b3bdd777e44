import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LatestProgress } from '../../../src/cli/latestProgress';
import type { TraceProgress } from '../../../src/protocol/data';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A scan whose reports the test makes. */
function scan() {
  const listeners: ((progress: TraceProgress) => void)[] = [];
  const latest = new LatestProgress((listener) => listeners.push(listener));
  const report = (rollouts: number, done = false) => {
    const counts = {
      bytesRead: 0,
      bytesTotal: 0,
      samples: 0,
      measured: 0,
      groups: rollouts,
      problems: 0,
      sizesFrom: 0,
    };
    for (const listener of listeners) listener({ traceId: 1, done, rollouts, ...counts, sizes: new Uint32Array(0) });
  };
  const told: (number | 'end')[] = [];
  const ask = async (rows: number) => {
    const { rollouts, done } = await latest.scanned(rows);
    told.push(done ? 'end' : rollouts);
  };
  return { report, ask, told };
}

it('waits two seconds for the end of a scan, then goes on with as many rows as are asked for', async () => {
  const { report, ask, told } = scan();
  const asked = ask(10);
  report(40);
  await vi.advanceTimersByTimeAsync(1999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await asked;
  expect(told).toEqual([40]);
});

it('waits for rows that are not there yet, and takes the end of the scan whenever it comes', async () => {
  const { report, ask, told } = scan();
  const few = ask(100);
  report(40);
  await vi.advanceTimersByTimeAsync(5000);
  expect(told).toEqual([]);
  report(100);
  await few;
  const many = ask(1000);
  report(120, true);
  await many;
  expect(told).toEqual([100, 'end']);
});
