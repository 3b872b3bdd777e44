import { type ChildProcess, fork } from 'node:child_process';
import {
  type CallOptions,
  Channel,
  ChannelError,
  type Envelope,
  type EventMap,
  type Handlers,
  type MethodMap,
  type ParamsOf,
  type ResultOf,
} from '../protocol/channel';
import { type ChildBaseEvents, type ChildBaseMethods, readyEvent } from './childPort';

export interface ChildLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface SupervisorOptions<Local extends MethodMap> {
  /** Name for logs: data, media, infer, policy. */
  readonly role: string;
  /** The child's bundled entry. */
  readonly entry: string;
  /** Environment on top of the minimal one (PATH, HOME, LD_LIBRARY_PATH, CUDA_*, VK_*, LANG, TMPDIR). */
  readonly env: Readonly<Record<string, string>>;
  /** Methods the child may call on its parent. */
  readonly handlers: Handlers<Local>;
  readonly log: ChildLog;
  /** Crashes within `crashWindow` after which the child stays down until `restart`. */
  readonly maxCrashes?: number;
  readonly crashWindow?: number;
  /** Milliseconds between heartbeats, and without an answer until the child is killed. */
  readonly heartbeat?: { readonly every: number; readonly deadline: number };
}

export type ChildState = 'stopped' | 'starting' | 'running' | 'failed' | 'disposed';

const inheritedEnv = /^(PATH|HOME|USERPROFILE|LD_LIBRARY_PATH|CUDA_.*|VK_.*|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT)$/i;

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
  private channel: Channel<Local, Remote & ChildBaseMethods, Out, In & ChildBaseEvents> | null = null;
  private starting: Promise<void> | null = null;
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
    if (this.channel === null) throw new ChannelError('disposed', `the ${this.options.role} process is not running`);
    return this.channel.call(method, params as never, options) as Promise<ResultOf<Remote, K>>;
  }

  /** Survives restarts of the child. */
  on<K extends keyof In & string>(name: K, listener: (payload: In[K]) => void): () => void {
    const entry = { name, listener: listener as (payload: never) => void };
    this.eventListeners.push(entry);
    const off = this.channel?.on(name, listener as never);
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

  /** Clears the crash count and starts the child: the user pressed Restart. */
  async restart(): Promise<void> {
    this.crashes.length = 0;
    if (this.current === 'failed') this.setState('stopped', '');
    this.stop('restarted');
    await this.start();
  }

  dispose(): void {
    if (this.current === 'disposed') return;
    this.setState('disposed', '');
    this.stop('the editor closed');
    this.stateListeners.clear();
  }

  private start(): Promise<void> {
    if (this.current === 'running') return Promise.resolve();
    if (this.current === 'disposed')
      return Promise.reject(new ChannelError('disposed', `the ${this.options.role} process was closed`));
    if (this.current === 'failed')
      return Promise.reject(
        new ChannelError('disposed', `the ${this.options.role} process failed repeatedly and was not started again`),
      );
    this.starting ??= this.launch().finally(() => {
      this.starting = null;
    });
    return this.starting;
  }

  private async launch(): Promise<void> {
    const { role, entry, log } = this.options;
    const wait = this.backOff();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (this.current === 'disposed') throw new ChannelError('disposed', `the ${role} process was closed`);
    this.setState('starting', '');
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: [],
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.on('data', (chunk: Buffer) => log.info(`[${role}] ${chunk.toString().trimEnd()}`));
    child.stderr?.on('data', (chunk: Buffer) => log.warn(`[${role}] ${chunk.toString().trimEnd()}`));
    const channel = new Channel<Local, Remote & ChildBaseMethods, Out, In & ChildBaseEvents>(
      {
        post: (message: Envelope) => {
          if (child.connected) child.send(message);
        },
        onMessage: (listener) => {
          child.on('message', listener);
          return () => child.off('message', listener);
        },
      },
      this.options.handlers,
      (method, error) => log.error(`[${role}] ${method}: ${error instanceof Error ? error.stack : String(error)}`),
    );
    for (const { name, listener } of this.eventListeners) channel.on(name as never, listener as never);
    this.child = child;
    this.channel = channel;
    await new Promise<void>((resolve, reject) => {
      const off = channel.on(
        readyEvent as never,
        (() => {
          off();
          this.setState('running', '');
          this.beat(child, channel);
          resolve();
        }) as never,
      );
      child.once('error', (error) => {
        this.ended(child, channel, error.message);
        reject(new ChannelError('disposed', `the ${role} process could not start: ${error.message}`));
      });
      child.once('exit', (code, signal) => {
        const detail = signal ?? `exit code ${code}`;
        this.ended(child, channel, detail);
        reject(new ChannelError('disposed', `the ${role} process ended (${detail})`));
      });
    });
  }

  private ended(child: ChildProcess, channel: { dispose(reason: string): void }, detail: string): void {
    const { role, log, maxCrashes = 3, crashWindow = 5 * 60_000 } = this.options;
    channel.dispose(`the ${role} process ended (${detail})`);
    if (this.child !== child) return;
    this.child = null;
    this.channel = null;
    this.stopHeartbeat();
    if (this.current === 'disposed') return;
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

  private beat(
    child: ChildProcess,
    channel: Channel<Local, Remote & ChildBaseMethods, Out, In & ChildBaseEvents>,
  ): void {
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

  private stop(reason: string): void {
    this.stopHeartbeat();
    const { child, channel } = this;
    this.child = null;
    this.channel = null;
    channel?.dispose(reason);
    if (child !== null) {
      child.removeAllListeners('exit');
      // A disconnect lets the child exit by itself; one that hangs is killed.
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
      timer.unref();
      child.once('exit', () => clearTimeout(timer));
    }
    if (this.current !== 'disposed') this.setState('stopped', reason);
  }

  private environment(): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
    for (const [name, value] of Object.entries(process.env)) if (inheritedEnv.test(name)) env[name] = value;
    return { ...env, ...this.options.env };
  }

  private setState(state: ChildState, detail: string): void {
    this.current = state;
    for (const listener of this.stateListeners) listener(state, detail);
  }
}
