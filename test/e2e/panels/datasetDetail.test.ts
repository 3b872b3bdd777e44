import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { painted, press } from '../../panelsPage/driver';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

interface DetailSnapshot {
  readonly mode: string;
  readonly detail: {
    readonly loaded: boolean;
    readonly tool: string;
    readonly annotations: readonly {
      readonly id: string;
      readonly label: string | null;
      readonly kind: string;
      readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } | null;
      readonly edit: string | null;
    }[];
    readonly selected: readonly string[];
    readonly drawing: number;
    readonly segmenting: { readonly clicks: number; readonly mask: boolean; readonly waiting: boolean };
    readonly canvas: {
      readonly preview: unknown;
      readonly settled: boolean;
      readonly viewport: { readonly scale: number; readonly visible: { readonly x1: number; readonly y1: number } };
    };
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

const detail = async () =>
  (await page.evaluate<DetailSnapshot>(`window.fake.channel.call('test/snapshot', {})`)).detail;
const annotation = async (id: string) => (await detail()).annotations.find((one) => one.id === id);
const last = async () => (await detail()).annotations.at(-1);
const undo = () => page.evaluate('window.fake.notes.undo()');

async function open(shapes: number): Promise<void> {
  page = await browser.open({ shapes });
  await page.waitForSelector('.grid [role=row], .grid [role=gridcell], .cell');
  await press(page, 'Enter');
  await expect
    .poll(async () => {
      const { loaded, canvas } = await detail();
      return loaded && canvas.preview !== null && canvas.settled;
    })
    .toBe(true);
}

/** A pixel of the image, where it is on the page. */
async function at(x: number, y: number): Promise<{ x: number; y: number }> {
  const { scale, visible } = (await detail()).canvas.viewport;
  const canvas = (await page.locator('.detail-stage [role=application]').first().boundingBox())!;
  return { x: canvas.x + (x - visible.x1) * scale, y: canvas.y + (y - visible.y1) * scale };
}

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [a, b] = [await at(...from), await at(...to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
  await page.mouse.move(b.x, b.y);
  await page.mouse.up();
  await painted(page);
}

async function click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
  const place = await at(x, y);
  await page.mouse.click(place.x, place.y, { button });
  await painted(page);
}

describe('an image of a set', () => {
  it('is drawn on, moved, relabelled and deleted by mouse and keys, and every step is taken back', async () => {
    await open(0);
    await press(page, 'r');
    await drag([300, 20], [380, 60]);
    expect(await last()).toMatchObject({ kind: 'box', box: { x1: 300, y1: 20, x2: 380, y2: 60 }, edit: 'added' });
    const id = (await last())?.id ?? '';
    await press(page, 'v');
    await drag([340, 40], [350, 45]);
    await expect.poll(async () => (await annotation(id))?.box).toEqual({ x1: 310, y1: 25, x2: 390, y2: 65 });
    await press(page, 'c b o a Enter');
    await expect.poll(async () => (await annotation(id))?.label).toBe('boat');
    await press(page, 'Delete');
    await expect.poll(() => annotation(id)).toBeUndefined();
    for (let step = 0; step < 4; step++) await undo();
    await expect.poll(async () => (await detail()).annotations.length).toBe(9);
    expect((await detail()).annotations.every(({ edit }) => edit === null)).toBe(true);
  });

  it('has polygons whose corners are pulled, added and taken away, and masks that are split and merged', async () => {
    await open(0);
    await press(page, 'g');
    for (const [x, y] of [
      [20, 20],
      [60, 20],
      [60, 60],
    ] as const)
      await click(x, y);
    await press(page, 'Enter');
    const id = (await last())?.id ?? '';
    expect(await last()).toMatchObject({ kind: 'polygons', box: { x1: 20, y1: 20, x2: 60, y2: 60 } });
    await press(page, 'v');
    await drag([60, 60], [80, 70]);
    await expect.poll(async () => (await annotation(id))?.box).toEqual({ x1: 20, y1: 20, x2: 80, y2: 70 });
    await press(page, 'Delete');
    await expect.poll(() => annotation(id)).toBeUndefined();
    const before = await annotation('s3');
    await press(page, '] ] ] ] d');
    await expect.poll(async () => (await detail()).annotations.length).toBe(10);
    await press(page, 'Control+a m');
    await expect.poll(async () => (await detail()).annotations.length).toBe(9);
    expect((await annotation('s3'))?.box?.x2).toBe((before?.box?.x2 ?? 0) + 12);
  });

  it('is segmented: two clicks make a mask, a third mends it, and accepted it stays with its clicks', async () => {
    await open(0);
    await press(page, 's');
    await click(200, 100);
    await click(260, 100);
    await click(230, 140, 'right');
    await expect.poll(async () => (await detail()).segmenting).toEqual({ clicks: 3, mask: true, waiting: false });
    await press(page, 'Enter');
    await expect.poll(last).toMatchObject({ kind: 'mask', edit: 'added' });
    const clicks = await page.evaluate<number>(
      'window.fake.notes.done.at(-1).changes[0].after.value.origin.clicks.length',
    );
    expect(clicks).toBe(3);
  });

  it('with a thousand annotations selects and drags at once, and a refused edit rolls back', async () => {
    await open(1000);
    await click(25, 22);
    const [id = ''] = (await detail()).selected;
    const before = await annotation(id);
    await page.evaluate(`window.fake.notes.refusal = new Error('read-only')`);
    await drag([25, 22], [45, 32]);
    await expect.poll(() => annotation(id)).toEqual(before);
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
