import { UserError } from '../core/text/userError';
import { unpackNumbers } from './wireNumbers';

/**
 * One typed, symmetric channel for host↔child and host↔webview. Either side serves a method map and calls the other's.
 * Every request has an id, a deadline and an abort signal; dispose rejects what is pending; an unknown method answers an error.
 */

/** Method name → function of one parameter object. The types of both ends derive from such a map. */
export type MethodMap = Record<string, (params: never) => unknown>;

export type ParamsOf<M extends MethodMap, K extends keyof M> = Parameters<M[K]>[0];
export type ResultOf<M extends MethodMap, K extends keyof M> = Awaited<ReturnType<M[K]>>;

/** Handlers for a method map; each gets the caller's abort signal. */
export type Handlers<M extends MethodMap> = {
  readonly [K in keyof M]: (params: ParamsOf<M, K>, signal: AbortSignal) => ResultOf<M, K> | Promise<ResultOf<M, K>>;
};

/** Event name → payload. */
export type EventMap = Record<string, unknown>;

export type WireErrorCode = 'user' | 'internal' | 'cancelled' | 'unknownMethod';

export interface WireError {
  readonly code: WireErrorCode;
  readonly message: string;
  readonly stack?: string;
}

/** `packed`: numbers in it went through `packNumbers`, because its port carries JSON. */
export type Envelope = { readonly packed?: true } & (
  | { readonly t: 'req'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly t: 'res'; readonly id: number; readonly ok: unknown }
  | { readonly t: 'err'; readonly id: number; readonly err: WireError }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'event'; readonly name: string; readonly payload: unknown }
);

/** What carries envelopes: a child's IPC, a webview's postMessage, or two ends in memory. */
export interface Port {
  post(message: Envelope): void;
  onMessage(listener: (message: unknown) => void): () => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is rejected and cancelled; Infinity for work with its own progress. Default 30 s. */
  readonly deadline?: number;
}

/** The other end reported an error, or the call ran out of time or was cancelled. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  constructor(
    readonly code: WireErrorCode | 'deadline' | 'disposed',
    message: string,
    readonly remoteStack?: string,
  ) {
    super(message);
  }

  static is(error: unknown): error is ChannelError {
    return error instanceof ChannelError;
  }
}

const defaultDeadline = 30_000;
/** Timers take at most a signed 32-bit count of milliseconds; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

interface Pending {
  resolve(value: unknown): void;
  reject(error: ChannelError): void;
  finish(): void;
}

/**
 * `Local`: methods this end serves. `Remote`: methods the other end serves. `Out`, `In`: events sent and received.
 * Anything that is not an envelope is ignored: a webview's window also carries other messages.
 */
