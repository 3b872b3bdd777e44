import { describe, expect, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { demoFiles, response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const good = { input: 'Count the cups.', output: response([[28, 28, 280, 280]]), score: 1, step: 7 };

describe('bad input', () => {
  const vscode = useWorkbench(() => ({
    files: {
      // A value Python writes, a line that is no JSON, and a last line that was cut off.
      'run/7.jsonl': `${verlLines([good])}${JSON.stringify(good).replace('"score":1', '"score":NaN')}\nnot json\n{"input":"Count`,
      ...demoFiles(
        [
          { image: 'gone.png', group: 'a', response: response([[28, 28, 280, 280]]), score: 1 },
          { image: 'broken.png', group: 'b', response: response([[28, 28, 280, 280]]), score: 1 },
        ],
        'demo',
      ),
      'demo/broken.png': 'this is no picture',
      'empty/1.jsonl': '',
    },
  }));
  const editor = () => new RolloutsEditor(vscode.workbench);

  it('in a line is named with file and line, and the good rows open', async () => {
    await vscode.workbench.explorerMenu('run', 'Open with Saccade');
    await editor().frame.locator('#row-0-1[aria-label*="not a number"]').waitFor();
    await editor().press('e');
    const problems = editor().frame.getByRole('list', { name: 'Problems' }).getByRole('listitem');
    for (const place of ['7.jsonl:3', '7.jsonl:4']) await problems.filter({ hasText: place }).first().waitFor();
    await vscode.workbench.closeAllEditors();
  });

  it('of an image leaves a state with the reason and a way to mend it', async () => {
    await vscode.workbench.explorerMenu('demo', 'Open with Saccade');
    await editor().listed();
    const mend = editor().frame.locator('.picture-note');
    for (const [group, words] of [
      [0, 'broken.png: not an image'],
      [1, 'gone.png'],
    ] as const) {
      await editor().row(group, 0).click();
      await mend.getByText(words).first().waitFor();
      await mend.getByRole('button').first().waitFor();
    }
    await vscode.workbench.closeAllEditors();
  });

  it('that is an empty file says that there is no trace in it', async () => {
    await vscode.workbench.explorerMenu('empty', 'Open with Saccade');
    await vscode.workbench
      .webview()
      .locator('body')
      .getByText(/No trace in .*empty/)
      .first()
      .waitFor();
  });

  it('leaves no error in the window', () => {
    expect(vscode.pageErrors).toEqual([]);
  });
});
