import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { press, settled, snapshot, until } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser;
let page: Page;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

async function compare(): Promise<void> {
  page = await browser.open({});
  await page.waitForSelector('.rollout-row, .group-row');
  await settled(page);
  await press(page, 'o');
  await page.locator('#tab-compare').click();
  await page.locator('.compare-empty vscode-button').click();
  await page.waitForSelector('.flip-cell');
}

describe('this run against another', () => {
  it('counts samples won and lost, and lists those of a cell', async () => {
    await compare();
    const counts = (await page.locator('.flip-count').allTextContents()).map(Number);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(40);
    const all = await page.locator('.compare-row').count();
    await page.locator('.flip-cell').nth(1).click();
    expect(await page.locator('.compare-samples h3').textContent()).toContain('right in A, wrong in B');
    expect(await page.locator('.compare-row').count()).toBe(counts[1]);
    await page.locator('.flip-cell').nth(1).click();
    expect(await page.locator('.compare-row').count()).toBe(all);
  });

  it('shows a sample with the regions of both runs on its image, until they are taken away', async () => {
    await compare();
    await page.locator('.compare-row').first().click();
    await page.waitForSelector('.guest-note:not([hidden])');
    await settled(page);
    const kinds = async () => (await snapshot(page)).marks.list.map(({ id }) => id[0]);
    expect(await kinds()).toContain('g');
    expect(await page.locator('.guest-note').textContent()).toContain('grpo_baseline/rollouts, 8 rollouts');
    await page.locator('.guest-note button').click();
    expect(await kinds()).not.toContain('g');
  });

  it('refuses steps that are none, and keeps the keyboard in the field', async () => {
    await compare();
    const field = page.locator('.steps-input').first();
    await field.fill('ten');
    await field.press('Enter');
    await until(page, `document.querySelector('.steps-input.wrong') !== null`);
    await field.fill('1:2');
    await field.press('Enter');
    await page.waitForSelector('.flip-cell');
  });
});
