import type { Envelope, Port } from '../../src/protocol/channel';
import { packNumbers } from '../../src/protocol/wireNumbers';
import { panelThemes } from './themes';

/** What the driving script says of the page it opens. */
export interface PageWishes {
  readonly theme?: string;
  readonly state?: unknown;
}

/** VS Code's part of a webview: theme, messages, kept state. Answers the host's end of the messages. */
export function shell(wishes: PageWishes): Port {
  const theme = panelThemes[wishes.theme ?? 'dark'];
  document.body.className = theme?.bodyClass ?? '';
  for (const [name, value] of Object.entries(theme?.variables ?? {}))
    document.documentElement.style.setProperty(`--vscode-${name}`, value ?? '');

  const hostListeners = new Set<(message: unknown) => void>();
  const port: Port = {
    // VS Code carries messages as JSON, typed arrays aside; what JSON would lose must be packed.
    post(message: Envelope) {
      const packed = packNumbers(message) as Envelope;
      window.postMessage(packed === message ? message : { ...packed, packed: true }, '*');
    },
    onMessage(listener) {
      hostListeners.add(listener);
      return () => hostListeners.delete(listener);
    },
  };

  let stored: unknown = wishes.state;
  // The host's page has a main element to fill.
  document.body.prepend(document.createElement('main'));

  window.acquireVsCodeApi = () => ({
    // VS Code clones messages; what cannot be cloned must fail here too.
    postMessage(message) {
      const copy: unknown = structuredClone(message);
      setTimeout(() => {
        for (const listener of hostListeners) listener(copy);
      }, 0);
    },
    getState: () => stored,
    setState(state) {
      stored = structuredClone(state);
    },
  });
  return port;
}
