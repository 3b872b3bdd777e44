import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { press } from '../../panelsPage/driver';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

interface Snapshot {
  readonly mode: string;
  readonly image: number;
  readonly detail: {
    readonly rollouts: {
      readonly rows: readonly string[];
      readonly place: { readonly group: string; readonly member: number | null } | null;
      readonly notes: string;
    };
    readonly canvas: { readonly regions: readonly { readonly id: string }[] };
  };
}

let browser: PanelsBrowser<DatasetScenario>;
let page: Page;

beforeAll(async () => {
  browser = await openDatasetBrowser({ reducedMotion: true });
});
afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

const snapshot = () => page.evaluate<Snapshot>(`window.fake.channel.call('test/snapshot', {})`);
const rollouts = async () => (await snapshot()).detail.rollouts;
const drawn = async () => (await snapshot()).detail.canvas.regions.length;
const row = (name: RegExp) => page.getByRole('treeitem', { name });

async function open(scenario: DatasetScenario): Promise<void> {
  page = await browser.open(scenario);
  await page.waitForSelector('.cell');
  await press(page, 'Enter');
}

describe('rollouts on an image', () => {
  it('are gone through by keys, drawn as they are selected, and opened where they stand', async () => {
    await open({ rollouts: 'joined' });
    await row(/^Step 30.*4 rollouts/).waitFor();
    await row(/^Rollout 1, reward 3\.885, advantage \+0\.971/).waitFor();
    expect(await drawn()).toBe(0);
    await press(page, ',');
    await expect.poll(drawn).toBe(12);
    await press(page, 'ArrowDown');
    await press(page, 'ArrowDown');
    await expect.poll(drawn).toBe(3);
    expect((await rollouts()).place).toEqual({ group: '1:0', member: 1 });
    await press(page, 'Enter');
    await expect.poll(() => page.evaluate('window.fake.rollouts.opened')).toEqual([{ trace: 1, row: 1 }]);
    await press(page, 'ArrowLeft');
    await press(page, 'ArrowLeft');
    await expect.poll(async () => (await rollouts()).rows.length).toBe(3);
    await press(page, 'Escape');
    await press(page, 'Shift+D');
    await expect.poll(drawn).toBe(0);
    // The next image but one has none.
    await press(page, 'j');
    await press(page, 'j');
    await page.getByText('No rollouts on this image.').waitFor();
  });

  it('are joined from the pane, by whose notes a trace that is gone is told', async () => {
    await open({});
    await page.getByRole('button', { name: 'Show Rollouts…' }).click();
    await row(/^sft\/base\.jsonl, 2 rollouts.*joined by name/).waitFor();
    await page.getByText('correct is 1').waitFor();
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByText('the total reward is at least 0.5').waitFor();
    await page.close();
    await open({ rollouts: 'broken' });
    await page.getByText('There is no such file any more.').waitFor();
  });

  it('are shown when the way back from a rollout leads to their image', async () => {
    await open({ rollouts: 'joined' });
    await page.evaluate(`window.fake.channel.emit('editor/reveal', { index: 7 })`);
    // A group whose log changed says so, and the others stand.
    await page.getByText('the file changed after it was opened').waitFor();
    expect(await snapshot()).toMatchObject({ mode: 'detail', image: 7 });
    expect((await rollouts()).rows).toHaveLength(4);
  });
});
