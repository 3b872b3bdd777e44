import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DatasetSnapshot } from '../../panelsPage/dataset/driver';
import { eventually } from '../harness/eventually';
import { useWorkbench } from '../harness/useWorkbench';

const size = { width: 320, height: 240 };
const images = Array.from({ length: 30 }, (_, i) => ({ id: i + 1, file_name: `${i + 1}.png`, ...size }));

/** One large object an image, a small one in every tenth, and an annotation of an image that is not there. */
const annotations = [
  ...images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [40, 40, 160, 120], area: 19_200, iscrowd: 0 })),
  ...images
    .filter(({ id }) => id % 10 === 4)
    .map(({ id }) => ({ id: 100 + id, image_id: id, category_id: 2, bbox: [10, 10, 8, 8], area: 50, iscrowd: 0 })),
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
    await frame().getByText('30 images · 34 annotations').waitFor();
    // The annotation without an image is no silent loss.
    await frame().getByRole('button', { name: '1 problem' }).waitFor();
    await frame().locator('.grid').focus();
    await press('F');
    await frame().getByRole('menuitemcheckbox', { name: 'ACTIVE-O3: below 100 px' }).press('Enter');
    await frame().locator('.found-text', { hasText: '3 of 30 images · 3 annotations' }).waitFor();
    await eventually(snapshot, ({ listed }) => listed, 3);
    await frame().locator('.grid').focus();
    await press('ArrowRight');
    await press('Enter');
    await eventually(snapshot, ({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 13 });
    await press('Escape');
    await eventually(snapshot, ({ mode }) => mode, 'grid');
    expect(vscode.pageErrors).toEqual([]);
  });
});
