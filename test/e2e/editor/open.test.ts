import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const rows = [0, 1, 2, 3].map((index) => ({
  input: `Find the sign ${index >> 1}.`,
  output: response([[10, 10, 200, 200]]),
  score: index / 4,
  step: 1,
}));

describe('a trace', () => {
  const vscode = useWorkbench(() => ({
    files: {
      'steps/1.jsonl': verlLines(rows),
      'steps/2.jsonl': verlLines(rows.map((row) => ({ ...row, step: 2 }))),
      '3.jsonl': verlLines(rows.map((row) => ({ ...row, step: 3 }))),
      'settings.json': '{ "theme": "plain" }',
      'notes/readme.txt': 'no trace here',
    },
  }));
  const editor = () => new RolloutsEditor(vscode.workbench);

  it('opens from the explorer’s menu of a file', async () => {
    await vscode.workbench.explorerMenu('3.jsonl', 'Open with Saccade');
    await editor().listed();
    await editor().row(1, 1).waitFor();
    await editor().frame.getByText('verl rollout dump').waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('opens from the menu of the folder of all steps', async () => {
    await vscode.workbench.explorerMenu('steps', 'Open with Saccade');
    await editor().listed();
    await editor().frame.getByText('8 rollouts').first().waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('opens through Open With, and goes back to text from its title bar', async () => {
    await vscode.workbench.explorerMenu('3.jsonl', 'Open With...');
    await vscode.workbench.quickPick('Saccade Rollouts');
    await editor().listed();
    await vscode.workbench.titleAction('Open as Text').click();
    await vscode.workbench.page.locator('.monaco-editor .view-line').first().waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('is offered by a button once it was opened as text', async () => {
    await vscode.workbench.openFile('3.jsonl');
    await vscode.workbench.page.locator('.monaco-editor .view-line').first().waitFor();
    await vscode.workbench.titleAction('Open with Saccade').click();
    await editor().listed();
    await vscode.workbench.closeAllEditors();
  });

  it('leaves other JSON alone: it opens as text, without a button', async () => {
    await vscode.workbench.openFile('settings.json');
    await vscode.workbench.page.locator('.monaco-editor .view-line').first().waitFor();
    expect(await vscode.workbench.titleAction('Open with Saccade').count()).toBe(0);
    await vscode.workbench.closeAllEditors();
  });

  it('says so when a folder holds none', async () => {
    await vscode.workbench.explorerMenu('notes', 'Open with Saccade');
    await vscode.workbench.webview().locator('body[data-saccade=message]', { hasText: 'notes' }).waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('opens on a double click after Always Open These with Saccade', async () => {
    await vscode.workbench.explorerMenu('3.jsonl', 'Always Open These with Saccade');
    await editor().listed();
    const settings = JSON.parse(readFileSync(join(vscode.folder, '.vscode', 'settings.json'), 'utf8'));
    expect(Object.values(settings['workbench.editorAssociations'])).toEqual(['saccade.rollouts']);
    await vscode.workbench.closeAllEditors();
    await vscode.workbench.openFile('3.jsonl');
    await editor().listed();
  });
});
