import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProgressRelay } from '../../../src/host/traces/progressRelay';
import type { TraceProgress } from '../../../src/protocol/data';

function report(groups: number, sizesFrom: number, sizes: readonly number[], done = false): TraceProgress {
  const rollouts = groups * 8;
  const bytes = { bytesRead: rollouts, bytesTotal: 1000 };
  return {
    traceId: 1,
    done,
    ...bytes,
    rollouts,
    samples: 0,
    measured: 0,
    groups,
    problems: 0,
    sizesFrom,
    sizes: Uint32Array.from(sizes),
  };
}

describe("a scan's progress on its way to the editors", () => {
  let sent: TraceProgress[] = [];
  let relay: ProgressRelay;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    relay = new ProgressRelay((progress) => sent.push(progress));
  });
  afterEach(() => {
    relay.dispose();
    vi.useRealTimers();
  });

  test('the first report goes out at once: first rows must not wait', () => {
    relay.take(report(1, 0, [8]));
    expect(sent.map(({ groups }) => groups)).toEqual([1]);
  });

  test('a burst becomes one event that covers every size in it', () => {
    relay.take(report(1, 0, [3]));
    relay.take(report(2, 0, [8, 1]));
    relay.take(report(4, 2, [8, 8]));
    relay.take(report(4, 3, [9]));
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ groups: 4, sizesFrom: 0, sizes: Uint32Array.of(8, 1, 8, 9) });
  });

  test('the end is told without delay, and nothing follows it', () => {
    relay.take(report(1, 0, [8]));
    relay.take(report(2, 1, [8], true));
    expect(sent.at(-1)).toMatchObject({ done: true, groups: 2, sizesFrom: 1 });
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(2);
  });

  test('an editor that opens later gets all sizes, in a buffer of their own', () => {
    for (let group = 0; group < 3000; group++) relay.take(report(group + 1, group, [group]));
    const whole = relay.whole();
    expect(whole?.sizesFrom).toBe(0);
    expect(whole?.sizes).toEqual(Uint32Array.from({ length: 3000 }, (_, i) => i));
    expect(whole?.sizes.buffer.byteLength).toBe(3000 * 4);
  });

  test('while a trace is opened again nothing is told, so that counts are not seen to fall', () => {
    relay.take(report(4, 0, [8, 8, 8, 8]));
    relay.restart({ hold: true });
    relay.take(report(1, 0, [8]));
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
    relay.take(report(4, 1, [8, 8, 8]));
    relay.release();
    expect(sent.at(-1)).toMatchObject({ groups: 4, sizesFrom: 0, sizes: Uint32Array.of(8, 8, 8, 8) });
  });
});
