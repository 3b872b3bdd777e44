import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DetailPage } from '../../panelsPage/dataset/detailDriver';
import { datasetSnapshot, pressed } from '../../panelsPage/dataset/driver';
import type { DatasetScenario } from '../../panelsPage/dataset/fakeDatasetHost';
import { openDatasetBrowser, type PanelsBrowser } from '../../panelsPage/openPage';

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

async function open(scenario: DatasetScenario): Promise<void> {
  page = await browser.open(scenario, { width: 1000, height: 700 });
  await page.locator('.cell').first().waitFor();
  await page.locator('.grid').focus();
  await pressed(page, 'Enter');
}

const image = async () => (await datasetSnapshot(page)).image;
const current = () => page.locator('.video-frame[aria-current]').getAttribute('aria-label');
const strip = () => page.locator('.video-strip');

describe('a frame of a video', () => {
  it('has its neighbours below it: by keys, frame by frame and keyframe by keyframe, and by mouse', async () => {
    await open({ videos: 30 });
    await strip().waitFor();
    await expect.poll(current).toContain('Frame 0');
    await pressed(page, 'PageDown PageDown PageUp');
    await expect.poll(image).toBe(1);
    await expect.poll(current).toBe('Frame 15, with annotations');
    // Every fifth image with boxes is a keyframe.
    await pressed(page, 'Shift+PageDown');
    await expect.poll(image).toBe(5);
    await expect.poll(current).toBe('Frame 75, with annotations, keyframe');
    await pressed(page, 'Shift+PageDown Shift+PageUp');
    await expect.poll(image).toBe(5);
    await pressed(page, 'End PageDown');
    await expect.poll(image).toBe(29);
    expect(await page.locator('.video-title').textContent()).toContain('30 of 30 frames · 0:14.50');
    await pressed(page, 'Home');
    await page.locator('.video-frame').nth(3).click();
    await expect.poll(image).toBe(3);
    const axis = (await page.locator('.video-axis').boundingBox())!;
    await page.mouse.click(axis.x + axis.width - 1, axis.y + 5);
    await expect.poll(image).toBe(29);
    // Another video's frame shows that video.
    await pressed(page, 'j');
    await expect.poll(() => page.locator('.video-title').textContent()).toContain('video_02 · 1 of 30 frames');
  });

  it('is drawn on as any image, and marked once it has annotations; other images have no strip', async () => {
    await open({ videos: 30 });
    await pressed(page, 'PageDown PageDown PageDown PageDown');
    await expect.poll(current).toBe('Frame 60');
    await new DetailPage(page).shown();
    const stage = (await page.locator('.detail-stage').boundingBox())!;
    await pressed(page, 'r');
    await page.mouse.move(stage.x + 200, stage.y + 200);
    await page.mouse.down();
    await page.mouse.move(stage.x + 300, stage.y + 300, { steps: 4 });
    await page.mouse.up();
    await expect.poll(current).toBe('Frame 60, with annotations');
    await page.close();
    await open({});
    await expect.poll(image).toBe(0);
    expect(await strip().isVisible()).toBe(false);
    await pressed(page, 'PageDown');
    expect(await image()).toBe(0);
  });
});
