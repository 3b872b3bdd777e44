import type { Page } from 'playwright-core';
import { settled, until } from '../panelsPage/driver';
import type { Scenario } from '../panelsPage/fakeHost';
import { openPanelsBrowser, type PanelsBrowser } from '../panelsPage/openPage';
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

/**
 * Milliseconds from an edit to the end of the frame that shows it, median and 95 %: a box moved by a key, components, total, mean
 * and deviation of the group and every sibling's advantage painted in the side pane and in the list.
 */
async function editLatency(page: Page, times: number): Promise<readonly [median: number, p95: number]> {
  await page.keyboard.press('q');
  await until(
    page,
    `document.querySelector('.score-group') !== null && document.querySelector('.note-numbers') !== null`,
  );
  await page.keyboard.press('Escape');
  await page.locator('.picture-stage [role=application]').first().focus();
  await page.keyboard.press('E');
  // The last of the ground truth: every rollout of the group is scored anew.
  await page.keyboard.press('[');
  const script = `(async () => {
    const shown = () => [...document.querySelectorAll('.row-live, .row-advantage.live, .score-group td, .score-spread')]
      .map((node) => node.textContent).join();
    const spent = [];
    for (let i = 0; i < ${times}; i++) {
      await new Promise((rest) => setTimeout(rest, 30));
      const before = shown();
      const start = performance.now();
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
        { key: i % 20 < 10 ? 'ArrowDown' : 'ArrowUp', shiftKey: true, bubbles: true, cancelable: true }));
      await new Promise((painted) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = painted;
        channel.port2.postMessage(null);
      }));
      spent.push(performance.now() - start);
      if (i === 0 && shown() === before) throw new Error('nothing changed with the box');
    }
    spent.sort((a, b) => a - b);
    return [spent[Math.floor(spent.length / 2)], spent[Math.floor(spent.length * 0.95)]];
  })()`;
  return page.evaluate<[number, number]>(script);
}

/** A condition that all of a million rollouts but the unjudged ones meet. */
async function filterAll(page: Page): Promise<void> {
  await page.keyboard.press('w');
  await page.keyboard.type('reward > -1');
  await page.keyboard.press('Enter');
  await until(page, `document.querySelector('.found-text') !== null`);
}

async function opened(browser: PanelsBrowser, scenario: Scenario): Promise<Page> {
  const page = await browser.open(scenario);
  await page.waitForSelector('.rollout-row');
  await settled(page);
  return page;
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
    const [each, slow] = await editLatency(await opened(browser, { delay, size: 64, profile: 'visual-rft' }), 100);
    rows.push(within('edit → painted advantages, group of 64, median', each, 'ms', delay / 2));
    rows.push(within('edit → painted advantages, group of 64, 95 %', slow, 'ms', delay / 2));
    if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    return { rows };
  } finally {
    await browser.close();
  }
}
