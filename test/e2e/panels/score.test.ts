import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/core/reward/scoring/profile';
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

const numbers = () => page.locator('.score-numbers').textContent();
const has = (text: string) => until(page, `document.querySelector('.score-numbers').textContent.includes('${text}')`);

describe('rewards recomputed beside the logged ones', () => {
  it('may come from a function of the user’s own, whose trouble is told', async () => {
    await open({});
    await press(page, 'q');
    await page.locator('.score-pass vscode-button', { hasText: 'Python' }).click();
    const outcome = `document.querySelector('.score-outcome').textContent`;
    await until(
      page,
      `${outcome} === 'reward.py:f: 7 of 8 totals; 2 differ from the log. 1 have none: The reward failed.'`,
    );
  });

  it('are there once a profile is chosen, with its source, and follow the selection', async () => {
    await open({});
    await press(page, 'q');
    expect(await numbers()).toContain('Choose a profile');
    // The list of profiles has the keyboard.
    await press(page, 'ArrowDown');
    await has('appendix B–C');
    await has('differs by');
    expect((await snapshot(page)).state).toMatchObject({ profile: 'active-o3-paper' });
    const before = await numbers();
    await page.locator('.score-group .link-button').nth(4).click();
    await until(page, `document.querySelector('.score-group .selected').textContent.startsWith('5')`);
    expect(await numbers()).not.toBe(before);
    expect((await snapshot(page)).selection.place).toEqual({ group: 0, member: 4 });
  });

  it('say why where boxes cannot be placed, and make no total or advantage of the rest', async () => {
    await open({ image: 'missing', profile: 'active-o3-paper' });
    await has('not recomputable: The image is missing');
    const total = await page.locator('.score-total .number').first().textContent();
    expect(total).toBe('–');
    expect(await page.locator('.score-group tbody .number:last-child').allTextContents()).toEqual(Array(8).fill('–'));
  });

  it('become columns by a pass that can be stopped; the quick filter is there afterwards', async () => {
    await open({ profile: 'active-o3-paper' });
    await page.locator('.score-pass vscode-button').first().click();
    await until(page, `document.querySelector('.score-progress')?.textContent === '1,600 of 3,200 rollouts'`);
    await page.locator('.score-pass vscode-button').first().click();
    await until(page, `document.querySelector('.score-outcome')?.textContent.startsWith('Stopped')`);
    await page.locator('.score-pass vscode-button').first().click();
    // The host has taken the second pass up once it tells how far that is.
    await until(page, `document.querySelector('.score-progress')?.textContent === '1,600 of 3,200 rollouts'`);
    await page.evaluate('window.fake.finishScoring()');
    await until(page, `document.querySelector('.score-outcome')?.textContent.startsWith('12 of 3,200')`);
    // A menu that was opened before the new columns were there does not hold them.
    const offered = () => page.locator('.menu', { hasText: 'Differs' }).count();
    for (let times = 0; times < 20; times++) {
      await press(page, 'F');
      if ((await offered()) > 0) break;
      await press(page, 'Escape');
      await page.waitForTimeout(100);
    }
    expect(await offered()).toBe(1);
  });

  it('name a profile file that is wrong and offer the others', async () => {
    await open({ brokenProfile: true });
    await until(page, `document.querySelector('.score-problem')?.textContent.includes('/run/mine.json')`);
    // One for no profile.
    expect(await page.locator('.score-choice vscode-option').count()).toBe(builtInProfiles.length + 1);
  });
});
