import { type ChildProcess, fork } from 'node:child_process';
import type { Envelope, Port } from '../protocol/channel';

/** What a supervisor tells about its child. */
export interface ChildLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ForkOptions {
  readonly role: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly heapMb: number | null;
  readonly log: ChildLog;
}

/** How long a child may take to leave after its channel was closed, in milliseconds. */
const graceToLeave = 2_000;

/** Children still alive; a parent that exits takes along those that no longer listen. */
const alive = new Set<ChildProcess>();
let watchingExit = false;

/** Forks a child with its output going to the log and nothing but IPC towards it. */
export function forkChild(options: ForkOptions): ChildProcess {
  const { role, entry, env, heapMb, log } = options;
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: heapMb === null ? [] : [`--max-old-space-size=${heapMb}`],
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => log.info(`[${role}] ${text.trimEnd()}`));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.warn(`[${role}] ${text.trimEnd()}`));
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  if (!watchingExit) {
    watchingExit = true;
    process.once('exit', () => {
      for (const left of alive) left.kill('SIGKILL');
    });
  }
  return child;
}

/** A child's IPC as a port. A message that cannot be delivered is dropped: the child's exit rejects its call. */
export function portOf(child: ChildProcess): Port {
  return {
    post: (message: Envelope) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
  };
}

/** Closes the IPC, on which a child leaves by itself; one that hangs is killed. */
export function letGo(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceToLeave);
  timer.unref();
  child.once('exit', () => clearTimeout(timer));
}
