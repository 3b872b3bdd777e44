import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { resultsDir } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

describe('annotating by keyboard alone', () => {
  const row = (member: number) => ({
    input: 'Find the sign.',
    output: response([[10 + member, 20, 110, 140]]),
    score: member < 2 ? 1 : 0,
    step: 5,
    uid: 'prompt-1',
  });
  const log = verlLines([0, 1, 2, 3].map(row));
  // With what a save appends to it the name is longer than file systems take.
  const long = `${'6'.padStart(236, '0')}.jsonl`;
  const vscode = useWorkbench(() => ({ files: { '5.jsonl': log, [long]: log } }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const advantage = () => editor().frame.locator('.head-advantage').textContent();
  const shown = (wanted: string) => eventually(advantage, (text) => text, wanted);
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await vscode.workbench.page.keyboard.press(key);
  };
  const clean = async () => (await vscode.workbench.dirtyTabs.count()) === 0;
  const labelled = (pressed: boolean) =>
    editor().frame.locator(`.face.wrong[aria-pressed=${pressed}]`).first().waitFor();
  const sidecar = () => join(vscode.folder, '5.jsonl.saccade');
  const open = async (name = '5.jsonl') => {
    await vscode.workbench.explorerMenu(name, 'Open with Saccade');
    await editor().listed();
    // Before the notes are there, nothing can be said.
    await editor().frame.locator('.note-numbers').waitFor();
  };

  it('labels a turn, sets a reward, and every advantage follows', async () => {
    await open();
    await shown('A +0.866');
    await editor().list.focus();
    await press('l', '-');
    await labelled(true);
    await press('d');
    await vscode.workbench.page.keyboard.type('0');
    await press('Enter');
    await shown('A −0.500');
    await press('j');
    await shown('A +1.500');
    await vscode.workbench.dirtyTabs.waitFor();
  });

  it('undoes and redoes with VS Code’s own keys', async () => {
    await vscode.workbench.pressUntil('Control+z', clean);
    await shown('A +0.866');
    await press('k');
    await labelled(false);
    await vscode.workbench.pressUntil('Control+Shift+z', async () => (await advantage()) === 'A −0.500');
    await labelled(true);
  });

  it('saves beside the log and shows the same when it is opened again', async () => {
    await press('Control+s');
    await vscode.workbench.dirtyTabs.waitFor({ state: 'detached' });
    expect(readFileSync(sidecar(), 'utf8').split('\n')[1]).toContain('"labels":{"');
    expect(readFileSync(join(vscode.folder, '5.jsonl'), 'utf8')).toBe(log);
    await vscode.workbench.closeAllEditors();
    await open();
    await shown('A −0.500');
    await labelled(true);
    await vscode.workbench.closeAllEditors();
  });

  it('that its own folder does not take is kept in VS Code’s storage, where it is found again', async () => {
    await open(long);
    await editor().list.focus();
    await press('l', '-');
    await labelled(true);
    await vscode.workbench.dirtyTabs.waitFor();
    await press('Control+s');
    const dialog = vscode.workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('name is too long for this disk').waitFor();
    await vscode.workbench.page.screenshot({ path: join(resultsDir('screens'), 'save-elsewhere.png') });
    await dialog.getByRole('button', { name: 'Keep in VS Code’s Storage' }).click();
    await vscode.workbench.dirtyTabs.waitFor({ state: 'detached' });
    await vscode.workbench.closeAllEditors();
    await open(long);
    await labelled(true);
  });
});
