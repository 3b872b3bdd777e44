import { describe, expect, test } from 'vitest';
import { WebviewPages } from '../../../src/host/editors/webviewPages';
import { Channel, ChannelError, type Port } from '../../../src/protocol/channel';

type HostMethods = {
  'editor/ready': (p: Record<never, never>) => string;
  slow: (p: Record<never, never>) => string;
  reward: (p: Record<never, never>) => number;
};
type Nothing = Record<never, never>;

/** Messages as VS Code carries them: JSON both ways, and a page that can be thrown away and loaded anew. */
class FakeWebview {
  private host: ((message: unknown) => void) | null = null;
  private page: ((message: unknown) => void) | null = null;

  postMessage(message: unknown): Promise<boolean> {
    const { page } = this;
    page?.(JSON.parse(JSON.stringify(message)));
    return Promise.resolve(page !== null);
  }

  onDidReceiveMessage(listener: (message: unknown) => void) {
    this.host = listener;
    return { dispose: () => (this.host = null) };
  }

  /** A channel of a page that was just loaded in place of the one before. */
  load(): Channel<Nothing, HostMethods, Nothing, { news: number }> {
    const port: Port = {
      post: (message) => this.host?.(JSON.parse(JSON.stringify(message))),
      onMessage: (listener) => {
        this.page = listener;
        return () => (this.page = null);
      },
    };
    return new Channel(port, {});
  }
}

function open() {
  const webview = new FakeWebview();
  let finish: (value: string) => void = () => undefined;
  let aborted = 0;
  const pages = new WebviewPages(
    webview,
    (port) =>
      new Channel<HostMethods, Nothing, { news: number }, Nothing>(port, {
        'editor/ready': () => 'welcome',
        slow: (_, signal) =>
          new Promise((resolve) => {
            finish = resolve;
            signal.addEventListener('abort', () => aborted++);
          }),
        reward: () => Number.NaN,
      }),
  );
  return { webview, pages, finish: (value: string) => finish(value), aborted: () => aborted };
}

describe('a webview page and the host', () => {
  test('speak over JSON without losing what JSON has no word for', async () => {
    const { webview, pages } = open();
    const page = webview.load();
    expect(await page.call('editor/ready', {})).toBe('welcome');
    expect(await page.call('reward', {})).toBeNaN();
    const seen: number[] = [];
    page.on('news', (value) => seen.push(value));
    pages.channel.emit('news', Number.NEGATIVE_INFINITY);
    expect(seen).toEqual([Number.NEGATIVE_INFINITY]);
  });

  test('an answer to a page that is gone does not reach the page that took its place', async () => {
    const { webview, finish, aborted } = open();
    const first = webview.load();
    await first.call('editor/ready', {});
    // The second request of both pages has the same number.
    void first.call('slow', {}, { deadline: Number.POSITIVE_INFINITY });
    const second = webview.load();
    await second.call('editor/ready', {});
    expect(aborted()).toBe(1);
    const asked = second.call('reward', {});
    finish('late');
    expect(await asked).toBeNaN();
  });

  test('a page that greets twice is still the same page: what it had asked is answered', async () => {
    const { webview, finish, aborted } = open();
    const page = webview.load();
    await page.call('editor/ready', {});
    const asked = page.call('slow', {});
    await page.call('editor/ready', {});
    finish('in time');
    expect(await asked).toBe('in time');
    expect(aborted()).toBe(0);
  });

  test('closing the editor aborts what its page had asked for', async () => {
    const { webview, pages, aborted } = open();
    const page = webview.load();
    await page.call('editor/ready', {});
    void page.call('slow', {}, { deadline: 50 }).catch((error: unknown) => expect(ChannelError.is(error)).toBe(true));
    pages.dispose();
    expect(aborted()).toBe(1);
  });
});
