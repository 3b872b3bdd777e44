import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PanelsSnapshot, painted, press, settled, snapshot, until } from '../../panelsPage/driver';
import type { Scenario } from '../../panelsPage/fakeHost';
import { openPanelsBrowser, type PanelsBrowser } from '../../panelsPage/openPage';
import { eventually } from '../harness/eventually';

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

async function open(scenario: Scenario & { state?: unknown } = {}): Promise<void> {
  page = await browser.open(scenario);
  await settled(page);
}

const type = async (text: string) => {
  await page.keyboard.type(text);
  await painted(page);
};

/** From then on menus open without waiting for the host. */
const known = () => until(page, `window.fake.answered.includes('trace/columns')`);

const where = async (condition: string) => {
  await press(page, 'w');
  await type(condition);
  await press(page, 'Enter');
};

/** Waits for what the bar says of the list. */
const told = (text: string) => until(page, `document.querySelector('.filter-found').textContent.includes('${text}')`);
/** Waits for a selection. */
const placed = <T>(read: (selection: PanelsSnapshot['selection']) => T, wanted: T) =>
  eventually(
    () => snapshot(page),
    ({ selection }) => read(selection),
    wanted,
  );
const rows = async () => (await snapshot(page)).list.rows.map(({ text }) => text);
const rollouts = async () => (await rows()).filter((text) => text.startsWith('Rollout'));

describe('a range of the reward, by keys alone', () => {
  it('lists the rollouts in it, under their groups, and is taken away again', async () => {
    await open();
    await known();
    await press(page, 'F r r Enter');
    await type('3.5');
    await press(page, 'Enter');
    await told('of 3,029 rollouts');
    await until(page, `!document.querySelector('.rollout-list').textContent.includes('…')`);
    const found = await rollouts();
    expect(found.length).toBeGreaterThan(5);
    for (const text of found) expect(Number(/reward (\S+),/.exec(text)?.[1])).toBeGreaterThanOrEqual(3.5);
    await press(page, 'x');
    await until(page, `document.querySelector('.filter-found').hidden`);
    expect((await snapshot(page)).list.cursor).toEqual({ group: 0, member: 0 });
  });

  it('says what is wrong with a number, and applies nothing', async () => {
    await open();
    await known();
    await press(page, 'F r r Enter');
    await type('much');
    await press(page, 'Enter');
    expect(await page.locator('.chip-editor .input-error').textContent()).toBe('“much” is not a number.');
    await press(page, 'Escape');
    expect((await snapshot(page)).filter.found).toBeNull();
  });
});

describe('a filter that does not hold the selected rollout', () => {
  it('keeps it on the canvas and says so; the next step goes into the list', async () => {
    await open();
    const before = await settled(page);
    await where('reward > 3.98');
    await told('not among them');
    const after = await snapshot(page);
    expect(after.selection.place).toEqual(before.selection.place);
    expect(after.canvas.regions).toEqual(before.canvas.regions);
    expect(after.list.cursor).toBeNull();
    await press(page, 'Escape j');
    // The step is taken once the row that it leads to is known.
    await until(page, `!document.querySelector('.filter-found').textContent.includes('not among')`);
    expect((await settled(page)).selection.place).not.toEqual(before.selection.place);
  });

  it('numbers rollouts as in their group, whatever is listed of it', async () => {
    await open();
    await where('malformed > 0');
    await told('groups');
    await press(page, 'Escape j');
    // In the first group the fifth rollout alone is malformed.
    await placed(({ place }) => place, { group: 0, member: 4 });
    await page.locator('.row.selected .rollout-number', { hasText: /^5$/ }).waitFor();
    await press(page, 'G');
    await placed(({ place }) => place !== null && place.group > 390, true);
    await page.locator('.row.selected').waitFor();
  });
});

