import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { press, settled, snapshot, until } from '../../panelsPage/driver';
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
  page = await browser.open({ groups: 3, size: 4, ...scenario });
  await page.waitForSelector('.rollout-row');
  await settled(page);
  await words('0 of 12 reviewed');
}

const words = (text: string) => page.locator('.review-words', { hasText: new RegExp(`^${text}$`) }).waitFor();
const place = async () => (await snapshot(page)).selection.place;
const at = (group: number, member: number) => expect.poll(place).toEqual({ group, member });

describe('a review', () => {
  it('marks and goes on by one key, passes over what is reviewed, and tells how far it has come', async () => {
    await open();
    await press(page, 'Y');
    await at(0, 1);
    await words('1 of 12 reviewed');
    await press(page, 'j y k');
    await at(0, 1);
    await words('2 of 12 reviewed');
    await press(page, 'Y');
    await at(0, 3);
    await press(page, 'U');
    // Back over three that are reviewed, from the end of the list.
    await at(2, 3);
    await page.locator('.status-line', { hasText: 'From the end of the list again.' }).waitFor();
  });

  it('takes keys faster than answers come', async () => {
    await open({ delay: 40 });
    await press(page, 'Y Y Y');
    await at(0, 3);
    await words('3 of 12 reviewed');
  });

  it('marks a whole group as one edit, and says so where nothing is left', async () => {
    await open();
    await press(page, 'W');
    await at(1, 0);
    await words('4 of 12 reviewed');
    expect(await page.evaluate('window.fake.notes.labels')).toEqual(['Reviewed: the group']);
    await press(page, 'W');
    await at(2, 0);
    await press(page, 'W');
    await page.locator('.status-line', { hasText: 'Nothing else in the list is left to review.' }).waitFor();
    await press(page, 'W');
    await words('8 of 12 reviewed');
    await at(2, 0);
  });

  it('is over what the list shows: a filter of the user’s own, or what deserves it', async () => {
    await open();
    await press(page, 'w');
    await page.keyboard.type('reward > 1');
    await press(page, 'Enter');
    await until(page, `document.querySelector('.review-words').textContent !== '0 of 12 reviewed'`);
    await press(page, 'Escape N');
    const checked = page.locator('[role=menuitemradio][aria-checked=true]');
    await checked.filter({ hasText: 'My filter' }).waitFor();
    await page.locator('.menu-item', { hasText: 'Widest spread first' }).click();
    await page.locator('.filter-chip', { hasText: 'zero_variance = 0' }).waitFor();
    await page.locator('.filter-chip', { hasText: 'std reward' }).waitFor();
    await press(page, 'N');
    await page.locator('.menu-item', { hasText: 'Differ from recomputed' }).click();
    await page.locator('.status-line', { hasText: 'Recompute the rewards of all rollouts first.' }).waitFor();
  });
});
