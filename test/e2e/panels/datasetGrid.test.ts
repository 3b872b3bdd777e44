import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetSnapshot, datasetSnapshot, pressed } from '../../panelsPage/dataset/driver';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { boxesOf, fileOf, sizeOf } from '../../panelsPage/dataset/fakeImages';
import { until } from '../../panelsPage/driver';
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

async function open(scenario: DatasetScenario & { state?: unknown } = {}): Promise<void> {
  page = await browser.open(scenario, { width: 1000, height: 700 });
  await page.locator('.cell').first().waitFor();
  await page.locator('.grid').focus();
}

const told = <T>(read: (snapshot: DatasetSnapshot) => T, wanted: T) =>
  eventually(() => datasetSnapshot(page), read, wanted);
const filterLine = (text: string) =>
  until(page, `document.querySelector('.find-bar').textContent.includes(${JSON.stringify(text)})`);

describe('the grid, by keys alone', () => {
  it('goes from image to image, opens one, steps there and comes back to it', async () => {
    await open();
    const { columns } = (await datasetSnapshot(page)).grid;
    await pressed(page, 'ArrowDown ArrowDown ArrowRight');
    await told(({ cursor }) => cursor.image, 2 * columns + 1);
    await pressed(page, 'Enter');
    await told(({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 2 * columns + 1 });
    await pressed(page, 'j j');
    await told(({ image }) => image, 2 * columns + 3);
    await pressed(page, 'Escape');
    await told(({ mode, cursor }) => ({ mode, image: cursor.image }), { mode: 'grid', image: 2 * columns + 3 });
    await pressed(page, 'End');
    await told(({ cursor, grid }) => cursor.image >= grid.from && cursor.image <= grid.to, true);
    await told(({ cursor }) => cursor.image, 399);
    await pressed(page, 'PageUp Home');
    await told(({ cursor, grid }) => [cursor.image, grid.top], [0, 0]);
  });

  it('selects single images and ranges, counts them, and lets go of all', async () => {
    await open();
    await pressed(page, 'Space ArrowRight ArrowRight Shift+ArrowRight Shift+ArrowRight');
    await told(({ selected }) => selected, [0, 2, 3, 4]);
    await filterLine('4 selected');
    await expect.poll(() => page.locator('.cell[aria-selected=true]').count()).toBe(4);
    await pressed(page, 'Escape');
    await told(({ selected }) => selected, []);
    await pressed(page, 'Control+a');
    await told(({ selected }) => selected.length, 400);
  });

  it('shows larger thumbnails, and the images as a list with their labels', async () => {
    await open();
    const before = (await datasetSnapshot(page)).grid.columns;
    await pressed(page, '+ + +');
    await told(({ grid }) => grid.columns < before, true);
    await pressed(page, 'l');
    await told(({ asList, grid }) => ({ asList, columns: grid.columns }), { asList: true, columns: 1 });
    await until(page, `document.querySelector('.list-labels')?.textContent.length > 0`);
    expect(await page.locator('.list-head').textContent()).toContain('Annotations');
  });
});

/** What a cell in view shows; `image` is the number of the picture's image, '' for none. */
interface ShownCell {
  readonly place: number;
  readonly label: string;
  readonly image: string;
}

const inView = () =>
  page.evaluate<ShownCell[]>(`(() => {
    const view = document.querySelector('.grid').getBoundingClientRect();
    return [...document.querySelectorAll('.cell:not(.parked)')].flatMap((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      if (bottom <= view.top || top >= view.bottom) return [];
      const image = cell.querySelector('img').src.split('#')[1] ?? '';
      return [{ place: cell.ariaPosInSet - 1, label: cell.ariaLabel, image }];
    });
  })()`);

/** Whether a line of the overlay runs through a point of a place's picture, CSS pixels. */
const inked = (place: number, x: number, y: number) =>
  page.evaluate<boolean>(`(() => {
    const picture = document.getElementById('cell-${place}').getBoundingClientRect();
    const [x, y] = [picture.left + ${x}, picture.top + ${y}];
    return [...document.querySelectorAll('.grid-strip:not([hidden])')].some((strip) => {
      const { left, top, width, bottom } = strip.getBoundingClientRect();
      if (y < top || y >= bottom) return false;
      const scale = strip.width / width;
      return strip.getContext('2d').getImageData((x - left) * scale, (y - top) * scale, 1, 1).data[3] > 0;
    });
  })()`);

/** How often, in any frame on the way, a cell shows a picture while its own is still coming. */
const scrolledBy = (tops: readonly number[]) =>
  page.evaluate<number>(`(async () => {
    const grid = document.querySelector('.grid');
    let wrong = 0;
    for (const top of ${JSON.stringify(tops)}) {
      grid.scrollTop = top;
      for (let frame = 0; frame < 4; frame++) {
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
        for (const image of document.querySelectorAll('.cell:not(.parked) img[src]'))
          if (!image.complete && getComputedStyle(image).visibility === 'visible') wrong++;
      }
    }
    return wrong;
  })()`);

describe('scrolled', () => {
  it('shows of each image its own picture, name and boxes, and never another’s on the way', async () => {
    await open({ images: 100_000, state: { version: 1, side: 72 } });
    expect(await scrolledBy([240, 480, 90_000, 90_240, 300_000, 120, 250_000])).toBe(0);
    await expect
      .poll(
        async () => {
          const cells = await inView();
          const right = ({ place, label, image }: ShownCell) =>
            label.startsWith(fileOf(place)) && image === (place % 97 === 13 ? '' : String(place));
          return { many: cells.length > 50, wrong: cells.filter((cell) => !right(cell)) };
        },
        { timeout: 30_000 },
      )
      .toEqual({ many: true, wrong: [] });
    const { width: side = 0 } = (await page.locator('.cell-picture').first().boundingBox()) ?? {};
    for (const { place, image } of (await inView()).slice(20, 40)) {
      const [box] = boxesOf(place);
      if (box === undefined || image === '') continue;
      const { width, height } = sizeOf(place);
      const scale = side / Math.max(width, height);
      const [x, y] = [(side - width * scale) / 2 + box.x1 * scale, (side - height * scale) / 2 + box.y1 * scale];
      expect(await inked(place, x, y)).toBe(true);
    }
    await pressed(page, 'b');
    await expect.poll(() => page.locator('.grid-strip:not([hidden])').count()).toBe(0);
  });

  it('has one cell for a place, in reach of the keyboard, and none that is left over', async () => {
    await open({ images: 100_000, state: { version: 1, side: 72 } });
    await pressed(page, 'End');
    await pressed(page, 'Home');
    await expect
      .poll(() =>
        page.evaluate(`(() => {
          const grid = document.querySelector('.grid');
          const ids = [...grid.querySelectorAll('.cell:not(.parked)')].map(({ id }) => id);
          return {
            twice: ids.length - new Set(ids).size,
            cursor: document.getElementById(grid.getAttribute('aria-activedescendant'))?.ariaPosInSet,
          };
        })()`),
      )
      .toEqual({ twice: 0, cursor: '1' });
  });
});

describe('thumbnails', () => {
  it('have the annotations that stand after an edit, and the file’s own after undo', async () => {
    await open();
    const count = page.locator('#cell-1 .cell-count');
    const before = await count.textContent();
    expect(Number(before)).toBeGreaterThan(0);
    await pressed(page, 'ArrowRight Enter');
    await told(({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 1 });
    await page.locator('.annotation-row').first().waitFor();
    await pressed(page, 'Control+a Delete Escape');
    await expect.poll(() => count.textContent()).toBe('');
    await page.evaluate('window.fake.notes.undo()');
    await expect.poll(() => count.textContent()).toBe(before);
  });
});

describe('finding images', () => {
  it('takes a named definition of small objects, and says whose it is', async () => {
    await open();
    await until(page, `window.fake.answered.includes('set/columns')`);
    await pressed(page, 'F');
    await page.getByRole('menuitemcheckbox', { name: 'Below 32² px by the box' }).press('Enter');
    await told(({ query }) => query.chips.length, 1);
    await filterLine('boxArea < 1024');
    await filterLine('of 400 images');
    await filterLine('a box is larger than its mask');
    await pressed(page, 'x');
    await told(({ listed }) => listed, 400);
  });

  it('keeps what it shows when the SQL is wrong, and says what is wrong with it', async () => {
    await open();
    await pressed(page, 'w');
    await page.keyboard.type('anotations > 3');
    await pressed(page, 'Enter');
    await page.getByText('Referenced column "anotations" not found').waitFor();
    await told(({ listed, status }) => ({ listed, kind: status.kind }), { listed: 400, kind: 'failed' });
    await page.keyboard.press('Control+a');
    await page.keyboard.type('annotations > 20');
    await pressed(page, 'Enter');
    await told(({ listed, status }) => ({ fewer: listed < 400, kind: status.kind }), { fewer: true, kind: 'idle' });
  });

  it('groups by label: an image with two labels stands under both, and the title stays at the top', async () => {
    await open();
    await until(page, `window.fake.answered.includes('set/columns')`);
    await pressed(page, 'g');
    await page.getByRole('menuitemradio', { name: 'label' }).press('Enter');
    await told(({ listed, sections }) => listed > 400 && sections.length > 3, true);
    await page.locator('.grid').focus();
    await pressed(page, '] ArrowDown ArrowDown ArrowDown ArrowDown');
    const { sections } = await datasetSnapshot(page);
    await page.locator('.section-header.sticky', { hasText: sections[1]?.title ?? '' }).waitFor();
  });

  it('has images compared, and lists those that are alike by groups', async () => {
    await open();
    await pressed(page, 'd');
    await told(({ sections, listed }) => ({ titles: sections.map(({ title }) => title), listed }), {
      titles: ['duplicates 1', 'duplicates 2'],
      listed: 5,
    });
    await page.getByText('5 images in 2 groups of near-duplicates. 1 image could not be read.').waitFor();
  });

  it('filters by a bar of the statistics, and takes it back', async () => {
    await open();
    await pressed(page, 'o');
    await page.getByRole('button', { name: /^kite:/ }).click();
    await told(({ query }) => query.chips, [{ kind: 'category', column: 'label', values: ['kite'] }]);
    await page.getByRole('button', { name: /^kite:/, pressed: true }).click();
    await told(({ listed }) => listed, 400);
    await page.locator('.bar-row').first().locator('.bar:not(:disabled)').first().click();
    await told(({ query, listed }) => query.chips.length === 1 && listed < 400, true);
  });
});

describe('what is not as it should be', () => {
  it('asks for the folder when no image is where the file says', async () => {
    await open({ missing: true });
    await page.getByRole('button', { name: 'Choose Folder…' }).click();
    await until(page, `document.querySelector('.cell img[src]') !== null`);
    await page.locator('.missing-banner').waitFor({ state: 'hidden' });
  });

  it('lists problems with their places', async () => {
    await open({ problems: 3 });
    await pressed(page, 'e');
    await page.getByRole('button', { name: 'instances_val2017.json:10 · image_id' }).click();
    await until(page, `window.fake.answered.includes('editor/openPlace')`);
  });
});
