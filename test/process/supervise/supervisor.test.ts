import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelError } from '../../../src/protocol/channel';
import { type ChildState, Supervisor, type SupervisorOptions } from '../../../src/supervise/supervisor';
import { bundleChild } from '../childBundle';
import type { TestEvents, TestMethods } from './child';

type None = Record<never, never>;
type TestSupervisor = Supervisor<None, TestMethods, None, TestEvents>;

let entry: string;
let parentEntry: string;
const open: TestSupervisor[] = [];
const log: string[] = [];

beforeAll(async () => {
  entry = await bundleChild('test/process/supervise/child.ts');
  parentEntry = await bundleChild('test/process/supervise/parent.ts');
});

afterEach(() => {
  for (const supervisor of open.splice(0)) supervisor.dispose();
  log.length = 0;
});

function supervise(options: Partial<SupervisorOptions<None>> = {}): TestSupervisor {
  const write = (line: string) => log.push(line);
  const supervisor: TestSupervisor = new Supervisor({
    role: 'test',
    entry,
    env: {},
    handlers: {},
    log: { info: write, warn: write, error: write },
    ...options,
  });
  open.push(supervisor);
  return supervisor;
}

const outcome = (call: Promise<unknown>) => call.then(String, (error: unknown) => error as ChannelError);
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 });

describe('a child', () => {
  it('starts with the first call, once, however many come together', async () => {
    const supervisor = supervise();
    expect(supervisor.state).toBe('stopped');
    const pids = await Promise.all([1, 2, 3].map(() => supervisor.call('pid', {})));
    expect(new Set(pids).size).toBe(1);
    expect(supervisor.pid).toBe(pids[0]);
    expect(supervisor.state).toBe('running');
  });

  it('has its output in the log', async () => {
    const supervisor = supervise();
    await supervisor.call('print', { text: 'décodé 50 % — ok' });
    await vi.waitFor(() => expect(log).toContain('[test] décodé 50 % — ok'));
  });

  it('whose file is missing fails the call with a reason, not the editor', async () => {
    const supervisor = supervise({ entry: '/nowhere/child.js' });
    expect(await outcome(supervisor.call('pid', {}))).toMatchObject({ code: 'disposed' });
    expect(log.join('\n')).toContain('/nowhere/child.js');
  });

  it('that is never ready is killed at its deadline', async () => {
    const supervisor = supervise({ env: { SACCADE_TEST_START: 'silent' }, startDeadline: 400 });
    expect(await outcome(supervisor.call('pid', {}))).toMatchObject({
      message: 'the test process ended (SIGKILL)',
    });
    expect(log.join('\n')).toContain('was not ready after 400 ms');
  });

  it('keeps its heap below the cap it was given', async () => {
    const [small, large] = await Promise.all([
      supervise({ heapMb: 128 }).call('heapLimitMb', {}),
      supervise({ heapMb: 1024 }).call('heapLimitMb', {}),
    ]);
    expect(small).toBeLessThan(large / 2);
    expect(large).toBeLessThan(1300);
  });
});

