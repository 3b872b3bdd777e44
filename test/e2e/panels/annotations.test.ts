import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freezeHost, painted, press, settled, until } from '../../panelsPage/driver';
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
  page = await browser.open({ turns: 'labels', ...scenario });
  await page.waitForSelector('.rollout-row');
  await settled(page);
  await until(page, `document.querySelector('.note-numbers') !== null`);
}

const texts = (selector: string) => page.locator(selector).allTextContents();
const advantages = async () => (await texts('.row-advantage')).slice(0, 8);
const faces = (turn: number) =>
  page
    .locator(`.turn[data-turn="${turn}"] .face`)
    .evaluateAll((all) => all.map((face) => face.getAttribute('aria-pressed')));
const off = ['false', 'false', 'false'];

describe('annotating with a host that answers nothing any more', () => {
  it('moves the advantages of all siblings at once when a reward is set', async () => {
    await open();
    await freezeHost(page);
    const before = await advantages();
    await press(page, 'd');
    await page.keyboard.type('−1');
    await press(page, 'Enter');
    await until(page, `document.querySelector('.logged-reward') !== null`);
    const after = await advantages();
    expect(after.filter((text, i) => text === before[i])).toEqual([]);
    expect(await texts('.big-reward')).toEqual(['−1.000']);
    expect(await texts('.note-logged del')).toEqual(['3.885']);
    await press(page, 'd');
    await page.keyboard.type('5');
    await press(page, 'Escape');
    await painted(page);
    expect(await texts('.big-reward')).toEqual(['−1.000']);
  });

  it('labels the turn that was gone to, and tells 0 from unset', async () => {
    await open();
    await freezeHost(page);
    await press(page, 'l 0');
    expect(await faces(0)).toEqual(['false', 'true', 'false']);
    await press(page, 'Backspace');
    expect(await faces(0)).toEqual(off);
    await press(page, 'l !');
    expect([await faces(0), await faces(1), await faces(2)]).toEqual([
      ['false', 'false', 'true'],
      ['true', 'false', 'false'],
      ['true', 'false', 'false'],
    ]);
  });

  it('unsets what is behind the first error where the setting says so', async () => {
    await open({ afterFirstError: 'unset' });
    await freezeHost(page);
    await press(page, 'l l l + ArrowLeft !');
    expect([await faces(0), await faces(1), await faces(2)]).toEqual([
      ['false', 'false', 'true'],
      ['true', 'false', 'false'],
      off,
    ]);
    await expect.poll(() => texts('.row-labels')).toEqual(['+1 −1']);
  });

  it('ranks within the group: ties on the way, a preferred rollout above those drawn', async () => {
    await open();
    await freezeHost(page);
    await press(page, '<');
    await page.locator('.row-rank').waitFor();
    await press(page, 'j <');
    await expect.poll(() => texts('.row-rank')).toEqual(['#1', '#2']);
    await press(page, 'Alt+ArrowUp');
    await expect.poll(() => texts('.row-rank')).toEqual(['#1=', '#1=']);
    expect(await texts('.note-rank .note-value')).toEqual(['#1= of 2']);
    await press(page, '<');
    await expect.poll(() => texts('.row-rank')).toEqual(['#2', '#1']);
    // Drawn: the first rollout alone. What is preferred to it comes right above it.
    await press(page, 'j 1 v');
    await expect.poll(() => texts('.row-rank')).toEqual(['#3', '#1', '#2']);
    await press(page, '1 v');
    await expect.poll(() => texts('.row-rank')).toEqual(['#3', '#2', '#1', '#4=', '#4=', '#4=', '#4=', '#4=']);
  });

  it('says why a step is right or wrong, and tags the group', async () => {
    await open();
    await freezeHost(page);
    await press(page, 'l l ;');
    await page.keyboard.type('It looks at the wrong kite.');
    await press(page, 'Control+Enter');
    await expect
      .poll(() => page.getByLabel('Your rationale of turn 2').inputValue())
      .toBe('It looks at the wrong kite.');
    await press(page, '-');
    expect(await faces(1)).toEqual(['true', 'false', 'false']);
    await expect.poll(() => texts('.row-labels')).toEqual(['−1']);
    await press(page, '#');
    await page.keyboard.type('kites, hard');
    await press(page, 'Enter');
    await expect.poll(() => texts('.group-tags')).toEqual(['kites, hard']);
    await press(page, 'Escape j');
    await expect.poll(() => page.getByLabel('Your rationale of turn 2').isVisible()).toBe(false);
  });

  it('asks once a group what statistics are over when a rollout is excluded', async () => {
    await open();
    await freezeHost(page);
    await press(page, 'X');
    await page.getByRole('menuitem', { name: 'Over all 8' }).waitFor();
    await press(page, 'Enter');
    expect((await advantages())[0]).toBe('');
    await press(page, 'j X');
    await painted(page);
    expect(await page.getByRole('menuitem').count()).toBe(0);
    expect((await advantages()).slice(0, 2)).toEqual(['', '']);
  });
});

it('sums a total that the log does not hold once its components are named with weights, and keeps them as a profile', async () => {
  await open({ noTotals: true });
  expect(await texts('.big-reward')).toEqual(['No reward logged']);
  const name = async (column: string, weight: string) => {
    await page.getByRole('button', { name: new RegExp(`(Name )?${column} (a|is a) reward component`) }).click();
    await page.getByLabel('Weight in the total').fill(weight);
    await press(page, 'Enter');
  };
  // The run's configuration names the format, without a weight.
  await name('format', '1');
  await name('coverage_rate', '0.5');
  await expect
    .poll(() => texts('.mapping-note'))
    .toEqual([expect.stringContaining('it is format + 0.5 × coverage_rate')]);
  const parts = await page
    .locator('.fields tr', { hasText: /^(format|coverage_rate)/ })
    .locator('td')
    .allTextContents();
  const [format = '', , coverage = ''] = parts;
  const total = (Number(format) + 0.5 * Number(coverage)).toFixed(3);
  await expect.poll(() => texts('.big-reward')).toEqual([total]);
  expect(await page.locator('.side-head').textContent()).toContain('sum of the weighted components');
  await expect.poll(async () => (await advantages()).filter((text) => text !== '')).toHaveLength(8);
  await page.getByRole('button', { name: /Save as Profile|Save columns and weights/ }).click();
  await expect.poll(() => page.locator('.score-choice vscode-option').allTextContents()).toContain('My weights');
});

it('an edit that the host refuses is taken back, and the reason said', async () => {
  await open({ refuseIntents: true });
  const before = await advantages();
  await press(page, 'd');
  await page.keyboard.type('9');
  await press(page, 'Enter');
  await until(page, `document.querySelector('.status-line').textContent.includes('no space left')`);
  await until(page, `document.querySelector('.logged-reward') === null`);
  expect(await advantages()).toEqual(before);
});

it('keeps what is typed in a field while another view edits the rollout', async () => {
  await open();
  await press(page, 'R');
  await page.keyboard.type('half a thou');
  await page.evaluate(`window.fake.someoneReviews()`);
  await until(page, `document.querySelector('.row-marks') !== null`);
  await painted(page);
  await page.keyboard.type('ght');
  expect(await page.getByLabel('Rationale', { exact: true }).inputValue()).toBe('half a thought');
});
