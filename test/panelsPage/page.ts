import { FakeHost, type Scenario } from './fakeHost';
import { type PageWishes, shell } from './shell';

/** What the driving script reaches in the page. */
declare global {
  interface Window {
    fake: unknown;
    acquireVsCodeApi: () => {
      postMessage(message: unknown): void;
      getState(): unknown;
      setState(state: unknown): void;
    };
  }
}

const wishes = JSON.parse(decodeURIComponent(location.hash.slice(1) || '%7B%7D')) as Scenario & PageWishes;
window.fake = new FakeHost(shell(wishes), wishes);
