import type { Envelope, Port } from '../../src/protocol/channel';
import { packNumbers } from '../../src/protocol/wireNumbers';
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
window.fake = new FakeHost(port, wishes);

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
