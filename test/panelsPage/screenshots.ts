/** Pictures of the editor, to be looked at: `node scripts/runTs.mjs test/panelsPage/screenshots.ts FOLDER [NAME…]`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { settled, until } from './driver';
import type { Scenario } from './fakeHost';
import { openPanelsBrowser } from './openPage';

/** Thumbnails on screen are painted; those further down come when they are scrolled to. */
const thumbnailsThere = `[...document.querySelectorAll('.thumb')].every((thumb) => thumb.hidden || thumb.firstChild !== null
  || thumb.getBoundingClientRect().top > innerHeight - 10)
  && [...document.querySelectorAll('.look-strip:not([hidden]) .look-frame')].every((frame) => frame.firstChild !== null)
  && document.querySelector('.dimmed') === null`;

interface Shot {
  readonly name: string;
  readonly scenario?: Scenario & { theme?: string; state?: unknown };
  readonly small?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const press = (keys: string) => async (page: Page) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};

const clicked = (selector: string) => (page: Page) => page.locator(selector).click();
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

/** Drags over the first plot, from a third to two thirds of its width. */
async function brushed(page: Page): Promise<void> {
  await press('o')(page);
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('no plot is there');
  await page.mouse.move(box.x + box.width / 3, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + (2 * box.width) / 3, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2, box.y + 50);
}

/** Clicks on the picture, at shares of its pane. */
const onPicture =
  (x: number, y: number, button: 'left' | 'right' = 'left') =>
  async (page: Page) => {
    const box = await page.locator('.picture-stage [role=application]').first().boundingBox();
    if (box === null) throw new Error('no picture is there');
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y, { button });
  };

/** A stroke of the brush. */
async function stroke(page: Page): Promise<void> {
  const box = await page.locator('.picture-stage [role=application]').first().boundingBox();
  if (box === null) throw new Error('no picture is there');
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6, { steps: 8 });
  await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.55, { steps: 8 });
}

const holding = (page: Page) => page.evaluate('window.fake.segment.held = true').then(() => undefined);

const imageThere = (page: Page) => settled(page).then(() => undefined);

const masked = sequence(
  imageThere,
  press('O'),
  onPicture(0.45, 0.5),
  onPicture(0.6, 0.5),
  onPicture(0.52, 0.45, 'right'),
);

/** Draws around the middle of the scatter. */
async function lassoed(page: Page): Promise<void> {
  await press('o')(page);
  await page.locator('#tab-scatter').click();
  await page.waitForTimeout(300);
  const box = await page.locator('.scatter-canvas').boundingBox();
  if (box === null) throw new Error('no scatter is there');
  const at = (angle: number) =>
    page.mouse.move(
      box.x + box.width * (0.55 + 0.15 * Math.cos(angle)),
      box.y + box.height * (0.45 + 0.2 * Math.sin(angle)),
    );
  await at(0);
  await page.mouse.down();
  for (let i = 1; i < 24; i++) await at((i / 24) * 2 * Math.PI);
  await page.mouse.up();
}

/** Another run chosen, the samples that it lost listed. */
const compared = sequence(
  press('o'),
  clicked('#tab-compare'),
  clicked('.compare-empty vscode-button'),
  clicked('.flip-cell >> nth=1'),
);

/** Turns labelled, a reward set, one rollout reviewed and the next excluded. */
/** A region was moved, and the next is being pulled. */
async function pulled(page: Page): Promise<void> {
  await press('E Shift+ArrowRight Shift+ArrowRight Shift+ArrowRight Shift+ArrowDown Shift+ArrowDown Enter ]')(page);
  await page.waitForTimeout(120);
  await press('Alt+Shift+ArrowRight Alt+Shift+ArrowRight Alt+Shift+ArrowDown Shift+ArrowUp')(page);
}

const annotated = sequence(
  press('j'),
  press('l - l +'),
  press('d'),
  typed('1.5'),
  enter,
  press('y j X'),
  press('ArrowDown Enter'),
  press('k l l'),
);

/** A log without totals, whose components are named with their weights. */
const weighted = sequence(
  clicked('.component-tag'),
  typed('1'),
  enter,
  clicked('.field-role .icon-button >> nth=2'),
  typed('0.5'),
  enter,
);

/** A ground-truth box in hand, far from where it was. */
async function far(page: Page): Promise<void> {
  for (let step = 0; step < 20; step++) await page.keyboard.press('Shift+ArrowUp');
}

