import { getHeapStatistics } from 'node:v8';
import { Channel } from '../../../src/protocol/channel';
import { type ChildBaseEvents, type ChildBaseMethods, parentPort, readyEvent } from '../../../src/supervise/childPort';

/** What the children of these tests serve. */
export type TestMethods = {
  pid: (p: Record<never, never>) => number;
  environment: (p: Record<never, never>) => Record<string, string>;
  heapLimitMb: (p: Record<never, never>) => number;
  /** Answers never; the parent's view of a call in flight. */
  forever: (p: Record<never, never>) => null;
  /** Blocks the event loop for good. */
  hang: (p: Record<never, never>) => null;
  exit: (p: { code: number }) => null;
  announce: (p: { text: string }) => null;
  print: (p: { text: string }) => null;
};
export type TestEvents = { said: { text: string } };

// Behaviours at start, chosen by the environment the test gives.
if (process.env.SACCADE_TEST_START === 'crash') process.exit(3);
const port = parentPort();
const channel = new Channel<
  TestMethods & ChildBaseMethods,
  Record<never, never>,
  TestEvents & ChildBaseEvents,
  Record<never, never>
>(port, {
  'child/ping': () => null,
  pid: () => process.pid,
  environment: () => Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ''])),
  heapLimitMb: () => getHeapStatistics().heap_size_limit / 2 ** 20,
  forever: () => new Promise<null>(() => undefined),
  hang: () => {
    for (;;) Math.sqrt(2);
  },
  exit: ({ code }) => process.exit(code),
  announce: ({ text }) => {
    channel.emit('said', { text });
    return null;
  },
  print: ({ text }) => {
    process.stderr.write(`${text}\n`);
    return null;
  },
});
if (process.env.SACCADE_TEST_START !== 'silent') channel.emit(readyEvent, { pid: process.pid, versions: {} });
