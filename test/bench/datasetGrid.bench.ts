import type { Page } from 'playwright-core';
import { until } from '../panelsPage/driver';
import { openDatasetBrowser } from '../panelsPage/openPage';
import { type BenchRow, within } from './bench';

export const name = 'datasetGrid';
export const budget = 'a grid of 100,000 images scrolls without a frame over 50 ms';

/**
 * Milliseconds from a scroll to the end of the frame that shows it, the longest and the middle one, over steps of the wheel
 * and jumps to anywhere. Thumbnails and rows come from a host in the same page, whose work is among them.
 */
async function frames(page: Page, steps: number): Promise<{ readonly longest: number; readonly median: number }> {
  return page.evaluate<{ longest: number; median: number }>(`(async () => {
    const grid = document.querySelector('.grid');
    const painted = () => new Promise((done) => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    }));
    const spent = [];
    for (let i = 0; i < ${steps}; i++) {
      if (i % 8 === 0) grid.scrollTop = ((i * 7919) % 100) / 100 * (grid.scrollHeight - grid.clientHeight);
      else grid.scrollTop += 240;
      await new Promise((frame) => requestAnimationFrame(frame));
      const start = performance.now();
      await painted();
      spent.push(performance.now() - start);
    }
    spent.sort((a, b) => a - b);
    return { longest: spent.at(-1), median: spent[spent.length >> 1] };
  })()`);
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const browser = await openDatasetBrowser({ reducedMotion: true });
  try {
    const rows: BenchRow[] = [];
    for (const [what, state] of [
      ['thumbnails of 160 px', { version: 1, side: 160 }],
      ['thumbnails of 72 px', { version: 1, side: 72 }],
      ['the list', { version: 1, asList: true }],
    ] as const) {
      const page = await browser.open({ images: 100_000, state }, { width: 1440, height: 900 });
      await until(page, `document.querySelectorAll('.cell img[src]').length > 10`);
      // The pictures of the made-up host are drawn once.
      await frames(page, 60);
      const { longest, median } = await frames(page, 240);
      rows.push(within(`${what}: longest frame`, longest, 'ms', 50), within(`${what}: median frame`, median, 'ms', 17));
      await page.close();
    }
    if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    return { rows };
  } finally {
    await browser.close();
  }
}
