import type { Page } from 'playwright-core';
import { settled, until } from '../panelsPage/driver';
import { openPanelsBrowser } from '../panelsPage/openPage';
import type { BenchRow } from './bench';
import { within } from './bench';

export const name = 'panels';
export const budget = 'with 100 ms between webview and host, no frame waits for the host';

const delay = 100;

/** Milliseconds from a key or a pointer's move to the end of the frame that shows it, each `times` in one page. */
async function latency(page: Page, actions: readonly string[], times: number): Promise<number> {
  const script = `(async () => {
    const actions = ${JSON.stringify(actions)};
    const spent = [];
    for (let i = 0; i < ${times}; i++) {
      await new Promise((rest) => setTimeout(rest, 30));
      const [kind, what] = actions[i % actions.length].split(' ');
      const cards = document.querySelectorAll('.region-card');
      const start = performance.now();
      if (kind === 'key') document.body.dispatchEvent(new KeyboardEvent('keydown', { key: what, bubbles: true, cancelable: true }));
      else cards[Number(what)].dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
      await new Promise((painted) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = painted;
        channel.port2.postMessage(null);
      }));
      spent.push(performance.now() - start);
    }
    return spent.sort((a, b) => a - b)[Math.floor(spent.length / 2)];
  })()`;
  return page.evaluate<number>(script);
}

/**
 * The longest time, milliseconds, for which frames were painted that showed no row in some part of the list, while it was
 * scrolled by wheel steps and by jumps to anywhere. A row whose facts are on their way is no blank.
 */
async function longestBlank(page: Page): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const list = document.querySelector('.rollout-list');
    const { left, top, width, height } = list.getBoundingClientRect();
    const covered = () => [4, height / 2, height - 4].every((y) =>
      document.elementFromPoint(left + width / 2, top + y)?.closest('.row') != null);
    const painted = () => new Promise((done) => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    }));
    let longest = 0;
    for (let i = 0; i < 90; i++) {
      if (i % 3 === 0) list.scrollTop = ((i * 7919) % 100) / 100 * (list.scrollHeight - height);
      else list.dispatchEvent(new WheelEvent('wheel', { deltaY: 900, cancelable: true, bubbles: true }));
      await painted();
      const start = performance.now();
      let blank = 0;
      while (!covered()) {
        await painted();
        blank = performance.now() - start;
      }
      longest = Math.max(longest, blank);
    }
    return longest;
  })()`);
}

/** A condition that all of a million rollouts but the unjudged ones meet. */
async function filterAll(page: Page): Promise<void> {
  await page.keyboard.press('w');
  await page.keyboard.type('reward > -1');
  await page.keyboard.press('Enter');
  await until(page, `document.querySelector('.found-text') !== null`);
}

/** The editor in headless Chromium over a host that takes its time. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const browser = await openPanelsBrowser({ reducedMotion: true });
  try {
    const rows: BenchRow[] = [];
    const page = await browser.open({ delay, groups: 125_000 });
    await settled(page);
    const row = async (metric: string, on: Page, ...actions: string[]) =>
      rows.push(within(`${metric}, median`, await latency(on, actions, 24), 'ms', delay / 2));
    await row('hover a region', page, 'hover 0', 'hover 1', 'hover 2');
    await row('select a region', page, 'key ]');
    await row('toggle a sibling', page, 'key 2', 'key 3');
    await row('step within a group', page, 'key j', 'key j', 'key k', 'key k');
    await row('zoom', page, 'key +', 'key -');
    rows.push(within('no row in sight while a million are scrolled, longest', await longestBlank(page), 'ms', 100));
    await filterAll(page);
    rows.push(within('the same in a filtered list', await longestBlank(page), 'ms', 100));
    const crowd = await browser.open({ delay, regions: 1000 });
    await settled(crowd);
    await row('step between rollouts of 1,000 regions', crowd, 'key j', 'key k');
    if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    return { rows };
  } finally {
    await browser.close();
  }
}
