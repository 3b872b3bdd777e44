/** Pictures of the editor, to be looked at: `node scripts/runTs.mjs test/panelsPage/screenshots.ts FOLDER [NAME…]`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from './driver';
import type { Scenario } from './fakeHost';
import { openPanelsBrowser } from './openPage';

/** Thumbnails on screen are painted; those further down come when they are scrolled to. */
const thumbnailsThere = `[...document.querySelectorAll('.thumb')].every((thumb) => thumb.hidden || thumb.firstChild !== null
  || thumb.getBoundingClientRect().top > innerHeight - 10)`;

interface Shot {
  readonly name: string;
  readonly scenario?: Scenario & { theme?: string; state?: unknown };
  readonly small?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const press = (keys: string) => async (page: Page) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};

const enter = press('Enter');
const typed = (text: string) => (page: Page) => page.keyboard.type(text);
const sequence =
  (...acts: readonly ((page: Page) => Promise<void>)[]) =>
  async (page: Page) => {
    for (const act of acts) {
      await act(page);
      await page.waitForTimeout(120);
    }
  };
/** The last column of the menu is a number of the log. */
const rangeOf = sequence(enter, typed('0.25'));
/** A condition on the reward, a quick one, and an order. */
const filtered = sequence(
  press('w'),
  typed('reward > 1.5'),
  enter,
  press('Escape F'),
  press('ArrowDown Enter'),
  press('s'),
  press('r Enter'),
);

const shots: readonly Shot[] = [
  { name: 'dark', act: press('j j 1 4') },
  { name: 'light', scenario: { theme: 'light' }, act: press('j j 1 4 ]') },
  { name: 'contrast', scenario: { theme: 'highContrast' }, act: press('j j a ]') },
  { name: 'contrast-light', scenario: { theme: 'highContrastLight' }, act: press('j j 1 ]') },
  { name: 'small', small: true, act: press('j j 1 ] Enter') },
  { name: 'small-light', small: true, scenario: { theme: 'light' }, act: press('n j') },
  { name: 'raw', act: press('j j r ] ]') },
  { name: 'malformed', act: press('j j j j') },
  { name: 'tools', act: press('n n j') },
  ...(['dark', 'light', 'highContrast'] as const).flatMap((theme): Shot[] => [
    { name: `tokens-${theme}`, scenario: { theme, turns: 'tokens' }, act: press('j j r h') },
    { name: `logprobs-${theme}`, scenario: { theme, turns: 'tokens' }, act: press('j j h h') },
    { name: `labels-${theme}`, scenario: { theme, turns: 'labels' }, act: press('j') },
  ]),
  { name: 'missing', scenario: { image: 'missing' } },
  { name: 'ambiguous', scenario: { image: 'ambiguous', theme: 'light' } },
  { name: 'broken', scenario: { image: 'broken' } },
  { name: 'bytes', scenario: { image: 'bytes' }, act: press('j') },
  {
    name: 'unknown',
    scenario: { frame: 'unknown' },
    act: async (page) => {
      await page.waitForSelector('.banner:not([hidden])');
      await page.locator('.banner vscode-button').click();
      await page.waitForSelector('.evidence');
    },
  },
  { name: 'problems', scenario: { problems: 1240 }, act: press('e') },
  { name: 'help', act: press('?') },
  { name: 'scanning', scenario: { groups: 125_000, scanning: true } },
  { name: 'huge', scenario: { groups: 125_000 }, act: press('G') },
  { name: 'samples', scenario: { samples: true, groups: 2 } },
  { name: 'nothing', scenario: { groups: 0, problems: 3 } },
  { name: 'failing', scenario: { failing: true } },
  { name: 'filter-chips', act: filtered },
  { name: 'filter-chips-light', scenario: { theme: 'light' }, act: filtered },
  { name: 'filter-chips-contrast', scenario: { theme: 'highContrast' }, act: filtered },
  { name: 'filter-chips-small', small: true, act: filtered },
  { name: 'filter-sort', act: press('s') },
  { name: 'filter-add-light', scenario: { theme: 'light' }, act: press('F') },
  { name: 'filter-range', act: sequence(press('F End'), rangeOf) },
  { name: 'filter-values-contrast', scenario: { theme: 'highContrast' }, act: sequence(press('F f'), enter) },
  { name: 'filter-sql', act: sequence(press('w'), typed('rew')) },
  { name: 'filter-sql-error', act: sequence(press('w'), typed('rewrad > 0.5'), enter) },
  {
    name: 'filter-sql-error-light',
    scenario: { theme: 'light' },
    act: sequence(press('w'), typed('rewrad > 0.5'), enter),
  },
  {
    name: 'filter-none-contrast',
    scenario: { theme: 'highContrastLight' },
    act: sequence(press('w'), typed('reward > 9'), enter),
  },
  { name: 'filter-running', act: sequence(press('w'), typed('slow'), enter) },
  { name: 'collapsed', act: async (page) => page.locator('[aria-label="Collapse all groups"]').click() },
];

async function main(): Promise<void> {
  const [folder = join('dist', 'panels'), ...names] = process.argv.slice(2);
  await mkdir(folder, { recursive: true });
  const browser = await openPanelsBrowser({ reducedMotion: true });
  for (const shot of shots.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const page = await browser.open(shot.scenario ?? {}, shot.small ? { width: 1000, height: 700 } : undefined);
    await page.waitForTimeout(500);
    await shot.act?.(page);
    await page.waitForTimeout(300);
    await until(page, thumbnailsThere);
    await page.screenshot({ path: join(folder, `${shot.name}.png`) });
    await page.close();
  }
  await browser.close();
  if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
