import type { ChildProcess } from 'node:child_process';
import {
  type CallOptions,
  Channel,
  ChannelError,
  type EventMap,
  type Handlers,
  type MethodMap,
  type ParamsOf,
  type ResultOf,
} from '../protocol/channel';
import { type ChildLog, forkChild, letGo, portOf } from './childHandle';
import { type ChildBaseEvents, type ChildBaseMethods, readyEvent } from './childPort';
import { childEnvironment } from './environment';

export interface SupervisorOptions<Local extends MethodMap> {
  /** Name for logs: data, media, infer, policy. */
  readonly role: string;
  /** The child's bundled entry. */
  readonly entry: string;
  /** Environment on top of the minimal one that `childEnvironment` passes. */
  readonly env: Readonly<Record<string, string>>;
  /** Methods the child may call on its parent. */
  readonly handlers: Handlers<Local>;
  readonly log: ChildLog;
  /** Cap of the child's JavaScript heap in MiB; Node's own default without it. See `limits.ts`. */
  readonly heapMb?: number;
  /** Crashes within `crashWindow` after which the child stays down until `restart`. Default 3. */
  readonly maxCrashes?: number;
  /** Milliseconds after which a crash is forgotten. Default 5 min. */
  readonly crashWindow?: number;
  /** Milliseconds between heartbeats, and without an answer until the child is killed. */
  readonly heartbeat?: { readonly every: number; readonly deadline: number };
  /** Milliseconds from fork to `child/ready` before the child is killed. Default 30 s. */
  readonly startDeadline?: number;
}

export type ChildState = 'stopped' | 'starting' | 'running' | 'failed' | 'disposed';

type ChildChannel<
  Local extends MethodMap,
  Remote extends MethodMap,
  Out extends EventMap,
  In extends EventMap,
> = Channel<Local, Remote & ChildBaseMethods, Out, In & ChildBaseEvents>;

/**
 * One way to run a child: fork on the first call, handshake, heartbeat, restart with back-off, kill on dispose.
 * Calls pending when the child dies are rejected; the next call starts it again.
 */
export class Supervisor<
  Local extends MethodMap,
  Remote extends MethodMap,
  Out extends EventMap = Record<never, never>,
  In extends EventMap = Record<never, never>,
