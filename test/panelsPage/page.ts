import type { Envelope, Port } from '../../src/protocol/channel';
import { FakeHost, type Scenario } from './fakeHost';
import { panelThemes } from './themes';

/** What the driving script reaches in the page. */
declare global {
  interface Window {
    fake: FakeHost;
    acquireVsCodeApi: () => {
      postMessage(message: unknown): void;
      getState(): unknown;
      setState(state: unknown): void;
    };
  }
}

const wishes = JSON.parse(decodeURIComponent(location.hash.slice(1) || '%7B%7D')) as Scenario & {
  theme?: string;
  state?: unknown;
};

const theme = panelThemes[wishes.theme ?? 'dark'];
document.body.className = theme?.bodyClass ?? '';
for (const [name, value] of Object.entries(theme?.variables ?? {}))
  document.documentElement.style.setProperty(`--vscode-${name}`, value ?? '');

const hostListeners = new Set<(message: unknown) => void>();
const port: Port = {
  post: (message: Envelope) => window.postMessage(message, '*'),
  onMessage(listener) {
    hostListeners.add(listener);
    return () => hostListeners.delete(listener);
  },
};
window.fake = new FakeHost(port, wishes);

let stored: unknown = wishes.state;
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
