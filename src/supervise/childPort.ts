import type { Envelope, Port } from '../protocol/channel';

/** The child's end of the IPC that `fork` opened. The child exits when its parent is gone. */
export function parentPort(): Port {
  process.on('disconnect', () => process.exit(0));
  // The parent may have died while this file was being loaded: then no event will follow.
  if (!process.connected) process.exit(0);
  return {
    post: (message: Envelope) => {
      // Without a connected parent there is nobody to answer to; the same holds when it leaves while a message is on
      // its way, which Node would otherwise throw as an uncaught error.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
  };
}

/** Name of the event a child emits once it can answer calls. */
export const readyEvent = 'child/ready';

/** Every child answers a heartbeat; a child whose loop is blocked past the deadline is killed. */
export type ChildBaseMethods = { 'child/ping': (p: Record<never, never>) => null };
export type ChildBaseEvents = { 'child/ready': { readonly pid: number; readonly versions: Record<string, string> } };
