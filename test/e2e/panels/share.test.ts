import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { press, settled, snapshot, until } from '../../panelsPage/driver';
import type { Scenario } from '../../panelsPage/fakeHost';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser;
let page: Page;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});

afterAll(async () => {
  await browser.close();
  expect(browser.complaints).toEqual([]);
});

afterEach(() => page.close());

async function open(scenario: Scenario): Promise<void> {
  page = await browser.open(scenario);
  await settled(page);
}

/** Saves the view as the fake user chose, and answers what came to the host. */
async function saved(choice: object): Promise<string> {
  await page.evaluate(`window.fake.savedView = ''; window.fake.viewChoice = ${JSON.stringify(choice)}`);
  await press(page, 'S');
  await until(page, 'window.fake.savedView.length > 0');
  return page.evaluate<string>(
    `typeof window.fake.savedView === 'string' ? window.fake.savedView : btoa([...window.fake.savedView].map((b) => String.fromCharCode(b)).join(''))`,
  );
}

describe('the view', () => {
  it('is saved as SVG: the picture inside it, boxes in their places, words to select', async () => {
    await open({});
    const { imageSize, canvas } = await settled(page);
    if (imageSize === null) throw new Error('the fake scene has an image');
    const svg = await saved({ format: 'svg', part: 'all', scale: 1, width: 800 });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<script|href="(?!data:image\/)/);
    expect(svg).toContain('<image href="data:image/jpeg;base64,');
    const scale = 800 / imageSize.width;
    for (const { box } of canvas.regions) {
      const x = Math.round((12 + Math.min(box.x1, box.x2) * scale) * 100) / 100;
      expect(svg).toContain(`<rect x="${x}"`);
    }
    expect(svg).toMatch(/<text [^>]*>Region 1 /);
    expect(svg).toContain('boxes in pixels of the original');
  });

  it('is saved as PNG, of the part on screen', async () => {
    await open({});
    await press(page, 'Enter');
    const { visible } = (await settled(page)).canvas.viewport;
    const bytes = Buffer.from(await saved({ format: 'png', part: 'visible', scale: 2, width: null }), 'base64');
    const { format, width } = await sharp(bytes).metadata();
    expect(format).toBe('png');
    expect(width).toBeGreaterThanOrEqual(360);
    expect(width).toBeLessThanOrEqual(Math.max(360, 2 * Math.ceil(visible.x2 - visible.x1) + 30));
  });
});

describe('a link', () => {
  it('selects its rollout, and says so where the filter does not list it', async () => {
    await open({});
    await press(page, 'C');
    await until(page, `document.querySelector('.status-line').textContent.includes('on the clipboard')`);
    await page.evaluate(`window.fake.channel.emit('editor/reveal', { group: 3, member: 2, row: 26 })`);
    await until(page, `document.querySelector('.list-row.selected, [aria-selected="true"]') !== null`);
    await settled(page);
    expect((await snapshot(page)).selection.place).toEqual({ group: 3, member: 2 });
  });
});
