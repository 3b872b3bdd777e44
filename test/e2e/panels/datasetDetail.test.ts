import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DetailPage } from '../../panelsPage/dataset/detailDriver';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { press } from '../../panelsPage/driver';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser<DatasetScenario>;
let page: Page;
let on: DetailPage;

beforeAll(async () => {
  browser = await openDatasetBrowser({ reducedMotion: true });
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

async function open(shapes: number): Promise<void> {
  page = await browser.open({ shapes });
  on = new DetailPage(page);
  await on.enter();
}

/** The list's selected row, by its number among the small ones behind the nine of each kind; few others are in the document. */
const listed = (wanted: { selected: number; of: string; seen: number }) =>
  expect
    .poll(
      () =>
        page.evaluate(`(() => {
        const list = document.querySelector('.annotation-list');
        const row = document.getElementById(list.getAttribute('aria-activedescendant'));
        if (row?.ariaSelected !== 'true' || list.querySelectorAll('.annotation-row').length > 100) return null;
        const [view, at] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
        return {
          selected: row.ariaPosInSet - 10,
          of: row.ariaSetSize,
          seen: Math.round(Math.min(view.bottom, at.bottom) - Math.max(view.top, at.top)),
        };
      })()`),
      { timeout: 20_000 },
    )
    .toEqual(wanted);

describe('an image of a set', () => {
  it('is drawn on, moved, relabelled and deleted by mouse and keys, and every step is taken back', async () => {
    await open(0);
    await on.press('r');
    await on.drag([300, 20], [380, 60]);
    expect(await on.last()).toMatchObject({ kind: 'box', box: { x1: 300, y1: 20, x2: 380, y2: 60 }, edit: 'added' });
    const id = (await on.last())?.id ?? '';
    await on.press('v');
    await on.drag([340, 40], [350, 45]);
    await expect.poll(async () => (await on.annotation(id))?.box).toEqual({ x1: 310, y1: 25, x2: 390, y2: 65 });
    await on.press('c b o a Enter');
    await expect.poll(async () => (await on.annotation(id))?.label).toBe('boat');
    // A new label may be the beginning of one that is there.
    await on.press('c b o a ArrowUp Enter');
    await expect.poll(async () => (await on.annotation(id))?.label).toBe('boa');
    await on.press('Delete');
    await expect.poll(() => on.annotation(id)).toBeUndefined();
    for (let step = 0; step < 5; step++) await on.undo();
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(9);
    expect((await on.detail()).annotations.every(({ edit }) => edit === null)).toBe(true);
  });

  it('has polygons whose corners are pulled, added and taken away, and masks that are split and merged', async () => {
    await open(0);
    await on.press('g');
    for (const [x, y] of [
      [20, 20],
      [60, 20],
      [60, 60],
    ] as const)
      await on.click(x, y);
    await on.press('Enter');
    const id = (await on.last())?.id ?? '';
    expect(await on.last()).toMatchObject({ kind: 'polygons', box: { x1: 20, y1: 20, x2: 60, y2: 60 } });
    await on.press('v');
    await on.drag([60, 60], [80, 70]);
    await expect.poll(async () => (await on.annotation(id))?.box).toEqual({ x1: 20, y1: 20, x2: 80, y2: 70 });
    await on.press('Delete');
    await expect.poll(() => on.annotation(id)).toBeUndefined();
    const before = await on.annotation('s3');
    await on.press('] ] ] ] d');
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(10);
    await on.press('Control+a m');
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(9);
    expect((await on.annotation('s3'))?.box?.x2).toBe((before?.box?.x2 ?? 0) + 12);
  });

  it('is segmented: two clicks make a mask, a third mends it, and accepted it stays with its clicks', async () => {
    await open(0);
    await on.press('s');
    await on.click(200, 100);
    await on.click(260, 100);
    await on.click(230, 140, 'right');
    await expect.poll(async () => (await on.detail()).segmenting).toEqual({ clicks: 3, mask: true, waiting: false });
    await on.press('Enter');
    await expect.poll(() => on.last()).toMatchObject({ kind: 'mask', edit: 'added' });
    const clicks = await page.evaluate<number>(
      'window.fake.notes.done.at(-1).changes[0].after.value.origin.clicks.length',
    );
    expect(clicks).toBe(3);
  });

  it('with a thousand annotations selects and drags at once, and a refused edit rolls back', async () => {
    await open(1000);
    await on.click(25, 22);
    const [id = ''] = (await on.detail()).selected;
    const at = Number(id.slice(1));
    await listed({ selected: at, of: '1009', seen: 22 });
    await page.locator('.annotation-list').focus();
    await press(page, 'ArrowUp');
    await listed({ selected: at - 1, of: '1009', seen: 22 });
    await press(page, 'ArrowDown');
    const before = await on.annotation(id);
    await page.evaluate(`window.fake.notes.refusal = new Error('read-only')`);
    await on.drag([25, 22], [45, 32]);
    await expect.poll(() => on.annotation(id)).toEqual(before);
  });

  it('is marked by keys, many at once from the grid', async () => {
    page = await browser.open({});
    await page.waitForSelector('.cell, [role=gridcell]');
    await press(page, 'Shift+ArrowRight Shift+ArrowRight 1');
    const marked = () => page.evaluate<number>('window.fake.notes.done.at(-1)?.changes.length ?? 0');
    await expect.poll(marked).toBe(3);
    await press(page, 't s m a l l Enter');
    await expect.poll(() => page.evaluate<number>('window.fake.notes.done.length')).toBe(2);
  });
});
