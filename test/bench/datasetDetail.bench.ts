import type { Page } from 'playwright-core';
import { openDatasetBrowser } from '../panelsPage/openPage';
import { against, type BenchRow, within } from './bench';
import { type BusyStep, busySteps, percentile } from './busyFrames';

export const name = 'datasetDetail';
export const budget = '1,000 annotations on one image: select one, drag it at 60 fps';

/** One frame of a 60 Hz screen. */
const frameMs = 1000 / 60;
const steps = 120;

interface Snapshot {
  readonly detail: {
    readonly loaded: boolean;
    readonly selected: readonly string[];
    readonly annotations: readonly { readonly id: string; readonly box: Box | null }[];
    readonly canvas: {
      readonly preview: unknown;
      readonly settled: boolean;
      readonly viewport: { readonly scale: number; readonly visible: Box };
    };
  };
}

interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const detail = async (page: Page) =>
  (await page.evaluate<Snapshot>(`window.fake.channel.call('test/snapshot', {})`)).detail;

/** The first image with so many annotations, once it is painted. */
async function opened(page: Page): Promise<void> {
  await page.waitForSelector('.cell');
  await page.keyboard.press('Enter');
  for (;;) {
    const { loaded, canvas } = await detail(page);
    if (loaded && canvas.preview !== null && canvas.settled) return;
    await page.waitForTimeout(50);
  }
}

/** Where the middle of an annotation is on the page. */
async function middleOf(page: Page, id: string): Promise<{ x: number; y: number }> {
  const { annotations, canvas } = await detail(page);
  const box = annotations.find((one) => one.id === id)?.box;
  const element = await page.locator('.detail-stage [role=application]').first().boundingBox();
  if (box === null || box === undefined || element === null) throw new Error(`there is no ${id}`);
  const { scale, visible } = canvas.viewport;
  return {
    x: element.x + ((box.x1 + box.x2) / 2 - visible.x1) * scale,
    y: element.y + ((box.y1 + box.y2) / 2 - visible.y1) * scale,
  };
}

/** Takes an annotation by the mouse and moves it about; the last step lets it go. */
async function dragged(page: Page, id: string): Promise<readonly BusyStep[]> {
  const { x, y } = await middleOf(page, id);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const found = await busySteps(
    page,
    (i) => (i === steps ? page.mouse.up() : page.mouse.move(x + 6 + 40 * Math.sin(i / 9), y + 6 + (i % 30))),
    steps + 1,
  );
  const { selected } = await detail(page);
  if (selected[0] !== id) throw new Error(`${selected.join()} was dragged in the place of ${id}`);
  return found;
}

/** Annotations under the pointer, one after another, and each clicked. */
async function selected(page: Page, ids: readonly string[]): Promise<readonly BusyStep[]> {
  const places = await Promise.all(ids.map((id) => middleOf(page, id)));
  return busySteps(page, (i) => page.mouse.click(places[i]?.x ?? 0, places[i]?.y ?? 0), ids.length);
}

const busyOf = (found: readonly BusyStep[]) => found.map(({ busy }) => busy);

/** Processor time of the page's own thread from one frame to the next: what 60 fps leave room for, on a busy machine too. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const browser = await openDatasetBrowser({ reducedMotion: true });
  try {
    const few = await browser.open({ shapes: 40 });
    await opened(few);
    const alone = percentile(busyOf(await dragged(few, 'c9')).slice(1, -1), 0.5);
    await few.close();
    const page = await browser.open({ shapes: 1000 });
    await opened(page);
    const rows: BenchRow[] = [];
    for (const [what, id] of [
      ['a box', 'c401'],
      ['a polygon', 'c502'],
    ] as const) {
      const busy = busyOf(await dragged(page, id));
      const moving = busy.slice(1, -1);
      rows.push(
        within(`${what} dragged: processor time of a frame, 95 %`, percentile(moving, 0.95), 'ms', frameMs),
        against(`${what} dragged: … median, beside an image of 50`, percentile(moving, 0.5), 'ms', alone),
        { metric: `${what} dragged: … the frame that takes it`, value: busy[0] ?? Number.NaN, unit: 'ms' },
        { metric: `${what} dragged: … the frames that let it go`, value: busy.at(-1) ?? Number.NaN, unit: 'ms' },
      );
    }
    const ids = Array.from({ length: 40 }, (_, at) => `c${at * 24 + 1}`);
    const clicks = busyOf(await selected(page, ids));
    rows.push(within('another selected: processor time, median', percentile(clicks, 0.5), 'ms', frameMs), {
      metric: 'another selected: … 95 %',
      value: percentile(clicks, 0.95),
      unit: 'ms',
    });
    if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    return { rows };
  } finally {
    await browser.close();
  }
}
