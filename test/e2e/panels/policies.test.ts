import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { press, settled, snapshot } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

/** Policies that are asked about the selected sample, over a made-up host. */

let browser: PanelsBrowser;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});

afterAll(async () => {
  await browser?.close();
  expect(browser?.complaints).toEqual([]);
});

const cells = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('.live:not([hidden]) .live-cell')].map((cell) => cell.querySelector('.live-state').textContent)`,
  );

it('shows a group that is sampled, rollout by rollout, while it is said, and can be cancelled', async () => {
  const page = await browser.open({});
  await settled(page);
  await press(page, 'Z');
  await expect.poll(() => cells(page)).toEqual(Array.from({ length: 8 }, () => 'waits'));
  await page.evaluate('window.fake.policies.say()');
  await expect
    .poll(async () => (await cells(page)).slice(0, 4))
    .toEqual(['looks', 'done · 3 regions', 'malformed · 0 regions', 'waits']);
  await page.getByText('I would look at both').first().waitFor();
  await page.getByText('There is no JSON in the answer.').first().waitFor();
  // Another wish waits for this one.
  await press(page, 'Z');
  await page.getByText('A policy is being asked already.').waitFor({ state: 'attached' });
  await page.locator('.live').getByText('Cancel').click();
  await page.getByText('qwen2.5-vl: cancelled').waitFor();
  await page.locator('.live').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => cells(page)).toEqual([]);
  await press(page, 'Z');
  await expect.poll(async () => (await cells(page)).length).toBe(8);
  await page.evaluate(`window.fake.policies.end('qwen2.5-vl: the server answered 503 five times.')`);
  await page.getByText('answered 503 five times').waitFor();
  await page.close();
});

it('lets a person draw the regions with the pointer, take one back, and send the others', async () => {
  const page = await browser.open({});
  await settled(page);
  await page.evaluate(`window.fake.policies.asked = 'person'`);
  await press(page, 'B');
  await page.getByText('Drag over a part of the picture: 3 more at most').waitFor();
  await press(page, 'Enter');
  expect(await page.evaluate('window.fake.policies.drawn')).toBeNull();
  const canvas = (await page.locator('.picture-stage canvas').first().boundingBox())!;
  const drag = async (x: number, y: number) => {
    await page.mouse.move(canvas.x + x, canvas.y + y);
    await page.mouse.down();
    await page.mouse.move(canvas.x + x + 60, canvas.y + y + 40, { steps: 4 });
    await page.mouse.up();
  };
  await drag(canvas.width / 2 - 100, canvas.height / 2 - 60);
  await drag(canvas.width / 2 + 20, canvas.height / 2);
  await page.getByText('1 more at most').waitFor();
  await press(page, 'Backspace');
  await page.getByText('2 more at most').waitFor();
  await press(page, 'Enter');
  await expect.poll(() => page.evaluate<unknown[] | null>('window.fake.policies.drawn')).toHaveLength(1);
  const { scale } = (await snapshot(page)).canvas.viewport;
  const [box] = (await page.evaluate<{ x1: number; x2: number; y1: number; y2: number }[]>(
    'window.fake.policies.drawn',
  ))!;
  expect(Math.abs((box!.x2 - box!.x1) * scale - 60)).toBeLessThan(2 + scale);
  await expect.poll(async () => (await cells(page)).length).toBe(1);
  await page.close();
});
