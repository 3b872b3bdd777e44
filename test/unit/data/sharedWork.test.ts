import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SharedWork } from '../../../src/data/process/files/sharedWork';

/** Work that ends when the test says so. */
function begun() {
  let end: (value: string) => void = () => undefined;
  let stopped = false;
  const work = new SharedWork<string>(
    (signal) =>
      new Promise((resolve, reject) => {
        end = resolve;
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(signal.reason);
        });
      }),
  );
  return { work, end: (value: string) => end(value), stopped: () => stopped };
}

it('goes on for those who still wait when whoever began it has left', async () => {
  const { work, end, stopped } = begun();
  const [first, second] = [new AbortController(), new AbortController()];
  const [left, stayed] = [work.join(first.signal), work.join(second.signal)];
  first.abort(new Error('first left'));
  await expect(left).rejects.toThrow('first left');
  expect(stopped()).toBe(false);
  end('done');
  expect(await stayed).toBe('done');
  expect(work.isStopped).toBe(false);
});

it('stops when the last one leaves', async () => {
  const { work, stopped } = begun();
  const [first, second] = [new AbortController(), new AbortController()];
  const both = Promise.allSettled([work.join(first.signal), work.join(second.signal)]);
  first.abort();
  await delay(0);
  expect(stopped()).toBe(false);
  second.abort();
  await both;
  expect([stopped(), work.isStopped]).toEqual([true, true]);
});

it('leaves nothing at the signal of those who waited: a log is joined once for every row', async () => {
  const { signal } = new AbortController();
  const work = new SharedWork(() => Promise.resolve(1));
  await Promise.all(Array.from({ length: 100 }, () => work.join(signal)));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
