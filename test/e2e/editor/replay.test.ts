import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';

const samples = join(import.meta.dirname, '../../../media/samples');
const plain = (width: number, height: number, r: number) =>
  sharp({ create: { width, height, channels: 3, background: { r, g: 90, b: 60 } } })
    .jpeg()
    .toBuffer();
const turn = (index: number, text: string) => `{"turn_idx": ${index}, "text_output": ${JSON.stringify(text)}}\n`;
const look = (box: string, source: string) =>
  `<think>Closer.</think><grounding>{"bbox_2d": ${box}, "source": "${source}"}</grounding>`;

describe('the replay of what a policy saw', async () => {
  /** As Mini-o3 saves a trajectory: a crop, and a crop of that crop, each in the pixels that the policy was given. */
  const miniO3 = {
    'mini/7/traj.jsonl':
      '{"doc_id": "7", "initial_prompt": "<image>\\nWhat colour?", "ground_truth": "red"}\n' +
      turn(0, look('[0.2, 0.2, 0.6, 0.8]', 'original_image')) +
      turn(1, look('[0.5, 0.5, 1.0, 1.0]', 'observation_1')) +
      turn(2, '<answer>red</answer>'),
    'mini/7/original_image.jpg': await plain(1000, 500, 200),
    'mini/7/resized_image.jpg': await plain(1008, 504, 200),
    'mini/7/observation_1_original_image.jpg': await plain(400, 300, 150),
    'mini/7/observation_1_resized_image.jpg': await plain(784, 588, 150),
    'mini/7/observation_2_original_image.jpg': await plain(200, 150, 100),
    'mini/7/observation_2_resized_image.jpg': await plain(448, 336, 100),
  };
  const vscode = useWorkbench(() => ({
    files: miniO3,
    copies: { images: join(samples, 'images'), 'verl-zoom': join(samples, 'verl-zoom') },
  }));
  const caption = (editor: RolloutsEditor) => editor.frame.locator('.look-view .stage-caption');

  it('shows the pictures that came back, and lays a crop of a crop on the image', async () => {
    const editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.explorerMenu('mini', 'Open with Saccade');
    await editor.painted();
    await editor.row(0, 0).click();
    await editor.frame.getByRole('button', { name: 'What the policy saw' }).click();
    await editor.press('.');
    await editor.press('.');
    await caption(editor).filter({ hasText: 'seen at 448 × 336 px (×2.2' }).waitFor();
    const { canvas } = await editor.until(({ canvas: { selection } }) => selection, 'r0:1');
    // 200–599 across and 100–399 down are the first crop; its lower right half stops before its last pixel.
    expect(canvas.regions.find(({ id }) => id === 'r0:0')?.box).toEqual({ x1: 200, y1: 100, x2: 600, y2: 400 });
    expect(canvas.regions.find(({ id }) => id === 'r0:1')?.box).toEqual({ x1: 400, y1: 250, x2: 599, y2: 399 });
    await editor.frame.locator('.observation canvas').first().waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('steps through verl’s zooms with the keys, recomputing what the log does not keep', async () => {
    const editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.explorerMenu('verl-zoom', 'Open with Saccade');
    await editor.painted();
    await editor.row(0, 0).click();
    await editor.press('c');
    await editor.press('ArrowRight');
    await caption(editor)
      .filter({ hasText: /^Crop 1 · \d+ × \d+ px, [\d.]+ % of the image/ })
      .waitFor();
    await caption(editor).filter({ hasText: 'recomputed' }).waitFor();
    await editor.until(({ canvas: { selection } }) => selection, 'r0:0');
    await editor.press('c');
    await caption(editor).waitFor({ state: 'hidden' });
    expect(vscode.pageErrors).toEqual([]);
  });
});
