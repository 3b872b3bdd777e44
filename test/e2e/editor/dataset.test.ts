import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DatasetSnapshot } from '../../panelsPage/dataset/driver';
import { eventually } from '../harness/eventually';
import { useWorkbench } from '../harness/useWorkbench';

const size = { width: 320, height: 240 };
const images = Array.from({ length: 30 }, (_, i) => ({ id: i + 1, file_name: `${i + 1}.png`, ...size }));

/** Sides of birds in pixels, by the image's id: every other image has one, each a pixel larger than the one before. */
const birds = images.filter(({ id }) => id % 2 === 0).map(({ id }) => ({ id, side: 4 + id / 2 }));

/** One large object an image, small ones, and an annotation of an image that is not there. */
const annotations = [
  ...images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [40, 40, 160, 120], area: 19_200, iscrowd: 0 })),
  ...birds.map(({ id, side }) => ({
    id: 100 + id,
    image_id: id,
    category_id: 2,
    bbox: [10, 10, side, side],
    area: side * side,
    iscrowd: 0,
  })),
  { id: 999, image_id: 777, category_id: 1, bbox: [0, 0, 5, 5], area: 25, iscrowd: 0 },
];
const categories = [
  { id: 1, name: 'boat' },
  { id: 2, name: 'bird' },
];

const png = await sharp({ create: { ...size, channels: 3, background: { r: 90, g: 120, b: 150 } } })
  .png()
  .toBuffer();

describe('a COCO file', () => {
  const vscode = useWorkbench(() => ({
    files: {
      'coco/instances.json': JSON.stringify({ images, annotations, categories }, null, 1),
      ...Object.fromEntries(images.map(({ file_name }) => [`coco/images/${file_name}`, png])),
    },
  }));
  const frame = () => vscode.workbench.webview();
  const press = (key: string) => vscode.workbench.page.keyboard.press(key);
  const snapshot = () =>
    frame()
      .locator('body')
      .evaluate(() =>
        (globalThis as unknown as { saccadeTest: { snapshot(): DatasetSnapshot } }).saccadeTest.snapshot(),
      );

  it('opens as a grid, small objects are found by keys, and one is looked at alone', async () => {
    await vscode.workbench.expand('coco');
    await vscode.workbench.explorerMenu('instances.json', 'Open with Saccade');
    const pictures = frame().locator('.cell img[src]');
    await pictures.first().waitFor();
    await frame().getByText('30 images · 46 annotations').waitFor();
    // The annotation without an image is no silent loss.
    await frame().getByRole('button', { name: '1 problem' }).waitFor();
    await frame().locator('.grid').focus();
    await press('F');
    await frame().getByRole('menuitemcheckbox', { name: 'ACTIVE-O3: below 100 px' }).press('Enter');
    await frame().locator('.found-text', { hasText: '5 of 30 images · 5 annotations' }).waitFor();
    await eventually(snapshot, ({ listed }) => listed, 5);
    await frame().locator('.grid').focus();
    await press('ArrowRight');
    await press('Enter');
    await eventually(snapshot, ({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 3 });
    await press('Escape');
    await eventually(snapshot, ({ mode }) => mode, 'grid');
    expect(vscode.pageErrors).toEqual([]);
  });

  it('gives its ten smallest objects a tag and writes them as a training set, by keys alone', async () => {
    const { workbench, folder } = vscode;
    const { page, quickInput } = workbench;
    await frame().locator('.grid').focus();
    await press('x');
    await eventually(snapshot, ({ listed }) => listed, 30);
    await press('s');
    await page.keyboard.type('area');
    await press('Enter');
    await frame().getByTitle('Sorted by area', { exact: true }).waitFor();
    await eventually(snapshot, ({ status }) => status.kind, 'idle');
    await frame().locator('.grid').focus();
    await press('Home');
    for (let i = 1; i < 10; i++) await press('Shift+ArrowRight');
    const smallest = birds.slice(0, 10).map(({ id }) => id - 1);
    await eventually(snapshot, ({ selected }) => [...selected].sort((a, b) => a - b), smallest);
    await press('t');
    await frame().getByRole('combobox', { name: 'Tag' }).fill('tiny');
    await press('Enter');
    await workbench.dirtyTabs.waitFor();
    await workbench.pressUntil('Control+s', async () => (await workbench.dirtyTabs.count()) === 0);

    await press('Shift+E');
    const answer = async (question: string, words: string) => {
      await quickInput.locator(`input[placeholder="${question}"]`).waitFor();
      await page.keyboard.type(words);
      await quickInput.locator('.monaco-list-row.focused', { hasText: words }).waitFor();
      await press('Enter');
    };
    await answer('Which images', 'Tagged tiny');
    await answer('As what', 'COCO');
    await answer('The images themselves', 'Copy');
    await quickInput.locator('.quick-input-title').filter({ hasText: 'Folder to write' }).waitFor();
    await press('Enter');
    const written = join(folder, 'coco', 'instances-coco');
    await eventually(async () => existsSync(join(written, 'annotations.json')), Boolean, true);
    const coco = JSON.parse(readFileSync(join(written, 'annotations.json'), 'utf8'));
    expect(coco.images.map(({ id }: { id: number }) => id)).toEqual(birds.slice(0, 10).map(({ id }) => id));
    expect(existsSync(join(written, coco.images[9].file_name))).toBe(true);
    expect(vscode.pageErrors).toEqual([]);
  });
});
