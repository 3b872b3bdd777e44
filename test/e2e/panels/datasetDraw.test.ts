import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/core/dataset/shape';
import { DetailPage } from '../../panelsPage/dataset/detailDriver';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

let browser: PanelsBrowser<DatasetScenario>;
let on: DetailPage;

beforeAll(async () => {
  browser = await openDatasetBrowser({ reducedMotion: true });
});
afterEach(async () => {
  await on.page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});
afterAll(() => browser.close());

async function open(): Promise<void> {
  on = new DetailPage(await browser.open({ shapes: 0 }));
  await on.enter();
}

const degreesOf = async (id: string) => {
  const shape = (await on.annotation(id))?.shape;
  return shape?.kind === 'turnedBox' ? Math.round((shape.angle * 180) / Math.PI) : null;
};
const cornersOf = (shape: Shape | undefined) =>
  shape?.kind === 'quad' ? shape.points.map(({ x }) => Math.round(x)) : [];
const ringsOf = async (id: string) => {
  const shape = (await on.annotation(id))?.shape;
  return shape?.kind === 'polygons' ? shape.rings.length : null;
};
const said = () => on.page.locator('.status-line').textContent();

describe('drawing on an image of a set', () => {
  it('makes turned boxes of three clicks, that keys and a handle turn and edges pull, undone step by step', async () => {
    await open();
    await on.press('R');
    await on.click(200, 300);
    await on.click(260, 300);
    await on.click(240, 330);
    const id = (await on.last())?.id ?? '';
    expect((await on.last())?.shape).toMatchObject({ kind: 'turnedBox', angle: expect.closeTo(0, 2) });
    await on.press('v W W w w q');
    await expect.poll(() => degreesOf(id)).toBe(31);
    const shape = (await on.annotation(id))?.shape;
    const box = shape?.kind === 'turnedBox' ? shape.box : { x1: 0, x2: 0, y1: 0 };
    // Turned back to 0, the handle that turns it lies straight above.
    await on.press('Q Q q');
    await expect.poll(() => degreesOf(id)).toBe(0);
    const { scale } = (await on.detail()).canvas.viewport;
    const [middle, reach] = [(box.x1 + box.x2) / 2, 24 / scale];
    await on.drag([middle, box.y1 - reach], [middle + 100, 315]);
    await expect.poll(() => degreesOf(id)).toBe(90);
    for (let step = 0; step < 4; step++) await on.undo();
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(9);
  });

  it('makes four corners of four clicks, and takes the last one back', async () => {
    await open();
    await on.press('4');
    await on.click(200, 300);
    await on.click(250, 300);
    await on.click(250, 350, 'right');
    await on.click(260, 310);
    await on.click(260, 340);
    expect((await on.detail()).drawing).toBe(3);
    await on.click(190, 350);
    const drawn = await on.last();
    expect(drawn?.kind).toBe('quad');
    expect(cornersOf(drawn?.shape)).toEqual([200, 260, 260, 190]);
  });

  it('places the keypoints of a category in order: hidden and skipped ones, moved and unlabelled later', async () => {
    await open();
    await on.press('r');
    await on.drag([20, 20], [100, 120]);
    const id = (await on.last())?.id ?? '';
    await on.press('c p e r s Enter K');
    await on.click(60, 30);
    await on.press('x');
    await on.click(60, 50);
    await on.press('X');
    await on.click(90, 60);
    await on.click(60, 90);
    const pose = async () =>
      (await on.annotation(id))?.keypoints?.map(({ x, y, visibility }) => [Math.round(x), Math.round(y), visibility]);
    await expect.poll(pose).toEqual([
      [60, 30, 2],
      [60, 50, 1],
      [0, 0, 0],
      [90, 60, 2],
      [60, 90, 2],
    ]);
    expect(await on.annotation(id)).toMatchObject({ kind: 'box', box: { x1: 20, y1: 20, x2: 100, y2: 120 } });
    await on.press('v } x');
    await on.drag([90, 60], [80, 70]);
    await expect.poll(async () => (await pose())?.[3]).toEqual([80, 70, 2]);
    expect((await pose())?.[0]).toEqual([60, 30, 1]);
    await on.press('Delete');
    await expect.poll(async () => (await pose())?.[3]).toEqual([0, 0, 0]);
    await on.press('x');
    await expect.poll(async () => (await pose())?.[3]).toEqual([80, 70, 2]);
  });

  it('adds a ring to a shape, cuts a hole, which makes it a mask, and goes from masks to polygons', async () => {
    await open();
    await on.press('r');
    await on.drag([20, 20], [100, 100]);
    const id = (await on.last())?.id ?? '';
    const square = async (x: number, y: number, side: number) => {
      await on.click(x, y);
      await on.click(x + side, y);
      await on.click(x + side, y + side);
      await on.click(x, y + side);
      await on.press('Enter');
    };
    await on.press('G');
    await square(120, 20, 30);
    await expect.poll(() => ringsOf(id)).toBe(2);
    await on.press('H');
    await square(40, 40, 20);
    await expect.poll(async () => (await on.annotation(id))?.kind).toBe('mask');
    expect(await said()).toBe('Polygons have no holes: it is a mask now.');
    await on.press('v M');
    await expect.poll(() => ringsOf(id)).toBe(2);
    expect(await said()).toBe('Polygons have no holes: one was filled.');
    for (let step = 0; step < 3; step++) await on.undo();
    await expect.poll(async () => (await on.annotation(id))?.kind).toBe('box');
  });

  it('shows what a policy proposes: one accepted, one deleted, one moved and labelled, the others all at once', async () => {
    await open();
    const proposed = async () => (await on.detail()).proposed;
    await on.press('B');
    await expect.poll(proposed).toEqual(['dog', 'bird', null]);
    await on.press('[ Delete');
    await expect.poll(proposed).toEqual(['dog', 'bird']);
    await on.press('[ Enter');
    await expect.poll(async () => (await on.last())?.label).toBe('bird');
    expect(await on.last()).toMatchObject({ kind: 'box', edit: 'added' });
    expect((await on.detail()).selected).toEqual([(await on.last())?.id]);
    await on.undo();
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(9);
    expect(await proposed()).toEqual(['dog']);
    await on.press('B');
    await expect.poll(proposed).toEqual(['dog', 'bird', null]);
    await on.press('[ c k i t e Enter');
    await expect.poll(async () => (await on.last())?.label).toBe('kite');
    await on.press('A');
    await expect
      .poll(async () => (await on.detail()).annotations.slice(9).map(({ label }) => label))
      .toEqual(['kite', 'dog', 'bird']);
    expect(await proposed()).toEqual([]);
    await on.undo();
    await expect.poll(async () => (await on.detail()).annotations.length).toBe(10);
  });

  it('has a question worded anew, and the file’s own again when it is left empty', async () => {
    await open();
    const question = on.page.locator('.question-text');
    const word = async (text: string) => {
      await question.getByLabel('Edit the question').click();
      await question.locator('textarea').fill(text);
      await on.page.keyboard.press('Enter');
    };
    await word('Where is the dog?');
    await expect.poll(() => question.textContent()).toBe('Where is the dog?');
    await word('');
    await expect.poll(() => question.textContent()).toBe('What is the dog lying on?');
    await on.undo();
    await expect.poll(() => question.textContent()).toBe('Where is the dog?');
  });
});