/** Three rollouts ranked, two of them as equals; a turn with its reason, tags of the group, a rollout left out. */
const ranked = sequence(
  press('v j < < l l - ;'),
  typed('It looks at the wrong kite.'),
  press('Control+Enter #'),
  typed('kites, hard'),
  enter,
  press('Escape j 1 v'),
  press('j j X'),
  press('ArrowDown Enter'),
  press('k k k'),
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
  { name: 'tool-menu', scenario: { turns: 'zoom' }, act: press('j I') },
  ...(['dark', 'light', 'highContrast'] as const).flatMap((theme): Shot[] => [
    { name: `tokens-${theme}`, scenario: { theme, turns: 'tokens' }, act: press('j j r h') },
    { name: `logprobs-${theme}`, scenario: { theme, turns: 'tokens' }, act: press('j j h h') },
    { name: `zoom-${theme}`, scenario: { theme, turns: 'zoom' }, act: press('j c . .') },
    { name: `zoom-refused-${theme}`, scenario: { theme, turns: 'zoom' }, act: press('j c . . .') },
    { name: `zoom-closed-${theme}`, scenario: { theme, turns: 'zoom' }, act: press('j m') },
    { name: `clicks-${theme}`, scenario: { theme, turns: 'clicks' }, act: press('. . .') },
    { name: `rerun-${theme}`, scenario: { theme, turns: 'clicks' }, act: press('. . . * ,') },
    { name: `gui-${theme}`, scenario: { theme, turns: 'gui' }, act: press('j . .') },
    { name: `video-${theme}`, scenario: { theme, turns: 'video' }, act: press('. .') },
    { name: `video-moments-${theme}`, scenario: { theme, turns: 'video' }, act: press('j') },
    { name: `video-numbers-${theme}`, scenario: { theme, turns: 'videoOnly' }, act: press('. . . . . . . . . .') },
    { name: `video-times-${theme}`, scenario: { theme, turns: 'videoOnly' }, act: press('j') },
    { name: `labels-${theme}`, scenario: { theme, turns: 'labels' }, act: press('j') },
    { name: `boxes-${theme}`, scenario: { theme }, act: pulled },
    { name: `annotated-${theme}`, scenario: { theme, turns: 'labels' }, act: annotated },
    { name: `summed-${theme}`, scenario: { theme, noTotals: true }, act: weighted },
    { name: `live-${theme}`, scenario: { theme, profile: 'active-o3-paper' }, act: sequence(press('E ['), far) },
    { name: `ranked-${theme}`, scenario: { theme, turns: 'labels' }, act: ranked },
  ]),
  ...(['dark', 'light', 'highContrast'] as const).map(
    (theme): Shot => ({
      name: `score-${theme}`,
      scenario: { theme, profile: 'active-o3-paper', brokenProfile: theme === 'light' },
      act: press('j j q'),
    }),
  ),
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
  { name: 'overview', act: press('o') },
  { name: 'overview-light', scenario: { theme: 'light', run: { steps: 200, validation: true } }, act: press('o') },
  { name: 'overview-contrast', scenario: { theme: 'highContrast' }, act: press('o ArrowLeft ArrowLeft') },
  { name: 'overview-contrast-light', scenario: { theme: 'highContrastLight' }, act: press('o') },
  { name: 'overview-small', small: true, scenario: { run: { steps: 3 } }, act: press('o') },
  { name: 'overview-one-step', scenario: { run: { steps: 1, reward: false } }, act: press('o') },
  { name: 'overview-none', scenario: { run: { steps: 0 } }, act: press('o') },
  { name: 'overview-brushed', act: brushed },
  {
    name: 'overview-tables',
    act: sequence(press('o'), clicked('[aria-label="Show as tables"]')),
  },
  { name: 'looked', act: sequence(press('o'), clicked('#tab-looked')) },
  {
    name: 'looked-light',
    scenario: { theme: 'light' },
    act: sequence(press('o'), clicked('#tab-looked')),
  },
  { name: 'scatter', act: lassoed },
  { name: 'scatter-light', scenario: { theme: 'light', run: { steps: 2 } }, act: lassoed },
  ...(['dark', 'light', 'highContrast'] as const).flatMap((theme): Shot[] => [
    { name: `compare-${theme}`, scenario: { theme }, act: compared },
    { name: `compared-${theme}`, scenario: { theme }, act: sequence(compared, clicked('.compare-row')) },
  ]),
  { name: 'compare-empty', act: sequence(press('o'), clicked('#tab-compare')) },
  { name: 'compare-small', small: true, act: compared },
  { name: 'then', act: press('n b') },
  { name: 'then-light', scenario: { theme: 'light' }, act: press('n b') },
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
  ...(['dark', 'light', 'highContrast'] as const).flatMap((theme): Shot[] => [
    {
      name: `group-${theme}`,
      scenario: { theme, profile: 'active-o3-paper' },
      act: sequence(
        press('1 2 3 d'),
        typed('2.5'),
        enter,
        press('l + y j Shift+T'),
        typed('lucky, too wide'),
        enter,
        press('M ArrowRight ArrowRight ArrowRight Enter ArrowDown'),
      ),
    },
    { name: `segment-${theme}`, scenario: { theme }, act: masked },
    { name: `segment-waiting-${theme}`, scenario: { theme }, act: sequence(imageThere, holding, press('O')) },
    { name: `segment-many-${theme}`, scenario: { theme, masks: 300 }, act: sequence(imageThere, press('O')) },
    { name: `segment-brush-${theme}`, scenario: { theme }, act: sequence(masked, press('b'), stroke) },
    { name: `segment-polygon-${theme}`, scenario: { theme, masks: 3 }, act: sequence(masked, press('v')) },
    { name: `diff-${theme}`, scenario: { theme }, act: press('j D') },
    { name: `tiles-${theme}`, scenario: { theme }, act: press('1 2 P ArrowRight') },
    { name: `review-${theme}`, scenario: { theme, size: 6 }, act: sequence(press('Y Y Y W'), press('N')) },
  ]),
  { name: 'filter-sort', act: press('s') },
  { name: 'filter-add-light', scenario: { theme: 'light' }, act: press('F') },
  { name: 'filter-range', act: sequence(press('F'), press('r r Enter'), typed('0.25')) },
  { name: 'filter-values-contrast', scenario: { theme: 'highContrast' }, act: sequence(press('F'), press('b Enter')) },
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
  {
    name: 'component',
    act: async (page) => {
      await page.getByLabel('Name coverage_rate a reward component').click();
      await page.keyboard.type('0.5');
      await page.keyboard.press('Enter');
      await page.getByLabel('Name acc a reward component').click();
    },
  },
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
    await page.waitForTimeout(600);
    // What never comes is to be seen on the picture, not waited for.
    await Promise.race([until(page, thumbnailsThere), page.waitForTimeout(5000)]);
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
