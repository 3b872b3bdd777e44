/** Pictures of the dataset editor, to be looked at: `node scripts/runTs.mjs test/panelsPage/dataset/screenshots.ts FOLDER [NAME…]`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openDatasetBrowser } from '../openPage';
import type { DatasetScenario } from './fakeDatasetHost';

interface Shot {
  readonly name: string;
  readonly scenario?: DatasetScenario & { theme?: string; state?: unknown };
  readonly small?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const press = (keys: string) => async (page: Page) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key === 'Space' ? ' ' : key);
};
const sequence =
  (...acts: readonly ((page: Page) => Promise<void>)[]) =>
  async (page: Page) => {
    for (const act of acts) {
      await act(page);
      await page.waitForTimeout(150);
    }
  };

const wait = (page: Page) => page.waitForTimeout(400);
const clicksAt = (places: readonly (readonly [number, number])[]) => async (page: Page) => {
  for (const [x, y] of places) await page.mouse.click(x, y);
};
const corners = clicksAt([
  [200, 200],
  [420, 260],
  [300, 420],
]);
const clicks = clicksAt([
  [250, 420],
  [320, 440],
]);
const chosen = sequence(press('ArrowRight ArrowDown Space Shift+ArrowRight Shift+ArrowRight'));
const list = { version: 1, asList: true };

const typed = (text: string) => (page: Page) => page.keyboard.type(text);
const grouped = {
  version: 1,
  query: JSON.stringify({ chips: [], where: '', sort: null, groupBy: 'label' }),
};

const shots: readonly Shot[] = [
  ...['dark', 'light', 'highContrast', 'highContrastLight'].flatMap((theme): Shot[] => [
    { name: `grid-${theme}`, scenario: { theme }, act: chosen },
    { name: `list-${theme}`, scenario: { theme, state: list }, act: chosen },
  ]),
  ...['dark', 'light', 'highContrast'].map(
    (theme): Shot => ({
      name: `statistics-${theme}`,
      scenario: { theme, state: { version: 1, statistics: true } },
      act: sequence(
        async (page) => page.locator('.label-row').nth(1).click(),
        async (page) => page.locator('.grid').focus(),
      ),
    }),
  ),
  {
    name: 'grouped',
    scenario: { state: grouped },
    act: sequence(press('ArrowDown ArrowDown ArrowDown ArrowDown ArrowDown')),
  },
  { name: 'filter-menu', act: sequence(press('F'), press('ArrowDown')) },
  {
    name: 'filtered',
    act: sequence(press('F'), press('ArrowDown Enter'), press('w'), typed('annotations > 2'), press('Enter Escape')),
  },
  { name: 'problems', scenario: { problems: 12 }, act: press('e') },
  { name: 'small', scenario: { state: { version: 1, side: 72 } }, small: true },
  { name: 'large', scenario: { state: { version: 1, side: 320 } } },
  { name: 'reading', scenario: { scanning: 0 } },
  { name: 'empty', scenario: { images: 0, problems: 3 } },
  { name: 'missing', scenario: { missing: true, problems: 12 } },
  { name: 'failing', scenario: { failing: true } },
  ...['dark', 'light', 'highContrast'].map(
    (theme): Shot => ({
      name: `detail-${theme}`,
      scenario: { theme, shapes: 0 },
      act: sequence(press('Enter'), wait, press('] ] ]')),
    }),
  ),
  ...['dark', 'light', 'highContrast'].flatMap((theme): Shot[] => [
    {
      name: `detail-turned-${theme}`,
      scenario: { theme, shapes: 0 },
      act: sequence(press('Enter'), wait, press('> > > P ]')),
    },
    {
      name: `detail-pose-${theme}`,
      scenario: { theme, shapes: 0 },
      act: sequence(press('Enter'), wait, press('] ] ] ] ] ] } } }')),
    },
    {
      name: `detail-place-${theme}`,
      scenario: { theme, shapes: 0 },
      act: sequence(press('Enter'), wait, press('K'), corners, press('x'), (page) => page.mouse.move(500, 350)),
    },
  ]),
  ...['dark', 'light', 'highContrast'].map(
    (theme): Shot => ({
      name: `video-${theme}`,
      scenario: { theme, videos: 90 },
      act: sequence(
        press('Enter'),
        wait,
        press('PageDown PageDown PageDown Shift+PageDown Shift+PageDown Shift+PageDown'),
        wait,
      ),
    }),
  ),
  ...['dark', 'light', 'highContrast'].map(
    (theme): Shot => ({
      name: `detail-proposed-${theme}`,
      scenario: { theme, shapes: 0 },
      act: sequence(press('Enter'), wait, press('B'), wait, press('[ [')),
    }),
  ),
  { name: 'detail-draw', scenario: { shapes: 0 }, act: sequence(press('Enter'), wait, press('g'), corners) },
  { name: 'detail-segment', scenario: { shapes: 0 }, act: sequence(press('Enter'), wait, press('s'), wait, clicks) },
  { name: 'curate', act: sequence(press('Shift+ArrowRight Shift+ArrowRight 1 ArrowDown 2 ArrowRight 3'), wait) },
  ...['dark', 'light', 'highContrast'].map(
    (theme): Shot => ({
      name: `rollouts-${theme}`,
      scenario: { theme, rollouts: 'joined' },
      act: sequence(press('Enter'), wait, press(', ArrowDown ArrowDown'), wait),
    }),
  ),
  { name: 'rollouts-group', scenario: { rollouts: 'broken' }, act: sequence(press('Enter'), wait, press(','), wait) },
  { name: 'rollouts-grid', scenario: { rollouts: 'joined' }, act: chosen },
  { name: 'rollouts-none', act: sequence(press('Enter'), wait) },
  {
    name: 'rollouts-looking',
    scenario: { rollouts: 'looking' },
    act: sequence(press('ArrowRight ArrowRight Enter'), wait),
  },
  ...['dark', 'light', 'highContrast', 'highContrastLight'].map(
    (theme): Shot => ({
      name: `threshold-${theme}`,
      scenario: { theme },
      act: sequence(press('T'), wait, press('PageUp')),
    }),
  ),
  { name: 'threshold-small', small: true, act: sequence(press('T'), wait) },
  { name: 'sample-menu', act: sequence(press('R'), wait) },
  { name: 'difficulty', act: sequence(press('D'), wait, press('Enter'), wait, press('D'), wait) },
  { name: 'detail-crowd', scenario: { shapes: 1000 }, act: sequence(press('Enter'), wait) },
  { name: 'detail-label', scenario: { shapes: 0 }, act: sequence(press('Enter'), wait, press('] c b')) },
  { name: 'help', act: press('?') },
];

async function main(): Promise<void> {
  const [folder = 'screenshots', ...names] = process.argv.slice(2);
  await mkdir(folder, { recursive: true });
  const browser = await openDatasetBrowser({ reducedMotion: true });
  try {
    for (const { name, scenario = {}, small, act } of shots) {
      if (names.length > 0 && !names.includes(name)) continue;
      const page = await browser.open(scenario, small ? { width: 620, height: 520 } : { width: 1280, height: 800 });
      await page.waitForTimeout(500);
      await act?.(page);
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await page.close();
    }
    for (const complaint of browser.complaints) console.error(complaint);
  } finally {
    await browser.close();
  }
}

void main();
