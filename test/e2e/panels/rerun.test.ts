import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { press, settled, snapshot } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser;
let page: Page;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});
beforeEach(async () => {
  page = await browser.open({ turns: 'clicks' });
  await settled(page);
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

const rerun = async () => (await snapshot(page)).rerun;
const segment = async () => (await snapshot(page)).segment;
const look = async () => (await snapshot(page)).chain.look;
const masks = async () => (await snapshot(page)).canvas.masks;
const done = (count: number) =>
  expect.poll(rerun).toMatchObject({ running: false, done: Array.from({ length: count }, () => expect.anything()) });
const asked = () =>
  page.evaluate<{ clicks: readonly unknown[]; previous: { kind: string } | null }[]>(
    'window.fake.segment.prompts.filter(({ lane }) => lane === "rerun")',
  );

describe('a segmenter’s clicks', () => {
  it('are made again one by one up to the click on show, each on the mask before, beside the logged mask', async () => {
    await press(page, '. .');
    await expect.poll(look).toBe(2);
    await press(page, '*');
    await done(2);
    const prompts = await asked();
    expect(prompts.map(({ clicks }) => clicks.length)).toEqual([1, 2]);
    expect(prompts.map(({ previous }) => previous?.kind ?? null)).toEqual([null, 'candidate']);
    // The logged mask, the one made again, and the one to reach.
    await expect.poll(masks).toBe(3);
    const [first] = (await rerun())?.done ?? [];
    const cells = await page.locator('.rerun-table tbody tr').first().locator('.number').allTextContents();
    const [logged, again, gained] = cells.map((text) => Number(text.replace('−', '-')));
    expect([logged, again]).toEqual([first?.loggedIou, first?.iou].map((iou) => Number(iou?.toFixed(3))));
    expect(gained).toBeCloseTo((again ?? 0) - (logged ?? 0), 2);
    await press(page, '.');
    // The third was not made again.
    await expect.poll(masks).toBe(2);
    await page.locator('.rerun-table tbody tr').first().click();
    await expect.poll(look).toBe(1);
    await page.getByLabel('Close the re-run').click();
    await expect.poll(masks).toBe(2);
  });

  it('are made again by the newest run alone, which Esc ends', async () => {
    await page.evaluate('window.fake.segment.held = true');
    await press(page, '*');
    await expect.poll(async () => (await asked()).length).toBe(1);
    await press(page, '. *');
    await expect.poll(async () => (await asked()).length).toBe(2);
    expect(await rerun()).toMatchObject({ running: true, total: 1, done: [] });
    await page.evaluate('window.fake.segment.held = false; window.fake.segment.release()');
    await done(1);
    await page.evaluate('window.fake.segment.held = true');
    await press(page, '*');
    await expect.poll(async () => (await asked()).length).toBe(3);
    await press(page, 'Escape');
    expect(await rerun()).toMatchObject({ running: false, done: [] });
    await page.evaluate('window.fake.segment.release()');
    await press(page, 'j');
    await expect.poll(rerun).toBeNull();
  });

  it('are gone on from by hand, each of them to be taken back, and kept with the mask', async () => {
    await press(page, '. . &');
    await expect.poll(segment).toMatchObject({ on: true, waiting: false, clicks: [{}, { x: 640, y: 1040 }] });
    const logged = (await segment()).mask;
    await press(page, 'Backspace');
    await expect.poll(segment).toMatchObject({ clicks: [{ x: 540, y: 1080, positive: true }] });
    expect((await segment()).mask).not.toEqual(logged);
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(async () => (await segment()).mask).toEqual(logged);
    const canvas = (await page.locator('.picture-stage [role=application]').first().boundingBox())!;
    const { scale, visible } = (await snapshot(page)).canvas.viewport;
    await page.mouse.click(canvas.x + (700 - visible.x1) * scale, canvas.y + (1000 - visible.y1) * scale);
    await expect.poll(segment).toMatchObject({ waiting: false, clicks: [{}, {}, { positive: true }] });
    await press(page, 'Enter');
    await expect.poll(async () => (await segment()).drawn).toBe(1);
    expect(await page.locator('.mask-facts').textContent()).toContain('3 clicks');
    // From what was made again, where the click was.
    await press(page, 'Escape');
    await press(page, '*');
    await done(2);
    await page.getByLabel('Go on by hand from this click').first().click();
    await expect.poll(segment).toMatchObject({ on: true, clicks: [{ x: 540 }] });
    expect((await segment()).mask).not.toEqual(logged);
  });
});
