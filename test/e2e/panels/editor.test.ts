import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freezeHost, type PanelsSnapshot, painted, press, settled, snapshot, until } from '../../panelsPage/driver';
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

async function open(scenario: Scenario & { state?: unknown } = {}): Promise<void> {
  page = await browser.open(scenario);
  await page.waitForSelector('.rollout-row, .group-row');
}

const ids = (marks: readonly { readonly id: string }[]) => marks.map(({ id }) => id);
const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? '';

describe('with a host that answers nothing any more', () => {
  it('steps within a group: picture, text and details follow', async () => {
    await open();
    await settled(page);
    await freezeHost(page);
    await press(page, 'j');
    const after = await snapshot(page);
    expect(after.selection).toMatchObject({ place: { group: 0, member: 1 }, row: 1 });
    expect(ids(after.canvas.regions)).toContain('r1:0');
    expect(ids(after.canvas.regions)).not.toContain('r0:0');
    expect(await text('.panel-where')).toContain('Rollout 2');
    expect(await text('.big-reward')).toBe('0.922');
  });

  it('draws and hides siblings by their numbers', async () => {
    await open();
    await settled(page);
    await freezeHost(page);
    await press(page, '2 4');
    expect((await snapshot(page)).canvas.regions.map(({ id }) => id)).toEqual(expect.arrayContaining(['r1:0', 'r3:0']));
    await press(page, '2');
    expect(ids((await snapshot(page)).canvas.regions)).not.toContain('r1:0');
  });

  it('hides and shows the ground truth, and zooms', async () => {
    await open();
    const before = await settled(page);
    await freezeHost(page);
    await press(page, 't +');
    const after = await snapshot(page);
    expect(ids(after.canvas.regions)).not.toContain('t0');
    expect(after.canvas.viewport.scale).toBeGreaterThan(before.canvas.viewport.scale);
  });

  it('hovers in step: card, text and canvas', async () => {
    await open();
    await settled(page);
    await freezeHost(page);
    await page.locator('.region-card').nth(1).hover();
    await painted(page);
    expect((await snapshot(page)).canvas.hover).toBe('r0:1');
    expect(await page.locator('.marked-region.hovered').count()).toBeGreaterThan(0);
    expect(await text('.picture-footer')).toContain('Region 2');
  });

  it('selects regions in turn and goes to them', async () => {
    await open();
    const before = await settled(page);
    await freezeHost(page);
    await press(page, '] ] Enter');
    const after = await snapshot(page);
    expect(after.selection.region).toBe('r0:1');
    expect(after.canvas.selection).toBe('r0:1');
    expect(after.canvas.viewport.scale).toBeGreaterThan(before.canvas.viewport.scale);
  });

  it('has the next group ready before it is asked for', async () => {
    await open();
    await settled(page);
    await until(page, `window.fake.answered.filter((name) => name === 'image/preview').length >= 2`);
    await until(page, `window.fake.answered.filter((name) => name === 'trace/group').length >= 2`);
    await freezeHost(page);
    await press(page, 'n');
    expect(await settled(page)).toMatchObject({
      selection: { place: { group: 1, member: 0 }, detail: 'ready' },
      imageSize: { width: 2250, height: 1500 },
    });
  });

  it('sets a frame at once and takes it back when the host refuses', async () => {
    await open({ frame: 'unknown', refuseIntents: true, delay: 150 });
    const before = await settled(page);
    expect(before.marks.unknown).toEqual(['prediction']);
    // By its name: once the evidence has come, the likely frames are buttons beside it.
    await page.locator('.banner vscode-button', { hasText: 'Other Frame…' }).click();
    await page.locator('.evidence .link-button').first().waitFor();
    // In one breath: the refusal is on its way.
    const after = await page.evaluate<PanelsSnapshot>(
      `(document.querySelector('.evidence .link-button').click(), window.fake.channel.call('test/snapshot', {}))`,
    );
    expect(after.marks.unknown).toEqual([]);
    await page.waitForSelector('.status-line.shown');
    expect(await text('.status-line')).toContain('journal cannot be written');
    expect((await snapshot(page)).marks.unknown).toEqual(['prediction']);
  });
});

describe('a very long list', () => {
  it('goes to its last rollout and back', async () => {
    await open({ groups: 125_000 });
    await settled(page);
    await press(page, 'G');
    expect((await settled(page)).selection.place).toEqual({ group: 124_999, member: 7 });
    expect(await page.locator('#row-124999-7').isVisible()).toBe(true);
    await press(page, 'g');
    expect(await page.locator('#row-0-0').isVisible()).toBe(true);
  });

  it('keeps only what is on screen in the page', async () => {
    await open({ groups: 125_000 });
    await settled(page);
    await page.mouse.move(150, 400);
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, 5000);
    await painted(page);
    expect(await page.locator('.row').count()).toBeLessThan(100);
    expect((await snapshot(page)).list.top).toBe(100_000);
  });

  it('stays where the user reads while the scan makes it longer', async () => {
    await open({ groups: 3000, scanning: true });
    await settled(page);
    await page.mouse.move(150, 400);
    await page.mouse.wheel(0, 2000);
    await painted(page);
    const before = await snapshot(page);
    await page.evaluate('window.fake.grow(2000)');
    await until(page, `document.querySelector('.header-counts').textContent.includes('2,040 groups')`);
    const after = await snapshot(page);
    expect(after.list.top).toBe(before.list.top);
    expect(ids(after.list.rows)).toEqual(ids(before.list.rows));
  });
});

