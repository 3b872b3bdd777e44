import { afterAll, beforeAll, expect, it } from 'vitest';
import { painted, press, settled, snapshot } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

/** Large images in the real page over a made-up host. */

let browser: PanelsBrowser;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});

afterAll(async () => {
  await browser?.close();
  expect(browser?.complaints).toEqual([]);
});

it('shows a large image by the tiles that are on screen, of the level that the zoom needs, and by itself when pixels are seen', async () => {
  const page = await browser.open({ tiled: true });
  await settled(page);
  const asked = () => page.evaluate<string[]>('window.fake.tiles');
  await expect.poll(async () => (await snapshot(page)).canvas.tiles, { timeout: 10_000 }).toBeGreaterThan(0);
  const fitted = await asked();
  const coarse = new Set(fitted.map((tile) => tile[0]));
  expect(coarse.size).toBe(1);
  // At full size only a part of the picture's 5 × 3 tiles is on screen.
  await press(page, 'z');
  await expect
    .poll(async () => (await asked()).filter((tile) => tile.startsWith('0/')).length, { timeout: 10_000 })
    .toBeGreaterThan(0);
  for (;;) {
    await painted(page);
    const { canvas } = await snapshot(page);
    const { x1, y1, x2, y2 } = canvas.viewport.visible;
    const across = Math.min(5, Math.ceil(x2 / 512)) - Math.max(0, Math.floor(x1 / 512));
    const down = Math.min(3, Math.ceil(y2 / 512)) - Math.max(0, Math.floor(y1 / 512));
    const sharp = (await asked()).filter((tile) => tile.startsWith('0/'));
    if (canvas.tiles < across * down || sharp.length < across * down) continue;
    expect(canvas.detail).toBeNull();
    expect(new Set(sharp).size).toBe(sharp.length);
    break;
  }
  for (let steps = 0; steps < 8; steps++) await press(page, '+');
  await expect.poll(async () => (await snapshot(page)).canvas.detail, { timeout: 10_000 }).not.toBeNull();
  await page.close();
});
