import { describe, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

describe('a review in VS Code', () => {
  const row = (member: number) => ({
    input: 'Find the sign.',
    output: response([[10 + member, 20, 110, 140]]),
    score: member % 2,
    step: 5,
    uid: 'prompt-1',
  });
  const vscode = useWorkbench(() => ({ files: { '5.jsonl': verlLines([0, 1, 2, 3].map(row)) } }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const page = () => vscode.workbench.page;
  const status = (words: string) => page().locator('.statusbar-item', { hasText: words }).waitFor();
  const selected = (member: number) =>
    eventually(
      () => editor().snapshot(),
      ({ selection }) => selection.place?.member ?? null,
      member,
    );

  it('goes on with VS Code’s own key, is told in the status bar, and is undone', async () => {
    await vscode.workbench.explorerMenu('5.jsonl', 'Open with Saccade');
    await editor().listed();
    await status('0 of 4 reviewed');
    await editor().list.focus();
    await page().keyboard.press('Control+Enter');
    await selected(1);
    await status('1 of 4 reviewed');
    await page().keyboard.press('Control+Enter');
    await selected(2);
    await status('2 of 4 reviewed');
    await page().keyboard.press('Control+z');
    await status('1 of 4 reviewed');
  });

  it('is chosen from the status bar', async () => {
    await page().locator('.statusbar-item', { hasText: '1 of 4 reviewed' }).click();
    await page().locator('.quick-input-list .monaco-list-row', { hasText: 'Widest Spread First' }).click();
    await editor().frame.locator('.filter-chip', { hasText: 'std reward' }).waitFor();
    // Highest rewards first: the second rollout, whose mark was undone, comes behind the third, which is last.
    await editor().list.focus();
    await page().keyboard.press('Control+Shift+D');
    await selected(1);
  });
});