> {
  private child: ChildProcess | null = null;
  private channel: ChildChannel<Local, Remote, Out, In> | null = null;
  private starting: Promise<void> | null = null;
  /** Counts restarts and disposal: a launch that waited through one of them is no longer wanted. */
  private generation = 0;
  private readonly crashes: number[] = [];
  private heartbeatTimer: ReturnType<typeof setInterval> | null = null;
  private readonly eventListeners: { name: string; listener: (payload: never) => void }[] = [];
  private readonly stateListeners = new Set<(state: ChildState, detail: string) => void>();
  private current: ChildState = 'stopped';

  constructor(private readonly options: SupervisorOptions<Local>) {}

  get state(): ChildState {
    return this.current;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async call<K extends keyof Remote & string>(
    method: K,
    params: ParamsOf<Remote, K>,
    options?: CallOptions,
  ): Promise<ResultOf<Remote, K>> {
    await this.start();
    // A restart may have come between; the child it forks listens only once it is ready.
    if (this.channel === null || this.current !== 'running') throw this.gone('was restarted');
    return this.channel.call(method, params as never, options) as Promise<ResultOf<Remote, K>>;
  }

  /** Survives restarts of the child. */
  on<K extends keyof (In & ChildBaseEvents) & string>(
    name: K,
    listener: (payload: (In & ChildBaseEvents)[K]) => void,
  ): () => void {
    const entry = { name, listener: listener as (payload: never) => void };
    this.eventListeners.push(entry);
    const off = this.channel?.on(name, listener);
    return () => {
      off?.();
      const at = this.eventListeners.indexOf(entry);
      if (at >= 0) this.eventListeners.splice(at, 1);
    };
  }

  /** `detail` tells a crash's exit code or signal. */
  onState(listener: (state: ChildState, detail: string) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Starts the child without a call, or waits until it has started. */
  start(): Promise<void> {
    if (this.current === 'running') return Promise.resolve();
    if (this.current === 'disposed') return Promise.reject(this.gone('was closed'));
    if (this.current === 'failed') return Promise.reject(this.gone('failed repeatedly and was not started again'));
    if (this.starting !== null) return this.starting;
    const launch = this.launch(this.generation).finally(() => {
      if (this.starting === launch) this.starting = null;
    });
    this.starting = launch;
    return launch;
  }

  /** Clears the crash count and starts the child: the user pressed Restart. Pending calls are rejected. */
  async restart(): Promise<void> {
    if (this.current === 'disposed') throw this.gone('was closed');
    this.crashes.length = 0;
    this.stop('restarted');
    this.setState('stopped', 'restarted');
    await this.start();
  }

  dispose(): void {
    if (this.current === 'disposed') return;
    this.setState('disposed', '');
    this.stop('the editor closed');
    this.stateListeners.clear();
    this.eventListeners.length = 0;
  }

  private async launch(generation: number): Promise<void> {
    const { role, entry, env, log, heapMb = null, handlers } = this.options;
    const wait = this.backOff();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (generation !== this.generation) throw this.gone(this.current === 'disposed' ? 'was closed' : 'was restarted');
    this.setState('starting', '');
    const child = forkChild({ role, entry, env: childEnvironment(process.env, env), heapMb, log });
    const channel: ChildChannel<Local, Remote, Out, In> = new Channel(portOf(child), handlers, (method, error) =>
      log.error(`[${role}] ${method}: ${error instanceof Error ? error.stack : String(error)}`),
    );
    for (const { name, listener } of this.eventListeners) channel.on(name as never, listener as never);
    this.child = child;
    this.channel = channel;
    await this.handshake(child, channel);
    if (this.child !== child) throw this.gone('was let go while it started');
    this.setState('running', '');
    this.beat(child, channel);
  }

  /** Resolves on `child/ready`, rejects when the child ends before it; watches the child's end from here on. */
  private handshake(child: ChildProcess, channel: ChildChannel<Local, Remote, Out, In>): Promise<void> {
    const { log, role, startDeadline = 30_000 } = this.options;
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        log.error(`[${role}] was not ready after ${startDeadline} ms and is killed`);
        child.kill('SIGKILL');
      }, startDeadline);
      const ended = (detail: string) => {
        clearTimeout(late);
        this.ended(child, channel, detail);
        reject(this.gone(`ended (${detail})`));
      };
      channel.on(
        readyEvent as never,
        (() => {
          clearTimeout(late);
          resolve();
        }) as never,
      );
      child.on('error', (error) => {
        log.error(`[${role}] ${error.message}`);
        // Also reported for a signal that could not be sent; only a child that never ran has no pid and no exit.
        if (child.pid === undefined) ended(error.message);
      });
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
  }

  private ended(child: ChildProcess, channel: ChildChannel<Local, Remote, Out, In>, detail: string): void {
    const { role, log, maxCrashes = 3, crashWindow = 5 * 60_000 } = this.options;
    channel.dispose(`the ${role} process ended (${detail})`);
    // A child that was let go is none of ours any more, and its end is no crash.
    if (this.child !== child) return;
    this.child = null;
    this.channel = null;
    this.stopHeartbeat();
    const now = Date.now();
    this.crashes.push(now);
    while ((this.crashes[0] ?? now) < now - crashWindow) this.crashes.shift();
    log.error(`[${role}] ended: ${detail}`);
    this.setState(this.crashes.length >= maxCrashes ? 'failed' : 'stopped', detail);
  }

  /** Milliseconds to wait before the next start: none after the first crash, then 0.5 s doubling. */
  private backOff(): number {
    return this.crashes.length < 2 ? 0 : 500 * 2 ** (this.crashes.length - 2);
  }

  private beat(child: ChildProcess, channel: ChildChannel<Local, Remote, Out, In>): void {
    const { role, log, heartbeat = { every: 10_000, deadline: 60_000 } } = this.options;
    let waiting = false;
    this.heartbeatTimer = setInterval(() => {
      if (waiting) return;
      waiting = true;
      channel.call('child/ping', {} as never, { deadline: heartbeat.deadline }).then(
        () => {
          waiting = false;
        },
        (error: unknown) => {
          if (!ChannelError.is(error) || error.code !== 'deadline') return;
          log.error(`[${role}] gave no sign for ${heartbeat.deadline} ms and is killed`);
          child.kill('SIGKILL');
        },
      );
    }, heartbeat.every);
    this.heartbeatTimer.unref();
  }

  private stopHeartbeat(): void {
    if (this.heartbeatTimer !== null) clearInterval(this.heartbeatTimer);
    this.heartbeatTimer = null;
  }

  /** Lets go of the child and of a launch under way. */
  private stop(reason: string): void {
    this.generation++;
    this.starting = null;
    this.stopHeartbeat();
    const { child, channel } = this;
    this.child = null;
    this.channel = null;
    channel?.dispose(`the ${this.options.role} process was closed: ${reason}`);
    if (child !== null) letGo(child);
  }

  private gone(what: string): ChannelError {
    return new ChannelError('disposed', `the ${this.options.role} process ${what}`);
  }

  private setState(state: ChildState, detail: string): void {
    this.current = state;
    for (const listener of this.stateListeners) listener(state, detail);
  }
}
