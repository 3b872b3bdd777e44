import { afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import { Channel, ChannelError, type Handlers } from '../../../src/protocol/channel';
import { type MemoryPort, memoryPorts } from './memoryPorts';

type Methods = {
  double: (p: { value: number }) => number;
  wait: (p: Record<never, never>) => string;
  fail: (p: { how: 'user' | 'bug' | 'text' | 'unclonable' }) => unknown;
};
type Events = { tick: { n: number } };
type None = Record<never, never>;

interface Bench {
  readonly client: Channel<None, Methods, None, Events>;
  readonly server: Channel<Methods, None, Events, None>;
  readonly clientPort: MemoryPort;
  readonly serverPort: MemoryPort;
  readonly bugs: { where: string; error: unknown }[];
  /** Signals of the `wait` calls that arrived, and their ends. */
  readonly waits: { signal: AbortSignal; finish(value: string): void }[];
  arrived(count: number): Promise<void>;
}

function bench(): Bench {
  const [clientPort, serverPort] = memoryPorts();
  const bugs: Bench['bugs'] = [];
  const waits: { signal: AbortSignal; finish(value: string): void }[] = [];
  const handlers: Handlers<Methods> = {
    double: ({ value }) => value * 2,
    wait: (_, signal) => new Promise((finish) => waits.push({ signal, finish })),
    fail: ({ how }) => {
      if (how === 'user') throw new UserError('run.jsonl:7: no such field');
      if (how === 'text') throw 'a string';
      if (how === 'unclonable') return () => 'functions cannot be cloned';
      throw new TypeError('x is undefined');
    },
  };
  const note = (where: string, error: unknown) => bugs.push({ where, error });
  return {
    client: new Channel<None, Methods, None, Events>(clientPort, {}, note),
    server: new Channel<Methods, None, Events, None>(serverPort, handlers, note),
    clientPort,
    serverPort,
    bugs,
    waits,
    arrived: (count) => vi.waitFor(() => expect(waits).toHaveLength(count)),
  };
}

const outcome = (call: Promise<unknown>) => call.then(String, (error: unknown) => error as ChannelError);

afterEach(() => vi.useRealTimers());

describe('calls', () => {
  it('answer each caller with its own result, in whatever order they end', async () => {
    const { client, waits, arrived } = bench();
    const slow = client.call('wait', {});
    const quick = client.call('wait', {});
    await arrived(2);
    waits[1]?.finish('quick');
    expect(await quick).toBe('quick');
    waits[0]?.finish('slow');
    expect(await slow).toBe('slow');
    expect(await client.call('double', { value: 21 })).toBe(42);
  });

  it('to a method nobody serves are answered, not left hanging', async () => {
    const { client } = bench();
    const error = await outcome(client.call('nothing' as 'double', { value: 1 }));
    expect(error).toMatchObject({ code: 'unknownMethod', message: 'no such method: nothing' });
  });

  it('cannot reach what an object inherits', async () => {
    const { client } = bench();
    expect(await outcome(client.call('constructor' as 'double', { value: 1 }))).toMatchObject({
      code: 'unknownMethod',
    });
  });

  it('whose params cannot be cloned are rejected and leave no deadline running', async () => {
    const { client } = bench();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bad = { value: (() => 1) as unknown as number };
    await expect(client.call('double', bad)).rejects.toThrow(/could not be cloned/);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('errors', () => {
  it('of the user keep their message and are not logged as bugs', async () => {
    const { client, bugs } = bench();
    expect(await outcome(client.call('fail', { how: 'user' }))).toMatchObject({
      code: 'user',
      message: 'run.jsonl:7: no such field',
    });
    expect(bugs).toEqual([]);
  });

  it('of ours are internal, carry the stack, and are told to the end that threw', async () => {
    const { client, bugs } = bench();
    const error = (await outcome(client.call('fail', { how: 'bug' }))) as ChannelError;
    expect(error).toMatchObject({ code: 'internal', message: 'x is undefined' });
    expect(error.remoteStack).toContain('TypeError');
    expect(bugs.map(({ where }) => where)).toEqual(['fail']);
    expect(await outcome(client.call('fail', { how: 'text' }))).toMatchObject({
      code: 'internal',
      message: 'a string',
    });
  });

  it('are sent for a result that cannot be cloned', async () => {
    const { client } = bench();
    expect(await outcome(client.call('fail', { how: 'unclonable' }))).toMatchObject({ code: 'internal' });
  });

  it('of the user stay so through a second channel', async () => {
    const far = bench();
    const [near, relayPort] = memoryPorts();
    new Channel<Methods, None, None, None>(relayPort, {
      double: ({ value }) => far.client.call('double', { value }),
      wait: () => far.client.call('wait', {}),
      fail: (params) => far.client.call('fail', params),
    });
    const client = new Channel<None, Methods, None, None>(near, {});
    expect(await outcome(client.call('fail', { how: 'user' }))).toMatchObject({ code: 'user' });
  });
});

describe('deadline and cancellation', () => {
  it('a call out of time is rejected and its handler is told to stop', async () => {
    const { client, waits, arrived } = bench();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const call = outcome(client.call('wait', {}, { deadline: 500 }));
    await vi.advanceTimersByTimeAsync(499);
    expect(waits[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await call).toMatchObject({ code: 'deadline', message: 'wait did not answer within 500 ms' });
    vi.useRealTimers();
    await arrived(1);
    await vi.waitFor(() => expect(waits[0]?.signal.aborted).toBe(true));
  });

  it('a deadline longer than a timer can hold does not fire at once', async () => {
    const { client, waits, arrived } = bench();
    const call = client.call('wait', {}, { deadline: 2 ** 40 });
    await arrived(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    waits[0]?.finish('in time');
    expect(await call).toBe('in time');
  });

  it("a caller's abort rejects at once and reaches the handler's signal", async () => {
    const { client, waits, arrived, bugs } = bench();
    const abort = new AbortController();
    const call = outcome(client.call('wait', {}, { signal: abort.signal }));
    await arrived(1);
    abort.abort();
    expect(await call).toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(waits[0]?.signal.aborted).toBe(true));
    // An answer that comes all the same meets nobody.
    waits[0]?.finish('too late');
    expect(await client.call('double', { value: 1 })).toBe(2);
    expect(bugs).toEqual([]);
  });

  it('a call that was cancelled beforehand never leaves', async () => {
    const { client, clientPort } = bench();
    const error = await outcome(client.call('double', { value: 1 }, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(clientPort.sent).toEqual([]);
  });

  it('an abort after the answer sends nothing', async () => {
    const { client, clientPort } = bench();
    const abort = new AbortController();
    await client.call('double', { value: 1 }, { signal: abort.signal });
    abort.abort();
    expect(clientPort.sent.map(({ t }) => t)).toEqual(['req']);
  });
});

describe('dispose', () => {
  it('rejects all that is pending with the reason, and all that comes after', async () => {
    const { client, arrived } = bench();
    const calls = [outcome(client.call('wait', {})), outcome(client.call('wait', {}))];
    await arrived(2);
    client.dispose('the data process ended (SIGKILL)');
    client.dispose('again');
    for (const error of await Promise.all([...calls, outcome(client.call('double', { value: 1 }))])) {
      expect(ChannelError.is(error)).toBe(true);
      expect(error).toMatchObject({ code: 'disposed', message: 'the data process ended (SIGKILL)' });
    }
  });

  it('aborts running handlers, sends nothing more and stops listening', async () => {
    const { client, server, serverPort, waits, arrived } = bench();
    const call = outcome(client.call('wait', {}));
    await arrived(1);
    server.dispose();
    expect(waits[0]?.signal.aborted).toBe(true);
    waits[0]?.finish('unheard');
    server.emit('tick', { n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(serverPort.sent).toEqual([]);
    expect(serverPort.listening).toBe(false);
    client.dispose();
    expect(await call).toMatchObject({ code: 'disposed' });
  });
});

describe('events', () => {
  it('reach every listener until it leaves, in the order they were sent', async () => {
    const { client, server } = bench();
    const first: number[] = [];
    const second: number[] = [];
    const off = client.on('tick', ({ n }) => {
      first.push(n);
      if (n === 2) off();
    });
    client.on('tick', ({ n }) => second.push(n));
    for (const n of [1, 2, 3]) server.emit('tick', { n });
    await vi.waitFor(() => expect(second).toEqual([1, 2, 3]));
    expect(first).toEqual([1, 2]);
  });

  it('met by a listener that throws still reach the others', async () => {
    const { client, server, bugs } = bench();
    const seen: number[] = [];
    client.on('tick', () => {
      throw new Error('broken view');
    });
    client.on('tick', ({ n }) => seen.push(n));
    server.emit('tick', { n: 1 });
    await vi.waitFor(() => expect(seen).toEqual([1]));
    expect(bugs.map(({ where }) => where)).toEqual(['tick']);
  });
});

describe('noise', () => {
  it.each([
    ['nothing', null],
    ['text', 'hello'],
    ['a number', 7],
    ['a message of another library', { type: 'webpackOk', data: 1 }],
    ['a request without an id', { t: 'req', method: 'double', params: { value: 1 } }],
    ['a request without a method', { t: 'req', id: 9 }],
    ['an error without its content', { t: 'err', id: 1 }],
    ['an answer nobody waits for', { t: 'res', id: 999, ok: 1 }],
    ['a cancel of nothing', { t: 'cancel', id: 999 }],
    ['an event nobody listens to', { t: 'event', name: 'toString', payload: 1 }],
  ])('%s is ignored', async (_, message) => {
    const { client, server, clientPort, serverPort, bugs } = bench();
    const pending = client.call('double', { value: 4 });
    clientPort.receive(message);
    serverPort.receive(message);
    expect(await pending).toBe(8);
    expect(serverPort.sent).toHaveLength(1);
    expect(bugs).toEqual([]);
    server.dispose();
  });
});
