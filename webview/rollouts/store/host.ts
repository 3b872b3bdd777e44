import { Channel, ChannelError, type Port } from '../../../src/protocol/channel';
import type {
  RolloutsHostEvents,
  RolloutsHostMethods,
  RolloutsWebviewEvents,
  RolloutsWebviewMethods,
} from '../../../src/protocol/rollouts';

export type Host = Channel<RolloutsWebviewMethods, RolloutsHostMethods, RolloutsWebviewEvents, RolloutsHostEvents>;

/** What VS Code hands to a webview, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Messages between a webview and its host. */
export function webviewPort(api: VsCodeApi): Port {
  return {
    post: (message) => api.postMessage(message),
    onMessage(listener) {
      const onMessage = (event: MessageEvent) => listener(event.data);
      window.addEventListener('message', onMessage);
      return () => window.removeEventListener('message', onMessage);
    },
  };
}

/** The channel to the extension's host over the webview's messages. `snapshot` serves tests. */
export function connectHost(api: VsCodeApi, snapshot: () => unknown): Host {
  return new Channel<RolloutsWebviewMethods, RolloutsHostMethods, RolloutsWebviewEvents, RolloutsHostEvents>(
    webviewPort(api),
    {
      'test/snapshot': snapshot,
    },
    (_, error) => reportError(error),
  );
}

export function isCancelled(error: unknown): boolean {
  return ChannelError.is(error) && (error.code === 'cancelled' || error.code === 'disposed');
}

/** What to tell the user. */
export function errorText(error: unknown): string {
  if (ChannelError.is(error) && error.code === 'internal')
    return `Something went wrong: ${error.message}. See the log.`;
  return error instanceof Error ? error.message : String(error);
}