describe('keys', () => {
  it('are left alone while the user types, and with modifiers', async () => {
    await open({ frame: 'unknown' });
    await settled(page);
    await page.evaluate(`document.querySelector('.side').prepend(document.createElement('input'))`);
    await page.locator('.side input').first().focus();
    await press(page, 'j t');
    expect(await page.locator('.side input').first().inputValue()).toBe('jt');
    await press(page, 'Escape Control+j Alt+t');
    expect(await snapshot(page)).toMatchObject({ selection: { place: { group: 0, member: 0 }, truth: true } });
  });

  it('do not reach VS Code once the editor used them; others do', async () => {
    await open();
    await settled(page);
    await page.evaluate(`window.seen = []; window.addEventListener('keydown', (e) => window.seen.push(e.key))`);
    await press(page, 'j Tab F12');
    expect(await page.evaluate('window.seen')).toEqual(['Tab', 'F12']);
  });

  it('never trap Tab: it goes through the editor and out of it', async () => {
    await open();
    await settled(page);
    const places: string[] = [];
    const listAgain = () => places.filter((name) => name.includes('rollout-list')).length > 1;
    while (places.length < 200 && !listAgain() && !places.includes('BODY')) {
      await page.keyboard.press('Tab');
      places.push(await page.evaluate<string>('document.activeElement.className || document.activeElement.tagName'));
    }
    expect(places.length).toBeLessThan(200);
    for (const part of ['sash', 'chip', 'tab', 'section-head'])
      expect(places.some((name) => name.includes(part))).toBe(true);
  });

  it('open and close groups like a tree', async () => {
    await open();
    await settled(page);
    await page.locator('.rollout-list').focus();
    await press(page, 'ArrowLeft ArrowLeft');
    expect(await page.locator('#row-0--1').getAttribute('aria-expanded')).toBe('false');
    await press(page, 'ArrowDown');
    expect((await snapshot(page)).selection.place).toEqual({ group: 1, member: 0 });
    expect(await page.locator('.rollout-list').getAttribute('aria-activedescendant')).toBe('row-1-0');
  });
});

describe('what the view remembers', () => {
  it('opens at the rollout, the toggles and the tab of before', async () => {
    await open({ state: { version: 1, group: 3, member: 2, siblings: [1], truth: false, tab: 'raw' } });
    const now = await settled(page);
    expect(now).toMatchObject({
      selection: { place: { group: 3, member: 2 }, siblings: [1], truth: false },
      tab: 'raw',
    });
  });

  it('opens zoomed in where it was', async () => {
    await open({ state: { version: 1, visible: { x1: 1400, y1: 300, x2: 1900, y2: 700 } } });
    const { canvas } = await settled(page);
    expect(canvas.viewport.visible.x1).toBeLessThan(1401);
    expect(canvas.viewport.visible.y2).toBeGreaterThan(699);
    expect(canvas.viewport.visible.x2 - canvas.viewport.visible.x1).toBeLessThan(1200);
  });

  it('starts afresh from a state it does not know', async () => {
    await open({ state: { version: 99, group: 'x' } });
    expect((await settled(page)).selection.place).toEqual({ group: 0, member: 0 });
  });
});

describe('when the process that reads traces fails', () => {
  const fail = (fatal: boolean) =>
    page.evaluate(`window.fake.channel.emit('editor/failure', { message: 'It ended.', fatal: ${fatal} })`);

  it('offers a restart once it was given up: asking again would not help', async () => {
    await open();
    await settled(page);
    await fail(true);
    await page.locator('.failure .link-button', { hasText: 'Restart' }).click();
    await until(page, `window.fake.answered.includes('editor/restart')`);
    expect(await page.locator('.failure .link-button', { hasText: 'Reload' }).count()).toBe(0);
  });

  it('reloads what it shows when the process came back by itself', async () => {
    await open();
    await settled(page);
    await fail(false);
    await page.locator('.failure .link-button', { hasText: 'Reload' }).click();
    await until(page, `document.querySelector('.failure').hidden`);
  });
});

describe('without a picture', () => {
  it('says why, and offers to mend it', async () => {
    await open({ image: 'missing' });
    await settled(page);
    expect(await text('.picture-note')).toContain('No image for this prompt');
    await page.locator('.note-buttons vscode-button', { hasText: 'Choose Dataset…' }).click();
    await until(page, `window.fake.calls.includes('image/mend')`);
  });

  it('lists the images between which it cannot decide', async () => {
    await open({ image: 'ambiguous' });
    await settled(page);
    await page.locator('.candidates .link-button').nth(2).click();
    await until(page, `window.fake.calls.includes('image/mend')`);
  });

  it.each(['missing', 'ambiguous', 'broken'] as const)(
    'paints an image that was %s as soon as one is chosen',
    async (image) => {
      await open({ image });
      await until(page, `window.fake.answered.includes('image/preview')`);
      await page.locator('.note-buttons vscode-button', { hasText: 'Choose Image…' }).click();
      await until(page, `document.querySelector('.picture-note').hidden`);
      expect((await settled(page)).imageSize).toEqual({ width: 2250, height: 1500 });
      await page.waitForSelector('.thumb canvas, .thumb img');
    },
  );

  it('shows what the host could not decode, decoded here', async () => {
    await open({ image: 'bytes' });
    expect((await settled(page)).imageSize).toEqual({ width: 2250, height: 1500 });
    await page.waitForSelector('.thumb canvas');
    expect(await page.evaluate<string[]>('window.fake.calls')).not.toContain('image/region');
  });
});
