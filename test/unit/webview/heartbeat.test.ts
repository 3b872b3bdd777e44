import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type LivingHost, watchHost } from '../../../webview/rollouts/store/heartbeat';
import { Signal } from '../../../webview/rollouts/store/signal';

const page = { visibilityState: 'visible' };
let alive = true;
let asked = 0;

/** Answers at once while it lives, and lets a call run into its deadline when it does not. */
const host = {
  call: (_: string, __: object, { deadline }: { deadline: number }) => {
    asked++;
    return alive ? Promise.resolve(null) : new Promise((_, reject) => setTimeout(reject, deadline));
  },
} as unknown as LivingHost;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a host that does not answer is lost until it does; a hidden page does not ask', async () => {
  const lost = new Signal(false);
  watchHost(host, lost);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lost.value).toBe(false);
  alive = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lost.value).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lost.value).toBe(true);
  alive = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(lost.value).toBe(false);
  page.visibilityState = 'hidden';
  const before = asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(before);
});
