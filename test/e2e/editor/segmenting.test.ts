import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { demoFiles, response } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

interface Drawn {
  readonly mask: { readonly size: readonly [number, number]; readonly counts: string };
  readonly model: string;
  readonly clicks: readonly { readonly positive: boolean; readonly before: unknown; readonly after: unknown }[];
}

describe('a mask from clicks, by the model that ships', () => {
  const image = 'harbour.jpg';
  const rollouts = [{ image, group: image, response: response([[100, 100, 300, 300]]), score: 1 }];
  const vscode = useWorkbench(() => ({
    files: { ...demoFiles(rollouts, 'run'), [`run/${image}`]: readFileSync(join('media', 'samples', 'images', image)) },
  }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const segment = async () => {
    const { segment: state } = (await editor().snapshot()) as unknown as {
      readonly segment: {
        readonly clicks: readonly unknown[];
        readonly waiting: boolean;
        readonly drawn: number;
        readonly mask: unknown;
      };
    };
    return { clicks: state.clicks.length, waiting: state.waiting, drawn: state.drawn, mask: state.mask !== null };
  };
  const inHand = (clicks: number) =>
    eventually(segment, (seen) => seen, { clicks, waiting: false, drawn: 0, mask: true });
  const drawn = (count: number) => eventually(segment, (seen) => seen.drawn, count);

  /** At shares of the image. */
  async function click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
    const { canvas, imageSize } = await editor().snapshot();
    const { scale, visible } = canvas.viewport;
    const [width, height] = [imageSize?.width ?? 0, imageSize?.height ?? 0];
    const position = { x: (x * width - visible.x1) * scale, y: (y * height - visible.y1) * scale };
    await editor().canvas.click({ button, position, force: true });
  }

  it('is made by two clicks, mended by a third, accepted, saved with its clicks, and taken back', async () => {
    await vscode.workbench.explorerMenu('run', 'Open with Saccade');
    await editor().painted();
    await editor().frame.locator('.note-numbers').waitFor();
    await editor().list.focus();
    await vscode.workbench.page.keyboard.press('O');
    await editor().frame.locator('.segment-model-name', { hasText: 'Basic' }).waitFor();
    await click(0.545, 0.775);
    await inHand(1);
    await click(0.56, 0.775);
    await inHand(2);
    await click(0.9, 0.9, 'right');
    await inHand(3);
    // Undo is the tool's while a mask is in hand, and VS Code's after it.
    await vscode.workbench.page.keyboard.press('Control+z');
    await inHand(2);
    await vscode.workbench.page.keyboard.press('Control+Shift+z');
    await inHand(3);
    await vscode.workbench.page.keyboard.press('Enter');
    await drawn(1);
    await vscode.workbench.dirtyTabs.waitFor();
    await vscode.workbench.page.keyboard.press('Control+s');
    await vscode.workbench.dirtyTabs.waitFor({ state: 'detached' });
    const sidecar = readdirSync(vscode.folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.saccade'),
    );
    const [, record = ''] = readFileSync(join(vscode.folder, sidecar ?? ''), 'utf8').split('\n');
    const { notes } = JSON.parse(record) as { readonly notes: { readonly masks: Record<string, { value: Drawn }> } };
    const [mask] = Object.values(notes.masks);
    expect(mask?.value).toMatchObject({ model: 'Basic', mask: { counts: expect.stringMatching(/.{4}/) } });
    expect(mask?.value.clicks.map(({ positive }) => positive)).toEqual([true, true, false]);
    expect(mask?.value.clicks[2]).toMatchObject({ after: mask?.value.mask, undone: false });
    await vscode.workbench.pressUntil('Control+z', async () => (await segment()).drawn === 0);
    await vscode.workbench.pressUntil('Control+Shift+z', async () => (await segment()).drawn === 1);
  }, 120_000);
});
