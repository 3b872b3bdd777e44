import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetSnapshot, datasetSnapshot, pressed } from '../../panelsPage/dataset/driver';
import { contributionOf } from '../../panelsPage/dataset/fakeCurate';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
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

async function open(scenario: DatasetScenario = {}): Promise<void> {
  page = await browser.open(scenario, { width: 1000, height: 700 });
  await page.locator('.cell').first().waitFor();
  await page.locator('.grid').focus();
}

const told = <T>(read: (snapshot: DatasetSnapshot) => T, wanted: T) =>
  eventually(() => datasetSnapshot(page), read, wanted);
const line = (text: string) => page.locator('.status-line', { hasText: text }).waitFor({ state: 'attached' });
const all = Array.from({ length: 400 }, (_, index) => index);
const keptAt = (at: number) => all.filter((index) => contributionOf(index) >= at);

/** Opens the bar and puts its threshold at 0.5 by typing. */
async function thresholdAtHalf(): Promise<void> {
  await open();
  await pressed(page, 'T');
  await page.locator('.threshold-handle:focus').waitFor();
  await page.locator('.threshold-value').fill('0.5');
  await pressed(page, 'Enter');
  await page.locator('.threshold-kept', { hasText: `${keptAt(0.5).length} of 400` }).waitFor();
}

describe('a threshold', () => {
  it('is moved by keys and by dragging, counts at once, and dims what would go', async () => {
    await open();
    await pressed(page, 'T');
    const handle = page.locator('.threshold-handle');
    const at = async () => Number(await handle.getAttribute('aria-valuenow'));
    await handle.and(page.locator(':focus')).waitFor();
    await pressed(page, 'Home');
    // Ten have no score: no threshold keeps them.
    await page.locator('.threshold-kept', { hasText: '390 of 400 images kept (97.5 %)' }).waitFor();
    await page.locator('.threshold-line', { hasText: '10 without a value' }).waitFor();
    await pressed(page, 'Shift+ArrowRight');
    await page.locator('.threshold-kept', { hasText: '389 of 400' }).waitFor();
    await pressed(page, 'End PageDown PageDown');
    expect(await page.locator('.threshold-kept').textContent()).toContain(`${keptAt(await at()).length} of 400`);
    const plot = await page.locator('.threshold-plot').boundingBox();
    await page.mouse.move((plot?.x ?? 0) + (plot?.width ?? 0) / 4, (plot?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((plot?.x ?? 0) + (plot?.width ?? 0) / 2, (plot?.y ?? 0) + 10);
    await page.mouse.up();
    await page.locator('.threshold-kept', { hasText: `${keptAt(await at()).length} of 400` }).waitFor();
    const threshold = await at();
    // Cells are painted by slices of a frame.
    const cells = () =>
      page
        .locator('.cell[id]')
        .evaluateAll((all) =>
          all.map(({ id, classList }) => ({ index: Number(id.slice(5)), dropped: classList.contains('dropped') })),
        );
    await expect
      .poll(async () => (await cells()).filter(({ index, dropped }) => dropped === contributionOf(index) >= threshold))
      .toEqual([]);
    expect((await cells()).some(({ dropped }) => dropped)).toBe(true);
    await pressed(page, 'Escape');
    await page.locator('.threshold-bar').waitFor({ state: 'hidden' });
    await expect.poll(() => page.locator('.cell[id].dropped').count()).toBe(0);
    expect(await page.locator('.grid:focus').count()).toBe(1);
  });

  it('becomes a filter', async () => {
    await thresholdAtHalf();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await told(({ listed }) => listed, keptAt(0.5).length);
    await told(({ query }) => query.chips, [{ kind: 'range', column: 'contribution', from: 0.5, to: null }]);
    await page.locator('.threshold-bar').waitFor({ state: 'hidden' });
  });

  it('becomes a selection, and verdicts as one step of undo', async () => {
    await thresholdAtHalf();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await told(({ selected }) => selected, keptAt(0.5));
    await page.getByRole('button', { name: 'Accept and Reject' }).click();
    await line(`${keptAt(0.5).length} images accepted, ${390 - keptAt(0.5).length} rejected: 390 changed.`);
    expect(await page.evaluate('window.fake.notes.done.length')).toBe(1);
    await page.evaluate('window.fake.notes.undo()');
    await page.locator('.cell-mark .codicon').first().waitFor({ state: 'detached' });
  });

  it('comes with scores that were imported', async () => {
    await open();
    await pressed(page, 'I');
    await page.locator('.threshold-choice', { hasText: 'contribution' }).waitFor();
    await line('contribution: 390 images of 400 rows.');
  });
});

describe('a sample', () => {
  const choose = async (label: string) => page.getByRole('menuitem', { name: label }).click();
  const answer = async (text: string) => {
    await page.locator('.label-box input').fill(text);
    await pressed(page, 'Enter');
  };

  it('is drawn at random, or takes what is hardest by a column', async () => {
    await open();
    await pressed(page, 'R');
    await page.getByRole('menu', { name: 'Sample' }).waitFor();
    await pressed(page, 'Enter');
    await answer('20 7');
    await told(({ selected }) => selected.length, 20);
    await line('20 of 400 images are selected: at random, seed 7.');
    await pressed(page, 'R');
    await choose('Lowest of…');
    await choose('contribution');
    await answer('3');
    const lowest = all.filter((index) => !Number.isNaN(contributionOf(index)));
    lowest.sort((a, b) => contributionOf(a) - contributionOf(b) || a - b);
    await told(
      ({ selected }) => selected,
      lowest.slice(0, 3).sort((a, b) => a - b),
    );
    await line('3 of 400 images are selected: lowest contribution. 10 have no value.');
  });
});

describe('difficulty', () => {
  it('shows its buckets and whose definition they are, and is written as tags', async () => {
    await open();
    await pressed(page, 'D');
    await page.getByRole('menuitemcheckbox', { name: 'Group by difficulty' }).click();
    await told(({ sections }) => sections.map(({ title }) => title), ['unsolved', 'hard', 'medium', 'easy', 'solved']);
    await page.locator('.preset-about', { hasText: 'quartiles of contribution' }).waitFor();
    await pressed(page, 'D');
    await page.getByRole('menuitem', { name: 'Write as tags' }).click();
    await line('Tag by difficulty: unsolved 80, hard 80, medium 80, easy 80, solved 80; 400 changed.');
    expect(await page.evaluate('window.fake.notes.done.length')).toBe(1);
  });
});