describe('the environment of a child', () => {
  const mine = {
    OPENAI_API_KEY: 'secret',
    GITHUB_TOKEN: 'secret',
    NODE_OPTIONS: '--trace-warnings',
    LD_LIBRARY_PATH: '/opt/cuda/lib64',
    CUDA_VISIBLE_DEVICES: '1',
    VK_ICD_FILENAMES: '/etc/vulkan/icd.json',
  };

  it('carries paths and devices, the extras it was given, and no secret', async () => {
    const before = { ...process.env };
    Object.assign(process.env, mine);
    try {
      const env = await supervise({ env: { SACCADE_EXTRA: 'yes' } }).call('environment', {});
      expect(env).toMatchObject({
        PATH: before.PATH,
        HOME: before.HOME,
        LD_LIBRARY_PATH: mine.LD_LIBRARY_PATH,
        CUDA_VISIBLE_DEVICES: '1',
        VK_ICD_FILENAMES: mine.VK_ICD_FILENAMES,
        ELECTRON_RUN_AS_NODE: '1',
        SACCADE_EXTRA: 'yes',
      });
      expect(Object.values(env)).not.toContain('secret');
      expect(env.NODE_OPTIONS).toBeUndefined();
    } finally {
      for (const name of Object.keys(mine)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});

describe('a crash', () => {
  it('rejects what was pending, and the next call starts the child again', async () => {
    const supervisor = supervise();
    const first = await supervisor.call('pid', {});
    const pending = outcome(supervisor.call('forever', {}));
    process.kill(first, 'SIGKILL');
    expect(await pending).toMatchObject({ code: 'disposed', message: 'the test process ended (SIGKILL)' });
    expect(supervisor.state).toBe('stopped');
    expect(await supervisor.call('pid', {})).not.toBe(first);
  });

  it('does not lose those who listen to its events', async () => {
    const supervisor = supervise();
    const heard: string[] = [];
    supervisor.on('said', ({ text }) => heard.push(text));
    await supervisor.call('announce', { text: 'before' });
    await outcome(supervisor.call('exit', { code: 1 }));
    await supervisor.call('announce', { text: 'after' });
    expect(heard).toEqual(['before', 'after']);
  });

  it('for the third time leaves it down until a person restarts it', async () => {
    const supervisor = supervise();
    const states: [ChildState, string][] = [];
    supervisor.onState((state, detail) => states.push([state, detail]));
    for (const code of [4, 5, 6]) {
      expect(await outcome(supervisor.call('exit', { code }))).toMatchObject({
        message: `the test process ended (exit code ${code})`,
      });
    }
    expect(supervisor.state).toBe('failed');
    expect(states.at(-1)).toEqual(['failed', 'exit code 6']);
    const starts = states.filter(([state]) => state === 'starting').length;
    expect(await outcome(supervisor.call('pid', {}))).toMatchObject({ code: 'disposed' });
    expect(states.filter(([state]) => state === 'starting').length).toBe(starts);
    await supervisor.restart();
    expect(await supervisor.call('pid', {})).toBe(supervisor.pid);
  });

  it('at every start ends in failed too, and waits longer between attempts', async () => {
    const supervisor = supervise({ env: { SACCADE_TEST_START: 'crash' }, maxCrashes: 4 });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = performance.now();
      expect(await outcome(supervisor.call('pid', {}))).toMatchObject({
        message: 'the test process ended (exit code 3)',
      });
      waits.push(performance.now() - before);
    }
    expect(supervisor.state).toBe('failed');
    // A timer never fires early: half a second before the third start, a whole one before the fourth.
    expect(waits[2]).toBeGreaterThanOrEqual(499);
    expect(waits[3]).toBeGreaterThanOrEqual(999);
  });
});

describe('a hung loop', () => {
  it('is noticed by the heartbeat and killed', async () => {
    const supervisor = supervise({ heartbeat: { every: 50, deadline: 500 } });
    const pid = await supervisor.call('pid', {});
    expect(await outcome(supervisor.call('hang', {}))).toMatchObject({
      code: 'disposed',
      message: 'the test process ended (SIGKILL)',
    });
    await gone(pid);
    expect(log.join('\n')).toContain('gave no sign for 500 ms');
  });

  it('does not outlive dispose', async () => {
    const supervisor = supervise();
    const pid = await supervisor.call('pid', {});
    const call = outcome(supervisor.call('hang', {}));
    supervisor.dispose();
    expect(await call).toMatchObject({ code: 'disposed' });
    await gone(pid);
  });
});

describe('restart and dispose', () => {
  it('restart replaces a healthy child and is no crash', async () => {
    const supervisor = supervise({ maxCrashes: 1 });
    const first = await supervisor.call('pid', {});
    const pending = outcome(supervisor.call('forever', {}));
    await supervisor.restart();
    expect(await pending).toMatchObject({ code: 'disposed' });
    expect(await supervisor.call('pid', {})).not.toBe(first);
    await gone(first);
    expect(supervisor.state).toBe('running');
  });

  it('restart in the middle of a start does not wait for the child it gave up', async () => {
    const supervisor = supervise();
    const early = outcome(supervisor.call('forever', {}));
    await vi.waitFor(() => expect(supervisor.state).toBe('starting'));
    await supervisor.restart();
    expect(await early).toMatchObject({ code: 'disposed' });
    expect(await supervisor.call('pid', {})).toBe(supervisor.pid);
  });

  it('dispose in the middle of a start rejects those who wait for it', async () => {
    const supervisor = supervise();
    const call = outcome(supervisor.call('pid', {}));
    await vi.waitFor(() => expect(supervisor.pid).toBeDefined());
    const pid = supervisor.pid ?? 0;
    supervisor.dispose();
    expect(await call).toMatchObject({ code: 'disposed' });
    await gone(pid);
    expect(await outcome(supervisor.call('pid', {}))).toMatchObject({ code: 'disposed' });
    await expect(supervisor.restart()).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('a child leaves with its parent', () => {
  const childOf = async () => {
    const parent = fork(parentEntry, [], { execArgv: [], env: { ...process.env, SACCADE_TEST_ENTRY: entry } });
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    expect(isAlive(pid)).toBe(true);
    return { parent, pid };
  };

  it('that ends', async () => {
    const { parent, pid } = await childOf();
    parent.send('leave');
    await gone(pid);
  });

  it('that is killed and can say nothing any more', async () => {
    const { parent, pid } = await childOf();
    parent.kill('SIGKILL');
    await gone(pid);
  });

  it('even when it hangs and no longer listens', async () => {
    const { parent, pid } = await childOf();
    parent.send('hang and leave');
    await gone(pid);
  });
});