describe('a condition in SQL', () => {
  it('is refused in DuckDB’s own words, and the list stays', async () => {
    await open();
    const before = await rows();
    await where('rewrad > 1');
    await until(page, `!document.querySelector('#filter-error').hidden`);
    expect(await page.locator('#filter-error').textContent()).toContain('Referenced column "rewrad" not found');
    expect(await page.locator('.sql-field').getAttribute('aria-invalid')).toBe('true');
    expect((await rows()).slice(0, 20)).toEqual(before.slice(0, 20));
    await press(page, 'Escape w');
    await until(page, `document.querySelector('#filter-error').hidden`);
    expect(await page.locator('.sql').isHidden()).toBe(true);
  });

  it('offers the columns while it is written', async () => {
    await open();
    await press(page, 'w');
    await until(page, `document.activeElement.className === 'sql-field'`);
    await type('cov');
    await until(page, `document.querySelectorAll('.completion').length === 1`);
    await press(page, 'Enter');
    expect(await page.locator('.sql-field').inputValue()).toBe('coverage_rate');
  });

  it('is stopped by Escape', async () => {
    await open();
    await where('slow');
    await until(page, `!document.querySelector('.endless-line').hidden`);
    await press(page, 'Escape');
    await until(page, `document.querySelector('.endless-line').hidden`);
    expect((await snapshot(page)).filter).toMatchObject({ status: { kind: 'idle' }, query: { where: '' } });
  });

  it('that searches texts tells how far it is, and is stopped by its button', async () => {
    await open();
    await press(page, '/');
    await type('slow');
    await press(page, 'Enter');
    await told('Searching… 34 %');
    await page.getByRole('progressbar', { name: 'Texts searched' }).waitFor();
    await page.locator('.filter-found').getByText('Stop').click();
    await until(page, `document.querySelector('.filter-found').hidden`);
    expect((await snapshot(page)).filter).toMatchObject({ status: { kind: 'idle' }, query: { chips: [] } });
  });

  it('that nothing matches says so, and is cleared from there', async () => {
    await open();
    await where('reward > 9');
    await until(page, `!document.querySelector('.filter-none').hidden`);
    await expect.poll(rows).toEqual([]);
    await page.getByText('Clear all').last().click();
    await until(page, `document.querySelectorAll('.row').length > 5`);
  });
});

describe('an order', () => {
  it('puts the groups by a column’s highest value first, their rollouts too, and shows the value', async () => {
    await open();
    await known();
    await press(page, 's r Enter');
    await told('3,029 rollouts');
    await press(page, 's');
    await page.getByRole('menuitemradio', { name: 'Highest of the group' }).click();
    const sorted = (text: string) =>
      until(
        page,
        `[...document.querySelectorAll('.group-sorted')].some((one) => one.textContent.startsWith('${text}'))`,
      );
    await sorted('max reward');
    // The list stands where the selected rollout went.
    await press(page, 'g');
    await sorted('max reward 4.000');
    const found = (await rollouts()).slice(0, 3).map((text) => Number(/reward (\S+),/.exec(text)?.[1]));
    expect(found).toEqual([...found].sort((a, b) => b - a));
    await press(page, 's Home');
    await press(page, 'Enter');
    await until(page, `document.querySelector('.filter-found').hidden`);
  });
});

describe('a live trace', () => {
  it('does not move a list that is filtered: the new rollouts are offered', async () => {
    await open({ scanning: true });
    await where('reward > 2');
    await told('rollouts');
    const before = await rows();
    await page.evaluate('window.fake.grow(10)');
    await told('new rollouts since');
    // The line that offers them takes room from the list's end.
    expect((await rows()).slice(0, 30)).toEqual(before.slice(0, 30));
    await page.getByText('Refresh').click();
    await until(page, `!document.querySelector('.filter-found').textContent.includes('since')`);
  });

  it('is asked again for a view that the data process has forgotten', async () => {
    await open();
    await where('reward > 1');
    await told('rollouts');
    await page.evaluate(`window.fake.queries.forget(); window.fake.channel.emit('groups/stale', {})`);
    await until(page, `window.fake.calls.filter((name) => name === 'trace/query').length === 2`);
    await until(page, `!document.querySelector('.rollout-list').textContent.includes('…')`);
    expect((await rollouts()).length).toBeGreaterThan(5);
  });
});

describe('a group of hundreds', () => {
  it('lists every member, and shows the texts of one far down', async () => {
    await open({ groups: 3, size: 300 });
    await press(page, 'n p');
    await page.locator('.rollout-list').evaluate((list) => list.scrollTo(0, 40 + 22 * 250));
    await until(page, `document.querySelector('#row-0-252')?.getAttribute('aria-label') != null`);
    await page.locator('#row-0-252').click();
    await placed(({ place, row, detail }) => ({ place, row, detail }), {
      place: { group: 0, member: 252 },
      row: 252,
      detail: 'ready',
    });
    await until(page, `document.querySelector('.side-facts').textContent.startsWith('Rollout 253 of 300')`);
  });
});

describe('a hidden editor that is shown again', () => {
  it('is filtered as it was', async () => {
    const query = JSON.stringify({
      chips: [{ kind: 'range', column: 'malformed', from: 1, to: 1 }],
      where: '',
      sort: null,
    });
    await open({ state: { version: 1, group: 3, member: 1, query } });
    await told('of 3,029 rollouts');
    expect(await page.locator('.filter-chip-text').textContent()).toBe('malformed = 1');
    expect((await snapshot(page)).selection.place).toEqual({ group: 3, member: 1 });
  });
});
