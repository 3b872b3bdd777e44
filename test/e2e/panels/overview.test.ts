import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { painted, press, settled, until } from '../../panelsPage/driver';
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

/** A run of sixty steps, its overview open: with every plot, or with `note`. */
async function openOverview(scenario: Scenario = {}, note = ''): Promise<void> {
  page = await browser.open(scenario);
  await page.waitForSelector('.rollout-row, .group-row');
  await settled(page);
  await press(page, 'o');
  if (note !== '') await page.locator('.charts-scroll .overview-note', { hasText: note }).waitFor();
  else {
    await page.locator('.trainer .chart').first().waitFor();
    await page.locator('.uplot canvas').first().waitFor();
  }
}

const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? '';
const chips = () => page.locator('.filter-chips').textContent();
const focusedValue = () => page.evaluate<string>(`document.activeElement.getAttribute('aria-valuetext')`);
const firstPlot = async () => {
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('no plot is there');
  return box;
};

describe('the overview of a run', () => {
  it('stands in the place of the picture, with the keyboard in its first plot, and goes again', async () => {
    await openOverview();
    expect(await text('.overview-facts')).toContain('60 steps, 30,720 rollouts');
    expect(await page.locator('.picture').isVisible()).toBe(false);
    expect(await focusedValue()).toMatch(/^step 60, mean 0\.821/);
    await press(page, 'o');
    expect(await page.locator('.picture').isVisible()).toBe(true);
    expect(await page.locator('.overview').isVisible()).toBe(false);
  });

  it('is read step by step with the arrow keys; every plot tells the same step', async () => {
    await openOverview();
    await press(page, 'Home ArrowRight ArrowRight');
    expect(await focusedValue()).toMatch(/^step 3, mean /);
    const steps = await page.locator('.chart-step').allTextContents();
    expect(new Set(steps)).toEqual(new Set(['step 3']));
  });

  it('filters the list to a step, and to a range spanned with Shift', async () => {
    await openOverview();
    await press(page, 'Home ArrowRight Enter');
    expect(await chips()).toContain('step');
    await until(page, `document.querySelector('.group-stats')?.textContent.startsWith('step 2')`);
    expect(await page.evaluate(`document.activeElement.className`)).toContain('rollout-list');
    await page.locator('.chart-figure').first().focus();
    await press(page, 'Home Shift+ArrowRight Shift+ArrowRight Enter');
    expect(await chips()).toMatch(/step 1 . 3/);
    await page.locator('.chart-figure').first().focus();
    await press(page, 'Escape');
    expect(await chips()).toBe('');
  });

  it('filters the list with a click on a step, and with a drag over some; all plots mark them', async () => {
    await openOverview();
    const box = await firstPlot();
    await page.mouse.click(box.x + 2, box.y + 30);
    await painted(page);
    expect(await chips()).toContain('step');
    await until(page, `document.querySelector('.group-stats')?.textContent.startsWith('step 1 ')`);
    const now = await firstPlot();
    await page.mouse.move(now.x + now.width / 3, now.y + 30);
    await page.mouse.down();
    await page.mouse.move(now.x + (2 * now.width) / 3, now.y + 40, { steps: 4 });
    await page.mouse.up();
    await painted(page);
    expect(await chips()).toMatch(/step 21 . 40/);
    const marked = `[...document.querySelectorAll('.u-select')].filter((one) => one.clientWidth > 20).length`;
    expect(await page.evaluate(marked)).toBe(await page.locator('.uplot').count());
  });

  it('shows every plot as a table', async () => {
    await openOverview();
    await page.locator('[aria-label="Reward as a table"]').click();
    const rows = page.locator('[data-chart="column:reward"] .data-table tbody tr');
    expect(await rows.count()).toBe(60);
    expect(await rows.first().locator('th').textContent()).toBe('1');
    await page.locator('[aria-label="Show as tables"]').click();
    expect(await page.locator('.uplot').count()).toBe(0);
    await page.locator('[aria-label="Show as tables"]').click();
    await until(page, `document.querySelectorAll('.uplot').length > 3`);
  });

  it('leaves when a rollout is selected: who selects one wants to see it', async () => {
    await openOverview();
    await page.locator('.rollout-row').nth(2).click();
    await until(page, `document.querySelector('.overview').hidden`);
  });

  it('says in words what is missing', async () => {
    await openOverview({ run: { steps: 0 } }, 'No row of this trace logs a training step');
    await page.close();
    await openOverview({ run: { steps: 1, reward: false } }, 'one training step');
    await page.locator('.overview-note', { hasText: 'No row logs a total reward' }).waitFor();
  });

  it('follows the theme', async () => {
    await openOverview();
    await page.evaluate(`document.documentElement.style.setProperty('--vscode-charts-blue', '#ff0000')`);
    await page.evaluate(`document.body.className = 'vscode-light'`);
    const red = `(() => {
      const canvas = document.querySelector('.uplot canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) if (data[i] > 200 && data[i + 2] < 60 && data[i + 3] > 200) return true;
      return false;
    })()`;
    await until(page, red);
  });
});

describe('beside the plots', () => {
  it('maps of where the policy looked say what they are a sample of, and tell thirds to a screen reader', async () => {
    await openOverview();
    await page.locator('#tab-looked').click();
    await page.waitForSelector('.looked-canvas');
    expect(await text('.looked-map')).toContain('A sample of 2,000 of 20,480 rollouts');
    expect(await page.locator('.looked-canvas').first().getAttribute('aria-label')).toMatch(/middle \d+\.\d %/);
  });

  it('a box spanned in the scatter with the keyboard becomes a lasso of the list', async () => {
    await openOverview();
    await page.locator('#tab-scatter').click();
    await until(page, `document.querySelector('.scatter .overview-note').textContent.includes('with both numbers')`);
    await page.locator('.scatter-plot').focus();
    await press(page, 'ArrowLeft Shift+ArrowRight Shift+ArrowUp Enter');
    expect(await chips()).toContain('response_length × reward');
  });

  it('the prompt of the selected rollout at every step: a click goes there', async () => {
    page = await browser.open({});
    await page.waitForSelector('.rollout-row');
    await settled(page);
    await press(page, 'b');
    await page.waitForSelector('.then-card canvas');
    expect(await page.locator('.then-step').allTextContents()).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((step) => `step ${step}`),
    );
    await page.locator('.then-card').nth(2).click();
    await settled(page);
    expect(await text('.panel-where')).toContain('Rollout 1');
    expect(await page.locator('.then-card').nth(2).getAttribute('aria-current')).toBe('true');
  });
});
