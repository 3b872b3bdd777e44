import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freezeHost, press, settled, snapshot, until } from '../../panelsPage/driver';
import type { Scenario } from '../../panelsPage/fakeHost';
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

async function open(scenario: Scenario = {}): Promise<void> {
  page = await browser.open(scenario);
  await page.waitForSelector('.row');
  await settled(page);
  await until(page, `document.querySelector('.note-numbers') !== null`);
}

/** Cells of a column, top to bottom. */
const column = (name: string) => async () => {
  const titles = await page.locator('.members-head .members-cell').allTextContents();
  const at = titles.findIndex((title) => title.startsWith(name));
  const rows = await page.locator('.members-row').all();
  return Promise.all(rows.map((row) => row.locator('.members-cell').nth(at).textContent()));
};
const selected = () => page.locator('.members-row.selected .rollout-number').textContent();
const place = async () => (await snapshot(page)).selection.place;

describe('the table of a group', () => {
  it('moves with list and canvas, is sorted from the keyboard, and follows edits with a host that is silent', async () => {
    await open();
    await press(page, 'M');
    await expect.poll(selected).toBe('1');
    await press(page, 'ArrowDown ArrowDown');
    expect(await place()).toEqual({ group: 0, member: 2 });
    expect(await page.locator('.rollout-row.selected .rollout-number').textContent()).toBe('3');
    // Reward: highest first, then lowest.
    await press(page, 'ArrowRight ArrowRight Enter Enter');
    await page.locator('[aria-sort=ascending]', { hasText: 'Reward' }).waitFor();
    const rewards = await column('Reward')();
    expect(rewards).toEqual([...rewards].sort((a, b) => Number(a) - Number(b)));
    await press(page, 'Home');
    await expect.poll(place).toEqual({ group: 0, member: 5 });
    await freezeHost(page);
    await press(page, 'd');
    await page.keyboard.type('9');
    await press(page, 'Enter');
    // It is the highest now: its row went to the end, and the selection with it.
    await expect.poll(async () => (await column('Reward')()).at(-1)).toBe('9.0000.867');
    expect(await selected()).toBe('6');
    await expect.poll(async () => (await column('Advantage')()).at(-1)).toMatch(/^\+/);
    await press(page, 'M');
    expect((await snapshot(page)).tab).toBe('turns');
  });

  it('makes rows of what is on screen only, in a group of hundreds', async () => {
    await open({ groups: 2, size: 200 });
    await press(page, 'M');
    await expect.poll(selected).toBe('1');
    await press(page, 'End');
    await expect.poll(place).toEqual({ group: 0, member: 199 });
    await expect.poll(selected).toBe('200');
    expect(await page.locator('.members-row').count()).toBeLessThan(40);
    // Its fields are not among the group's details: they are read as the row comes into sight.
    await expect.poll(async () => (await column('format')()).at(-2)).toMatch(/^[01]\.000$/);
    const read = await page.evaluate<number>(`window.fake.answered.filter((name) => name === 'trace/rollout').length`);
    expect(read).toBeLessThan(60);
  });
});

describe('the group side by side', () => {
  it('draws the image for each rollout, and arrows move among the pictures', async () => {
    await open({ groups: 2, size: 6 });
    await press(page, 'P');
    await until(page, `document.querySelectorAll('.tile-picture canvas').length >= 3`);
    await press(page, 'ArrowRight');
    await page.locator('.group-tile[aria-selected=true]', { hasText: /^2/ }).waitFor();
    expect(await place()).toEqual({ group: 0, member: 1 });
    await page.locator('.group-tile').first().click();
    await expect.poll(place).toEqual({ group: 0, member: 0 });
    await press(page, 'N');
    await page.getByRole('menuitemradio', { name: 'All rollouts' }).waitFor();
    await press(page, 'Escape');
    await page.getByRole('button', { name: 'All on the image' }).click();
    await expect.poll(async () => (await snapshot(page)).selection.siblings.length).toBe(5);
  });
});

describe('the comparison of two responses', () => {
  it('is with the best of the group, with the one that is chosen, and lays both over the image', async () => {
    await open();
    await press(page, 'j D');
    const other = page.locator('.diff-menu');
    await other.filter({ hasText: 'Rollout 1 (best reward)' }).waitFor();
    await page.locator('.diff-turn .diff-removed').first().waitFor();
    await page.locator('.diff-turn .diff-added').first().waitFor();
    expect((await snapshot(page)).selection.siblings).toEqual([0]);
    await press(page, 'A');
    await page.getByRole('menuitemradio', { name: 'Rollout 4' }).click();
    await other.filter({ hasText: /^Rollout 4$/ }).waitFor();
    await expect.poll(async () => (await snapshot(page)).selection.siblings).toEqual([3]);
    await press(page, 'D');
    await expect.poll(async () => (await snapshot(page)).selection.siblings).toEqual([]);
  });

  it('prefers what somebody preferred, and says so where there is nothing to compare', async () => {
    await open();
    await press(page, 'j j v k D');
    await page.locator('.diff-menu', { hasText: 'Rollout 3 (preferred)' }).waitFor();
    await page.close();
    await open({ size: 1 });
    await press(page, 'D');
    await page.getByText('There is no other rollout in this group to compare with.').waitFor();
  });
});
