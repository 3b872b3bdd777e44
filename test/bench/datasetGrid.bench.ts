import type { Page } from 'playwright-core';
import { until } from '../panelsPage/driver';
import { openDatasetBrowser } from '../panelsPage/openPage';
import { type BenchRow, within } from './bench';
import { busySteps, percentile } from './busyFrames';

export const name = 'datasetGrid';
export const budget = 'a grid of 100,000 images scrolls without a frame over 50 ms';

const steps = 240;

/** Steps of the wheel, and every eighth a jump to anywhere. */
const scroll = (selector: string) => `(i) => {
  const view = document.querySelector('${selector}');
  if (i % 8 === 0) view.scrollTop = ((i * 7919) % 100) / 100 * (view.scrollHeight - view.clientHeight);
  else view.scrollTop += 240;
}`;

/** Milliseconds from one frame to the next, the longest: what the machine's other work costs is among it. */
async function longestWall(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const step = ${scroll(selector)};
    let [last, longest] = [0, 0];
    for (let i = 0; i < ${steps}; i++) {
      step(i);
      const now = await new Promise((frame) => requestAnimationFrame(frame));
      if (last > 0) longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  })()`);
}

/** A page as high, with nothing in it: what scrolling costs by itself, on this machine, now. */
async function emptyPage(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const space = document.createElement('div');
    space.style.height = '3000000px';
    const view = document.createElement('div');
    view.className = 'empty-scroll';
    view.style.cssText = 'position: fixed; inset: 0; overflow: auto';
    view.append(space);
    document.body.replaceChildren(view);
  })()`);
}

/** Thumbnails and rows come from a host in the same page, whose work is among what is measured. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const browser = await openDatasetBrowser({ reducedMotion: true });
  try {
    const rows: BenchRow[] = [];
    const empty = await browser.open({}, { width: 1440, height: 900 });
    await emptyPage(empty);
    const emptyWall = await longestWall(empty, '.empty-scroll');
    const emptyBusy = percentile(
      (await busySteps(empty, scroll('.empty-scroll'), steps)).map(({ busy }) => busy),
      0.5,
    );
    await empty.close();
    for (const [what, state] of [
      ['thumbnails of 160 px', { version: 1, side: 160 }],
      ['thumbnails of 72 px', { version: 1, side: 72 }],
      ['the list', { version: 1, asList: true }],
    ] as const) {
      const page = await browser.open({ images: 100_000, state }, { width: 1440, height: 900 });
      await until(page, `document.querySelectorAll('.cell img[src]').length > 10`);
      // The pictures of the made-up host are drawn once.
      await longestWall(page, '.grid');
      const wall = await longestWall(page, '.grid');
      const busy = await busySteps(page, scroll('.grid'), steps);
      const longest = busy.map((step) => step.longest);
      const all = percentile(
        busy.map((step) => step.busy),
        0.5,
      );
      rows.push(
        within(`${what}: processor time of a frame, longest`, Math.max(...longest), 'ms', 50),
        { metric: `${what}: … 95 %`, value: percentile(longest, 0.95), unit: 'ms' },
        { metric: `${what}: … median`, value: percentile(longest, 0.5), unit: 'ms' },
        {
          metric: `${what}: all of a step, beside an empty page`,
          value: all,
          unit: 'ms',
          reference: emptyBusy,
          ratio: all / emptyBusy,
        },
        {
          metric: `${what}: between two frames, longest, beside an empty page`,
          value: wall,
          unit: 'ms',
          reference: emptyWall,
          ratio: wall / emptyWall,
        },
      );
      await page.close();
    }
    if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    return { rows };
  } finally {
    await browser.close();
  }
}
