import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry/box';
import { type PanelsSnapshot, painted, press, settled, snapshot, until } from '../../panelsPage/driver';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';
import { eventually } from '../harness/eventually';

let browser: PanelsBrowser;
let page: Page;

beforeAll(async () => {
  browser = await openPanelsBrowser({ reducedMotion: true });
});
beforeEach(async () => {
  page = await browser.open({});
  await page.waitForSelector('.rollout-row, .group-row');
  await settled(page);
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

const boxOf = ({ canvas }: PanelsSnapshot, id: string): Box => canvas.regions.find((one) => one.id === id)!.box;
const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? '';
const labels = () => page.evaluate<string[]>('window.fake.notes.labels');
/** An edit is on screen before the host has heard of it. */
const told = (...wanted: readonly string[]) => eventually(labels, (seen) => seen, wanted);

/** Where the middle of a box lies on the page. */
async function middle(box: Box): Promise<{ x: number; y: number }> {
  const { scale, visible } = (await snapshot(page)).canvas.viewport;
  const canvas = (await page.locator('.picture-stage [role=application]').first().boundingBox())!;
  const at = (low: number, high: number, start: number) => ((low + high) / 2 - start) * scale;
  return { x: canvas.x + at(box.x1, box.x2, visible.x1), y: canvas.y + at(box.y1, box.y2, visible.y1) };
}

describe('boxes that are edited on the picture', () => {
  it('are moved by drag: the logged box stays as a shadow, and the words say who moved it', async () => {
    await press(page, 'E');
    const before = await snapshot(page);
    expect(before.selection.region).toBe('r0:0');
    const box = boxOf(before, 'r0:0');
    const from = await middle(box);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 50, from.y + 20, { steps: 5 });
    await page.mouse.up();
    await painted(page);
    const after = await snapshot(page);
    const by = 50 / before.canvas.viewport.scale;
    expect(Math.abs(boxOf(after, 'r0:0').x1 - box.x1 - by)).toBeLessThanOrEqual(1);
    expect(boxOf(after, 'lr0:0')).toEqual(box);
    expect(after.canvas.viewport).toEqual(before.canvas.viewport);
    expect(await text('.picture-footer')).toContain('edited by');
    expect(await text('.region-card')).toContain('edited');
    await told('Move region 1');
  });

  it('are moved and resized by keys alone, one edit a run of them, and put back', async () => {
    await press(page, 'E ] ArrowRight Shift+ArrowDown ArrowRight Enter');
    const id = (await snapshot(page)).selection.region!;
    const moved = await snapshot(page);
    const logged = boxOf(moved, `l${id}`);
    expect(boxOf(moved, id)).toMatchObject({ x1: Math.round(Math.round(logged.x1 + 1) + 1) });
    await press(page, 'Alt+ArrowRight Enter');
    await told('Move region 2', 'Resize region 2');
    await press(page, 'Backspace');
    await told('Move region 2', 'Resize region 2', 'Logged box again: region 2');
    await eventually(
      () => snapshot(page),
      (seen) => [boxOf(seen, id), seen.canvas.regions.some((one) => one.id === `l${id}`)],
      [logged, false],
    );
  });

  it('are those of the ground truth too, which the whole group shares', async () => {
    await press(page, 'E [ ArrowUp Enter');
    expect((await snapshot(page)).selection.region).toMatch(/^t/);
    const id = (await snapshot(page)).selection.region!;
    await told(`Move ground truth ${Number(id.slice(1)) + 1}`);
    const box = boxOf(await snapshot(page), id);
    await press(page, 'j');
    await settled(page);
    expect(boxOf(await snapshot(page), id)).toEqual(box);
  });

  it('stay where they are when Esc gives the change up; Esc again ends editing', async () => {
    await press(page, 'E');
    const box = boxOf(await snapshot(page), 'r0:0');
    await press(page, 'ArrowRight ArrowRight Escape');
    expect(boxOf(await snapshot(page), 'r0:0')).toEqual(box);
    expect(await page.locator('[aria-label^="Edit boxes"]').first().getAttribute('aria-pressed')).toBe('true');
    await press(page, 'Escape');
    expect(await page.locator('[aria-label^="Edit boxes"]').first().getAttribute('aria-pressed')).toBe('false');
    expect(await labels()).toEqual([]);
  });

  it('move the recomputed numbers of the group while they are in hand, and back when given up', async () => {
    await page.close();
    page = await browser.open({ profile: 'active-o3-paper' });
    await page.waitForSelector('.rollout-row');
    await settled(page);
    await press(page, 'q');
    await until(page, `document.querySelector('.score-numbers table')`);
    const numbers = () => text('.score-numbers');
    const before = await numbers();
    await page.locator('.picture-stage [role=application]').first().focus();
    await press(page, 'E');
    for (let step = 0; step < 40; step++) await page.keyboard.press('Shift+ArrowDown');
    await painted(page);
    expect(await numbers()).toContain('Edited boxes count');
    expect((await numbers()).replace(/Edited boxes count[^.]*\./, '')).not.toBe(before);
    expect(await labels()).toEqual([]);
    await press(page, 'Escape');
    expect(await numbers()).toBe(before);
  });

  it('move rewards and advantages of the whole group in the list too, which says that they are edited', async () => {
    await page.close();
    page = await browser.open({ profile: 'active-o3-paper' });
    await page.waitForSelector('.rollout-row');
    await settled(page);
    await until(page, `document.querySelector('.score-group')`);
    await page.evaluate('window.fake.frozen = true');
    const texts = (selector: string) => page.locator(selector).allTextContents();
    const inPane = async () => ({
      totals: await texts('.score-group tbody td:nth-child(3)'),
      advantages: await texts('.score-group tbody td:last-child'),
    });
    const logged = await texts('.row-advantage');
    const before = await inPane();
    // A ground-truth box is everybody's: put far away, no region covers it any more.
    await press(page, 'E [');
    for (let step = 0; step < 40; step++) await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => texts('.row-advantage.live')).toHaveLength(8);
    const held = await inPane();
    expect(held.totals).not.toEqual(before.totals);
    const listed = { totals: await texts('.row-live'), advantages: await texts('.row-advantage.live') };
    const sign = (text: string) => text.replace('+', '');
    expect(listed.totals).toEqual(held.totals.filter((text) => text !== '–'));
    expect(listed.advantages.map(sign).filter((text) => text !== '')).toEqual(
      held.advantages.filter((text) => text !== '–'),
    );
    expect(await page.locator('.row-live').first().getAttribute('title')).toMatch(/^edited: recomputed total/);
    // Other groups stay as they are.
    expect((await texts('.row-advantage')).slice(8)).toEqual(logged.slice(8));
    // Given up, everything is as logged; kept, it stands when another group is gone to.
    await press(page, 'Escape');
    await expect.poll(() => texts('.row-advantage')).toEqual(logged);
    await press(page, 'ArrowUp Enter n');
    await expect.poll(() => page.locator('.row-live').count()).toBeGreaterThan(5);
  });

  it('leave a reward that a person set where it is', async () => {
    await page.close();
    page = await browser.open({ profile: 'active-o3-paper' });
    await page.waitForSelector('.rollout-row');
    await settled(page);
    await until(page, `document.querySelector('.note-numbers') && document.querySelector('.score-group')`);
    const advantages = () => page.locator('.score-group tbody td:last-child').allTextContents();
    const before = await advantages();
    await press(page, 'd');
    await page.keyboard.type('9');
    await press(page, 'Enter');
    await expect.poll(() => text('.score-group tbody td:nth-child(3)')).toBe('9.000');
    expect((await advantages()).filter((one, i) => one === before[i] && one !== '–')).toEqual([]);
  });
});