export class Channel<Local extends MethodMap, Remote extends MethodMap, Out extends EventMap, In extends EventMap> {
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly stopListening: () => void;
  private nextId = 1;
  private disposed: string | null = null;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
    /** Told of an error that is not the user's, thrown by a handler (by method) or a listener (by event) of this end. */
    private readonly onBug: (method: string, error: unknown) => void = () => undefined,
  ) {
    this.stopListening = port.onMessage((message) => this.receive(message));
  }

  call<K extends keyof Remote & string>(
    method: K,
    params: ParamsOf<Remote, K>,
    options: CallOptions = {},
  ): Promise<ResultOf<Remote, K>> {
    if (this.disposed !== null) return Promise.reject(new ChannelError('disposed', this.disposed));
    const { signal, deadline = defaultDeadline } = options;
    if (signal?.aborted) return Promise.reject(new ChannelError('cancelled', `${method} was cancelled`));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const abandon = (code: 'cancelled' | 'deadline', message: string) => {
        const call = this.pending.get(id);
        if (call === undefined) return;
        call.finish();
        if (this.disposed === null) this.port.post({ t: 'cancel', id });
        call.reject(new ChannelError(code, message));
      };
      const onAbort = () => abandon('cancelled', `${method} was cancelled`);
      const timer = Number.isFinite(deadline)
        ? setTimeout(
            () => abandon('deadline', `${method} did not answer within ${deadline} ms`),
            Math.min(deadline, longestTimer),
          )
        : null;
      const finish = () => {
        this.pending.delete(id);
        if (timer !== null) clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, { resolve: (value) => resolve(value as ResultOf<Remote, K>), reject, finish });
      try {
        this.port.post({ t: 'req', id, method, params });
      } catch (error) {
        // Params that cannot be cloned: the call never left, so nothing will settle it later.
        finish();
        reject(error);
      }
    });
  }

  emit<K extends keyof Out & string>(name: K, payload: Out[K]): void {
    if (this.disposed === null) this.port.post({ t: 'event', name, payload });
  }

  on<K extends keyof In & string>(name: K, listener: (payload: In[K]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener as (payload: never) => void);
    return () => set.delete(listener as (payload: never) => void);
  }

  /** Rejects every pending call with `reason` and aborts every handler still running. Idempotent. */
  dispose(reason = 'the channel was closed'): void {
    if (this.disposed !== null) return;
    this.disposed = reason;
    this.stopListening();
    for (const call of [...this.pending.values()]) {
      call.finish();
      call.reject(new ChannelError('disposed', reason));
    }
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.listeners.clear();
  }

  private receive(received: unknown): void {
    if (!isEnvelope(received)) return;
    const message = received.packed === true ? (unpackNumbers(received) as Envelope) : received;
    switch (message.t) {
      case 'req':
        void this.serve(message.id, message.method, message.params);
        break;
      case 'res':
        this.settle(message.id, (call) => call.resolve(message.ok));
        break;
      case 'err':
        this.settle(message.id, (call) =>
          call.reject(new ChannelError(message.err.code, message.err.message, message.err.stack)),
        );
        break;
      case 'cancel':
        this.running.get(message.id)?.abort();
        break;
      case 'event':
        this.deliver(message.name, message.payload);
        break;
    }
  }

  /** A listener that throws keeps neither the others nor the port's own loop from going on. */
  private deliver(name: string, payload: unknown): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        listener(payload as never);
      } catch (error) {
        this.onBug(name, error);
      }
    }
  }

  private settle(id: number, how: (call: Pending) => void): void {
    const call = this.pending.get(id);
    if (call === undefined) return;
    call.finish();
    how(call);
  }

  private async serve(id: number, method: string, params: unknown): Promise<void> {
    const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method as keyof Local] : undefined;
    if (handler === undefined) {
      this.refuse(method, id, { code: 'unknownMethod', message: `no such method: ${method}` });
      return;
    }
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const ok = await handler(params as ParamsOf<Local, keyof Local>, controller.signal);
      if (this.disposed === null) this.port.post({ t: 'res', id, ok });
    } catch (error) {
      const err = toWireError(error, controller.signal.aborted);
      if (err.code === 'internal') this.onBug(method, error);
      this.refuse(method, id, err);
    } finally {
      this.running.delete(id);
    }
  }

  /** A port that cannot even carry plain text is gone; the other end learns that from its own disposal. */
  private refuse(method: string, id: number, err: WireError): void {
    if (this.disposed !== null) return;
    try {
      this.port.post({ t: 'err', id, err });
    } catch (error) {
      this.onBug(method, error);
    }
  }
}

function toWireError(error: unknown, aborted: boolean): WireError {
  if (UserError.is(error)) return { code: 'user', message: error.message };
  // An error that crossed another channel on its way here stays what it was.
  if (ChannelError.is(error) && error.code === 'user') return { code: 'user', message: error.message };
  if (aborted || (ChannelError.is(error) && error.code === 'cancelled'))
    return { code: 'cancelled', message: 'cancelled' };
  if (error instanceof Error)
    return { code: 'internal', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  return { code: 'internal', message: String(error) };
}

function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== 'object' || message === null) return false;
  const { t, id, method, name, err } = message as Record<string, unknown>;
  if (t === 'event') return typeof name === 'string';
  if (typeof id !== 'number') return false;
  if (t === 'err') return typeof err === 'object' && err !== null && 'message' in err && 'code' in err;
  return t === 'res' || t === 'cancel' || (t === 'req' && typeof method === 'string');
}
