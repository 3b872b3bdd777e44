import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { painted, press, settled, snapshot, until } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

/** The replay of what policies saw, over a made-up host that answers as the real one. */

let browser: PanelsBrowser;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});

afterAll(async () => {
  await browser?.close();
  expect(browser?.complaints).toEqual([]);
});

const strip = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.look-strip:not([hidden]) .look-step')].map((step) =>
    step.className.replace('look-step ', '') + ' ' + step.querySelector('.look-badge').textContent)`);

describe('a rollout that zooms', () => {
  it('is replayed step by step with the keys, the image moving along to what each call cut', async () => {
    const page = await browser.open({ turns: 'zoom' });
    await settled(page);
    expect(await strip(page)).toEqual([]);
    await press(page, 'c');
    expect(await strip(page)).toEqual(['seen current Image', 'seen 1', 'seen 2', 'refused 3', 'seen 4']);
    await press(page, 'ArrowRight ArrowRight');
    const { chain, selection, canvas } = await snapshot(page);
    expect(chain).toMatchObject({ open: true, kind: 'zoom', look: 2 });
    expect(selection.region).toBe('r0:1');
    const region = canvas.regions.find(({ id }) => id === 'r0:1')!;
    const { visible } = canvas.viewport;
    expect(visible.x1).toBeLessThan(region.box.x1);
    expect(visible.x2).toBeGreaterThan(region.box.x2);
    expect(visible.x2 - visible.x1).toBeLessThan(1200);
    await press(page, 'ArrowRight');
    expect((await snapshot(page)).chain).toMatchObject({ look: 3 });
    await until(page, `document.querySelector('.look-view .stage-caption').textContent.includes('refused')`);
    await press(page, 'c');
    expect((await snapshot(page)).canvas.viewport.visible.x1).toBeLessThan(1);
    await page.close();
  });

  it('is replayed by the rules of the tool that somebody chooses, whose source is told', async () => {
    const page = await browser.open({ turns: 'zoom' });
    await settled(page);
    await press(page, 'c');
    const before = await strip(page);
    await press(page, 'I');
    await page.getByRole('menuitemradio', { name: 'any tool' }).click();
    const row = page.locator('.frame-row', { hasText: 'Tool' }).last();
    await row.getByText('set by you').waitFor();
    await row.getByText('rules read from no tool').waitFor();
    // No tool's own checks refuse the third call, but the log says that the tool answered with an error.
    expect(await strip(page)).toEqual(before);
    await page.close();
  });

  it('shows what came back in its turn, and a press on it leads to its step', async () => {
    const page = await browser.open({ turns: 'zoom' });
    await settled(page);
    await until(page, `document.querySelectorAll('.observation').length === 3`);
    await page.locator('.observation').nth(1).click();
    await painted(page);
    expect((await snapshot(page)).chain).toMatchObject({ open: true, look: 2 });
    await page.close();
  });

  it('shows no crop of a call that was refused', async () => {
    const page = await browser.open({ turns: 'zoom' });
    await settled(page);
    const card = page.locator('.region-card.failed');
    expect(await card.count()).toBe(1);
    expect(await card.locator('.thumb').isHidden()).toBe(true);
    expect(await card.textContent()).toContain('it has no width');
    await page.close();
  });
});

describe('an episode of screens', () => {
  it('shows the picture of the turn it is at, with that turn’s clicks alone', async () => {
    const page = await browser.open({ turns: 'gui' });
    await until(page, `document.querySelector('.dimmed') === null`);
    await settled(page);
    await press(page, '.');
    await until(page, `document.querySelector('.dimmed') === null`);
    const { imageSize, canvas, chain } = await settled(page);
    expect(chain).toMatchObject({ kind: 'screens', look: 1 });
    expect(imageSize).toEqual({ width: 500, height: 1000 });
    expect(canvas.regions.map(({ id, box }) => [id, box.x1, box.y1])).toEqual([['c0:1', 260, 480]]);
    await page.close();
  });
});

describe('a rollout about a video', () => {
  it('of which no picture is logged says so: an axis of frames with those that the policy was shown, or of times alone', async () => {
    const page = await browser.open({ turns: 'videoOnly' });
    await until(page, `document.querySelector('.dimmed') === null`);
    const note = () => page.locator('.time-note').textContent();
    const ends = () => page.locator('.time-end').allTextContents();
    await expect.poll(note).toBe('Frame numbers only: the log keeps no pictures');
    expect(await ends()).toEqual(['0', '2999']);
    expect(await page.locator('.look-step').count()).toBe(16);
    expect(await page.locator('.look-step.picked .look-badge').allTextContents()).toHaveLength(8);
    await expect.poll(() => page.locator('.picture-note').textContent()).toBe('The log keeps no picture of this frame');
    await press(page, 'j');
    await expect.poll(note).toBe('Times only: the log keeps no pictures of match.mp4');
    expect(await ends()).toEqual(['0:00.00', '6:45.50']);
    const moments = page.locator('.time-axis').getByRole('img');
    expect(await moments.first().getAttribute('aria-label')).toBe('Moment 1: 4:57.00 to 5:10.00');
    await page.close();
  });

  it('is a strip of its frames with times, the chosen ones marked, and its moments on a time axis', async () => {
    const page = await browser.open({ turns: 'video' });
    await until(page, `document.querySelector('.dimmed') === null`);
    await settled(page);
    const chosen = page.locator('.look-step:has(.codicon-target) .look-time');
    expect(await page.locator('.look-step').count()).toBe(12);
    expect(await chosen.allTextContents()).toEqual(['0:01.00', '0:01.50', '0:04.00']);
    const moments = await page
      .locator('.time-axis')
      .getByRole('img')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(moments).toEqual(['Moment 1: 0:01.00 to 0:01.50 · kite above the people', 'Moment 2: 0:04.00 · red kite']);
    expect((await snapshot(page)).canvas.regions).toEqual([]);
    await press(page, '. .');
    await until(page, `document.querySelector('.dimmed') === null`);
    const { canvas, imageSize } = await settled(page);
    expect(imageSize).toEqual({ width: 500, height: 1000 });
    expect(canvas.regions.map(({ id }) => id)).toEqual(['r0:0']);
    await page.close();
  });

  it('whose frames the log left out has its moments alone', async () => {
    const page = await browser.open({ turns: 'video' });
    await settled(page);
    await press(page, 'j');
    await until(page, `document.querySelectorAll('.look-step').length === 0`);
    expect(await page.locator('.time-segment').count()).toBe(2);
    expect(await page.locator('.look-strip .icon-button:visible').count()).toBe(0);
    await page.close();
  });
});

describe('a segmenter’s clicks', () => {
  it('are stepped with the keys, each with the mask it led to', async () => {
    const page = await browser.open({ turns: 'clicks' });
    await settled(page);
    const masks = async () => (await snapshot(page)).canvas.masks;
    // Before the first click there is only the mask to reach.
    await expect.poll(masks).toBe(1);
    await press(page, '. .');
    await expect.poll(masks).toBe(2);
    expect((await snapshot(page)).selection.region).toBe('c0:1');
    await press(page, 't');
    await expect.poll(masks).toBe(1);
    await page.close();
  });
});

describe('tokens', () => {
  it('are coloured by the next number at each press, with their own in the tooltip', async () => {
    const page = await browser.open({ turns: 'tokens' });
    await settled(page);
    await press(page, 'h');
    await until(page, `document.querySelectorAll('.raw-block .marked-token').length > 20`);
    expect(await page.locator('.raw-block .marked-token').first().getAttribute('title')).toMatch(/^reward .* · value /);
    expect(await page.locator('.heat-bar .chip[aria-pressed=true]').textContent()).toBe('Reward');
    await press(page, 'h h h');
    expect(await page.locator('.raw-block .marked-token').count()).toBe(0);
    await page.close();
  });
});
