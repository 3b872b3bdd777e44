import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { useWorkbench } from '../harness/useWorkbench';

interface Detail {
  readonly loaded: boolean;
  readonly annotations?: readonly { readonly kind: string; readonly edit: string | null }[];
  readonly segmenting: { readonly clicks: number; readonly mask: boolean; readonly waiting: boolean };
  readonly canvas: {
    readonly preview: unknown;
    readonly settled: boolean;
    readonly viewport: { readonly scale: number; readonly visible: { readonly x1: number; readonly y1: number } };
  };
}

/** A light disc on a dark ground: what a click in it means is plain to any segmenter. */
function photo(): Promise<Buffer> {
  const disc = '<svg width="320" height="240"><circle cx="160" cy="120" r="60" fill="#f2e8c0"/></svg>';
  return sharp({ create: { width: 320, height: 240, channels: 3, background: '#203040' } })
    .composite([{ input: Buffer.from(disc) }])
    .png()
    .toBuffer();
}

describe('a photo', () => {
  let bytes: Uint8Array = new Uint8Array();
  beforeAll(async () => {
    bytes = new Uint8Array(await photo());
  });
  const vscode = useWorkbench(() => ({ files: { 'beach.png': bytes } }));

  it('is clicked twice, mended by a third click, saved, taken back, and exported as COCO', async () => {
    const { workbench, folder } = vscode;
    const { page } = workbench;
    await workbench.explorerMenu('beach.png', 'Open with Saccade');
    const body = workbench.webview().locator('body');
    const detail = () =>
      body.evaluate(() =>
        (globalThis as unknown as { saccadeTest?: { snapshot(): { detail: Detail } } }).saccadeTest?.snapshot(),
      );
    const until = async <T>(read: (seen: Detail | undefined) => T, wanted: T) =>
      (await eventually(detail, (seen) => read(seen?.detail), wanted))?.detail;
    await until((seen) => seen?.loaded === true && seen.canvas.preview !== null && seen.canvas.settled, true);
    const click = async (x: number, y: number, button: 'left' | 'right' = 'left') => {
      const viewport = (await detail())?.detail.canvas.viewport;
      if (viewport === undefined) throw new Error('no canvas');
      const { scale, visible } = viewport;
      const position = { x: (x - visible.x1) * scale, y: (y - visible.y1) * scale };
      await workbench.webview().locator('.detail-stage canvas').first().click({ button, position, force: true });
    };
    await eventually(
      () => body.evaluate(() => document.hasFocus()),
      (focused) => focused,
      true,
    );
    await page.keyboard.press('s');
    await workbench.webview().locator('.segment-model-name', { hasText: 'Basic' }).waitFor();
    const answered = (clicks: number) => until((seen) => seen?.segmenting, { clicks, mask: true, waiting: false });
    await click(140, 120);
    await answered(1);
    await click(180, 130);
    await answered(2);
    await click(40, 40, 'right');
    await answered(3);
    await page.keyboard.press('Enter');
    const kinds = (seen: Detail | undefined) => seen?.annotations?.map(({ kind }) => kind);
    await until(kinds, ['mask']);
    await workbench.dirtyTabs.waitFor();
    const clean = async () => (await workbench.dirtyTabs.count()) === 0;
    await workbench.pressUntil('Control+s', clean);
    const sidecar = join(folder, 'beach.png.saccade');
    expect(readFileSync(sidecar, 'utf8')).toContain('"clicks"');

    // After a save too, undo takes the mask back and redo brings it again: then nothing is left to save.
    await page.keyboard.press('Escape');
    await workbench.pressUntil('Control+z', async () => !(await clean()));
    await until(kinds, []);
    await workbench.pressUntil('Control+y', clean);
    await until(kinds, ['mask']);

    await workbench.command('Saccade: Export Images…');
    const answer = async (question: string) => {
      await workbench.quickInput.locator(`input[placeholder="${question}"]`).waitFor();
      await page.keyboard.press('Enter');
    };
    await answer('As what');
    await answer('The images themselves');
    await workbench.quickInput.locator('.quick-input-title').filter({ hasText: 'Folder to write' }).waitFor();
    await page.keyboard.press('Enter');
    const written = join(folder, 'beach-coco', 'annotations.json');
    await eventually(
      async () => existsSync(written),
      (there) => there,
      true,
    );
    const coco = JSON.parse(readFileSync(written, 'utf8'));
    expect(coco.images).toEqual([{ id: 1, width: 320, height: 240, file_name: 'images/beach.png' }]);
    const [mask] = coco.annotations;
    expect(mask.segmentation.size).toEqual([240, 320]);
    const [x, y, width, height] = mask.bbox;
    // The disc, give or take a few pixels: it is 120 wide and lies about (160, 120).
    expect(Math.abs(x + width / 2 - 160)).toBeLessThan(12);
    expect(Math.abs(y + height / 2 - 120)).toBeLessThan(12);
    expect(mask.area).toBeGreaterThan(9_000);
    expect(mask.area).toBeLessThan(14_000);
    expect(existsSync(join(folder, 'beach-coco', 'images', 'beach.png'))).toBe(true);
    expect(vscode.pageErrors).toEqual([]);
  });
});
