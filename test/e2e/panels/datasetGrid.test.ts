import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetSnapshot, datasetSnapshot, pressed } from '../../panelsPage/dataset/driver';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { until } from '../../panelsPage/driver';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';
import { eventually } from '../harness/eventually';

let browser: PanelsBrowser<DatasetScenario>;
let page: Page;

beforeAll(async () => {
  browser = await openDatasetBrowser({ reducedMotion: true });
});

afterAll(async () => {
  await browser.close();
  expect(browser.complaints).toEqual([]);
});

afterEach(() => page.close());

async function open(scenario: DatasetScenario & { state?: unknown } = {}): Promise<void> {
  page = await browser.open(scenario, { width: 1000, height: 700 });
  await page.locator('.cell').first().waitFor();
  await page.locator('.grid').focus();
}

const told = <T>(read: (snapshot: DatasetSnapshot) => T, wanted: T) =>
  eventually(() => datasetSnapshot(page), read, wanted);
const filterLine = (text: string) =>
  until(page, `document.querySelector('.find-bar').textContent.includes(${JSON.stringify(text)})`);

describe('the grid, by keys alone', () => {
  it('goes from image to image, opens one, steps there and comes back to it', async () => {
    await open();
    const { columns } = (await datasetSnapshot(page)).grid;
    await pressed(page, 'ArrowDown ArrowDown ArrowRight');
    await told(({ cursor }) => cursor.image, 2 * columns + 1);
    await pressed(page, 'Enter');
    await told(({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 2 * columns + 1 });
    await pressed(page, 'j j');
    await told(({ image }) => image, 2 * columns + 3);
    await pressed(page, 'Escape');
    await told(({ mode, cursor }) => ({ mode, image: cursor.image }), { mode: 'grid', image: 2 * columns + 3 });
    await pressed(page, 'End');
    await told(({ cursor, grid }) => cursor.image >= grid.from && cursor.image <= grid.to, true);
    await told(({ cursor }) => cursor.image, 399);
    await pressed(page, 'PageUp Home');
    await told(({ cursor, grid }) => [cursor.image, grid.top], [0, 0]);
  });

  it('selects single images and ranges, counts them, and lets go of all', async () => {
    await open();
    await pressed(page, 'Space ArrowRight ArrowRight Shift+ArrowRight Shift+ArrowRight');
    await told(({ selected }) => selected, [0, 2, 3, 4]);
    await filterLine('4 selected');
    expect(await page.locator('.cell[aria-selected=true]').count()).toBe(4);
    await pressed(page, 'Escape');
    await told(({ selected }) => selected, []);
    await pressed(page, 'Control+a');
    await told(({ selected }) => selected.length, 400);
  });

  it('shows larger thumbnails, and the images as a list with their labels', async () => {
    await open();
    const before = (await datasetSnapshot(page)).grid.columns;
    await pressed(page, '+ + +');
    await told(({ grid }) => grid.columns < before, true);
    await pressed(page, 'l');
    await told(({ asList, grid }) => ({ asList, columns: grid.columns }), { asList: true, columns: 1 });
    await until(page, `document.querySelector('.list-labels')?.textContent.length > 0`);
    expect(await page.locator('.list-head').textContent()).toContain('Annotations');
  });
});

describe('finding images', () => {
  it('takes a named definition of small objects, and says whose it is', async () => {
    await open();
    await until(page, `window.fake.answered.includes('set/columns')`);
    await pressed(page, 'F');
    await page.getByRole('menuitemcheckbox', { name: 'Below 32² px by the box' }).press('Enter');
    await told(({ query }) => query.chips.length, 1);
    await filterLine('boxArea < 1024');
    await filterLine('of 400 images');
    await filterLine('a box is larger than its mask');
    await pressed(page, 'x');
    await told(({ listed }) => listed, 400);
  });

  it('keeps what it shows when the SQL is wrong, and says what is wrong with it', async () => {
    await open();
    await pressed(page, 'w');
    await page.keyboard.type('anotations > 3');
    await pressed(page, 'Enter');
    await page.getByText('Referenced column "anotations" not found').waitFor();
    await told(({ listed, status }) => ({ listed, kind: status.kind }), { listed: 400, kind: 'failed' });
    await page.keyboard.press('Control+a');
    await page.keyboard.type('annotations > 20');
    await pressed(page, 'Enter');
    await told(({ listed, status }) => ({ fewer: listed < 400, kind: status.kind }), { fewer: true, kind: 'idle' });
  });

  it('groups by label: an image with two labels stands under both, and the title stays at the top', async () => {
    await open();
    await until(page, `window.fake.answered.includes('set/columns')`);
    await pressed(page, 'g');
    await page.getByRole('menuitemradio', { name: 'label' }).press('Enter');
    await told(({ listed, sections }) => listed > 400 && sections.length > 3, true);
    await page.locator('.grid').focus();
    await pressed(page, '] ArrowDown ArrowDown ArrowDown ArrowDown');
    const { sections } = await datasetSnapshot(page);
    await page.locator('.section-header.sticky', { hasText: sections[1]?.title ?? '' }).waitFor();
  });

  it('has images compared, and lists those that are alike by groups', async () => {
    await open();
    await pressed(page, 'd');
    await told(({ sections, listed }) => ({ titles: sections.map(({ title }) => title), listed }), {
      titles: ['duplicates 1', 'duplicates 2'],
      listed: 5,
    });
    await page.getByText('5 images in 2 groups of near-duplicates. 1 image could not be read.').waitFor();
  });

  it('filters by a bar of the statistics, and takes it back', async () => {
    await open();
    await pressed(page, 'o');
    await page.getByRole('button', { name: /^kite:/ }).click();
    await told(({ query }) => query.chips, [{ kind: 'category', column: 'label', values: ['kite'] }]);
    await page.getByRole('button', { name: /^kite:/, pressed: true }).click();
    await told(({ listed }) => listed, 400);
    await page.locator('.bar-row').first().locator('.bar:not(:disabled)').first().click();
    await told(({ query, listed }) => query.chips.length === 1 && listed < 400, true);
  });
});

describe('what is not as it should be', () => {
  it('asks for the folder when no image is where the file says', async () => {
    await open({ missing: true });
    await page.getByRole('button', { name: 'Choose Folder…' }).click();
    await until(page, `document.querySelector('.cell img[src]') !== null`);
    await page.locator('.missing-banner').waitFor({ state: 'hidden' });
  });

  it('lists problems with their places', async () => {
    await open({ problems: 3 });
    await pressed(page, 'e');
    await page.getByRole('button', { name: 'instances_val2017.json:10 · image_id' }).click();
    await until(page, `window.fake.answered.includes('editor/openPlace')`);
  });
});
