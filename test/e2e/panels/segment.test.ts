import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { painted, press, settled, snapshot, until } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser;
let page: Page;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});
beforeEach(async () => {
  page = await browser.open({});
  await page.waitForSelector('.rollout-row, .group-row');
  await settled(page);
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

const segment = async () => (await snapshot(page)).segment;
const labels = () => page.evaluate<string[]>('window.fake.notes.labels');
const asked = () => page.evaluate<number>('window.fake.segment.prompts.filter(({ lane }) => lane === "click").length');

/** A pixel of the image, where it is on the page. */
async function at(x: number, y: number): Promise<{ x: number; y: number }> {
  const { scale, visible } = (await snapshot(page)).canvas.viewport;
  const canvas = (await page.locator('.picture-stage [role=application]').first().boundingBox())!;
  return { x: canvas.x + (x - visible.x1) * scale, y: canvas.y + (y - visible.y1) * scale };
}

async function click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
  const place = await at(x, y);
  await page.mouse.click(place.x, place.y, { button });
}

/** Clicks that are in hand, and answered. */
const answered = (count: number) =>
  expect
    .poll(segment)
    .toMatchObject({ waiting: false, clicks: Array.from({ length: count }, () => expect.anything()) });

describe('masks from clicks', () => {
  it('come from two clicks, are mended by a third, accepted, taken back and made again', async () => {
    await press(page, 'O');
    await expect.poll(() => page.locator('.segment-bar').isVisible()).toBe(true);
    await click(1100, 700);
    await answered(1);
    const one = (await segment()).mask;
    await click(1300, 700);
    await answered(2);
    await click(1200, 700, 'right');
    await answered(3);
    expect((await segment()).clicks[2]).toMatchObject({ positive: false });
    expect((await segment()).mask).not.toEqual(one);
    expect((await snapshot(page)).canvas.maskInHand).toBe(true);
    await press(page, 'Backspace');
    await answered(2);
    await page.keyboard.press('Control+Shift+Z');
    await answered(3);
    // Taken back and made again without a new question.
    expect(await asked()).toBe(3);
    await press(page, 'Enter');
    await expect.poll(labels).toEqual(['Mask: mask']);
    await expect.poll(async () => (await snapshot(page)).canvas.masks).toBe(1);
    expect(await segment()).toMatchObject({ on: true, clicks: [], mask: null, drawn: 1 });
  });

  it('come from a box, with candidates to choose from, under a label that is typed once', async () => {
    await press(page, 'O');
    const [from, to] = [await at(900, 500), await at(1300, 900)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await answered(0);
    const { box } = await segment();
    expect(Math.abs((box?.x1 ?? 0) - 900) + Math.abs((box?.y2 ?? 0) - 900)).toBeLessThan(8);
    await click(1290, 700);
    await answered(1);
    const { mask } = await segment();
    expect(await page.locator('.segment-count').textContent()).toBe('2/3');
    await press(page, ']');
    expect(await page.locator('.segment-count').textContent()).toBe('3/3');
    expect((await segment()).mask).not.toEqual(mask);
    await page.locator('.segment-label').fill('kite');
    await page.keyboard.press('Enter');
    await expect.poll(labels).toEqual(['Mask: kite']);
    await click(1100, 700);
    await answered(1);
    await page.keyboard.press('Space');
    await expect.poll(labels).toEqual(['Mask: kite', 'Mask: kite']);
  });

  it('say while an image is read, never in the way of the next click', async () => {
    await page.evaluate('window.fake.segment.held = true');
    await press(page, 'O');
    await expect.poll(() => page.locator('.segment-notice').textContent()).toContain('Reading the image with Basic');
    await click(1100, 700);
    await click(1200, 700);
    expect(await segment()).toMatchObject({ waiting: true, clicks: [expect.anything(), expect.anything()] });
    await page.evaluate('window.fake.segment.held = false; window.fake.segment.release()');
    await answered(2);
    await expect.poll(() => page.locator('.segment-notice').isVisible()).toBe(false);
  });

  it('say in place that their process is down, with the way to start it', async () => {
    await press(page, 'O');
    await page.evaluate('window.fake.segment.trouble = "Segmentation ended too often."');
    await click(1100, 700);
    await expect.poll(() => page.locator('.segment-notice').textContent()).toContain('ended too often');
    await page.locator('.segment-notice vscode-button', { hasText: 'Restart' }).click();
    await expect.poll(() => page.locator('.segment-notice').isVisible()).toBe(false);
    await click(1100, 700);
    await answered(1);
  });

  it('are given up by Esc, which ends the tool when nothing is in hand', async () => {
    await press(page, 'O');
    await click(1100, 700);
    await answered(1);
    await press(page, 'Escape');
    expect(await segment()).toMatchObject({ on: true, clicks: [], mask: null });
    await press(page, 'Escape');
    expect(await segment()).toMatchObject({ on: false });
    expect((await snapshot(page)).canvas.maskInHand).toBe(false);
    expect(await labels()).toEqual([]);
  });

  it('are finished with brush and eraser, a stroke taken back like a click', async () => {
    await press(page, 'O');
    await click(1100, 700);
    await answered(1);
    const clicked = (await segment()).mask;
    await press(page, 'b ]');
    const strokeFrom = async (x: number, y: number) => {
      const [from, to] = [await at(x, y), await at(x + 200, y + 60)];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 5 });
      await page.mouse.up();
    };
    await strokeFrom(1100, 700);
    await expect.poll(async () => (await segment()).mask).not.toEqual(clicked);
    const painted = (await segment()).mask;
    await press(page, 'e');
    await strokeFrom(1000, 650);
    await expect.poll(async () => (await segment()).mask).not.toEqual(painted);
    await press(page, 'Backspace');
    expect((await segment()).mask).toEqual(painted);
    await press(page, 'Enter');
    await expect.poll(labels).toEqual(['Mask: mask']);
    // Nobody asked the model for what a person drew.
    expect(await asked()).toBe(1);
  });

  it('are listed beside the picture: hidden, shown alone, labelled, taken up again and deleted', async () => {
    await page.close();
    page = await browser.open({ masks: 3 });
    await settled(page);
    const shown = async () => (await snapshot(page)).canvas.masks;
    const row = page.locator('.mask-row').first();
    await expect.poll(shown).toBe(3);
    await row.hover();
    await row.getByLabel('Show this mask', { exact: true }).click();
    await expect.poll(shown).toBe(2);
    await row.getByLabel('Show this mask alone').click();
    await expect.poll(shown).toBe(1);
    await row.getByLabel('Show this mask alone').click();
    await row.locator('.mask-name').click();
    await row.locator('input').fill('red kite');
    await page.keyboard.press('Enter');
    await expect.poll(labels).toEqual(['Label mask: red kite']);
    await row.hover();
    await row.getByLabel('Go on from this mask').click();
    await expect.poll(async () => (await segment()).mask).not.toBeNull();
    await click(1100, 700);
    await answered(1);
    await press(page, 'Enter');
    await expect.poll(labels).toEqual(['Label mask: red kite', 'Change mask: red kite']);
    await row.hover();
    await row.getByLabel('Delete this mask').click();
    await expect.poll(() => page.locator('.mask-row').count()).toBe(2);
    await press(page, 'V');
    await expect.poll(shown).toBe(0);
  });

  it('are chosen by a click on the picture or by keys, taken up again and deleted', async () => {
    await page.close();
    page = await browser.open({ masks: 3 });
    await settled(page);
    await expect.poll(async () => (await snapshot(page)).canvas.masks).toBe(3);
    const { width } = (await snapshot(page)).imageSize!;
    const step = width / Math.ceil(Math.sqrt((3 * width) / (await snapshot(page)).imageSize!.height));
    const chosen = page.locator('.mask-row[aria-current=true]');
    await click(step * 1.5, step * 0.15);
    await expect.poll(() => chosen.getAttribute('data-mask')).toBe('mask-1');
    await press(page, '}');
    await expect.poll(() => chosen.getAttribute('data-mask')).toBe('mask-2');
    await press(page, '{ Delete');
    await expect.poll(() => page.locator('.mask-row').count()).toBe(2);
    await expect.poll(() => chosen.count()).toBe(0);
    await press(page, '} Enter');
    await expect.poll(async () => (await segment()).mask).not.toBeNull();
  });

  it('are previewed under the pointer once the image was read', async () => {
    await press(page, 'O');
    await until(page, 'window.fake.answered.includes("segment/prepare")');
    const place = await at(1100, 700);
    await page.mouse.move(place.x, place.y);
    await expect.poll(async () => (await snapshot(page)).canvas.maskInHand).toBe(true);
    await press(page, 'h');
    await painted(page);
    expect((await snapshot(page)).canvas.maskInHand).toBe(false);
  });
});
