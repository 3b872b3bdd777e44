import type { Envelope, Port } from '../../../src/protocol/channel';

export interface MemoryPort extends Port {
  /** Every message this end has posted. */
  readonly sent: Envelope[];
  /** Hands this end a message as if the other had sent it: any value, as a window's message event brings. */
  receive(message: unknown): void;
  readonly listening: boolean;
}

/** Two connected ends that clone what they carry, as IPC and postMessage do, and deliver in order, later. */
export function memoryPorts(): readonly [MemoryPort, MemoryPort] {
  const left = end();
  const right = end();
  left.other = right;
  right.other = left;
  return [left, right];
}

function end(): MemoryPort & { other: MemoryPort | null } {
  const listeners = new Set<(message: unknown) => void>();
  const port = {
    sent: [] as Envelope[],
    other: null as MemoryPort | null,
    get listening() {
      return listeners.size > 0;
    },
    post(message: Envelope) {
      const copy = structuredClone(message);
      port.sent.push(copy);
      queueMicrotask(() => port.other?.receive(copy));
    },
    onMessage(listener: (message: unknown) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    receive(message: unknown) {
      for (const listener of listeners) listener(message);
    },
  };
  return port;
}
