import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DatasetSnapshot } from '../../panelsPage/dataset/driver';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const size = { width: 320, height: 240 };
const names = ['1.png', '2.png', '3.png'];
const document = {
  images: names.map((file_name, i) => ({ id: i + 1, file_name, ...size })),
  annotations: [{ id: 1, image_id: 2, category_id: 1, bbox: [40, 40, 160, 120], area: 19_200, iscrowd: 0 }],
  categories: [{ id: 1, name: 'sign' }],
};
const picture = (red: number) =>
  sharp({ create: { ...size, channels: 3, background: { r: red, g: 120, b: 150 } } })
    .png()
    .toBuffer();
const pictures = await Promise.all([60, 120, 180].map(picture));

/** Two rollouts on each of the first two images, named as a run names them that was started in the workspace. */
const rows = names.slice(0, 2).flatMap((name, i) =>
  [0, 1].map((score) => ({
    input: `Find the sign on ${name}.`,
    output: response([[20, 20, 200, 160]]),
    score: score + i,
    step: 7,
    image_path: `coco/images/${name}`,
    box_frame: 'original',
  })),
);

describe('rollouts on the images of a set', () => {
  const vscode = useWorkbench(() => ({
    files: {
      'coco/instances.json': JSON.stringify(document),
      ...Object.fromEntries(names.map((name, i) => [`coco/images/${name}`, pictures[i] ?? ''])),
      'run/7.jsonl': verlLines(rows),
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

  it('are joined, looked at beside an image, opened, and lead back to it', async () => {
    const { workbench } = vscode;
    await workbench.expand('coco');
    await workbench.explorerMenu('instances.json', 'Open with Saccade');
    await frame().locator('.cell img[src]').first().waitFor();
    await workbench.command('Saccade: Show Rollouts on Images…');
    await workbench.quickPick('run');
    await press('Enter');
    await frame().locator('.cell-reward', { hasText: '1.5' }).waitFor();
    await frame().locator('.grid').focus();
    await press('ArrowRight');
    await press('Enter');
    await frame()
      .getByRole('treeitem', { name: /^Rollout 2, reward 2/ })
      .waitFor();
    for (const key of [',', 'ArrowDown', 'ArrowDown', 'Enter']) await press(key);
    const rollouts = new RolloutsEditor(workbench);
    await rollouts.listed();
    await eventually(
      () => rollouts.snapshot(),
      ({ selection }) => selection.place,
      { group: 1, member: 1 },
    );
    await press('@');
    await frame().locator('.detail-stage').waitFor();
    await eventually(snapshot, ({ mode, image }) => ({ mode, image }), { mode: 'detail', image: 1 });
    expect(vscode.pageErrors).toEqual([]);
  });
});
