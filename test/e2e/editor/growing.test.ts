import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const rows = (question: string) =>
  [0, 1].map((index) => ({ input: question, output: response([[10, 10, 200, 200]]), score: index, step: 1 }));

describe('a trace whose run goes on', () => {
  const vscode = useWorkbench(() => ({ files: { '1.jsonl': verlLines(rows('Find the first sign.')) } }));

  it('shows a group that is written while it is open, and leaves the selection alone', async () => {
    const editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.explorerMenu('1.jsonl', 'Open with Saccade');
    await editor.listed();
    await editor.row(0, 1).click();
    const before = await editor.until(({ selection }) => selection.place, { group: 0, member: 1 });
    appendFileSync(join(vscode.folder, '1.jsonl'), verlLines(rows('Find the second sign.')));
    await editor.row(1, 1).waitFor();
    await editor.frame.getByText('4 rollouts').first().waitFor();
    expect((await editor.snapshot()).selection.place).toEqual(before.selection.place);
    await vscode.workbench.closeAllEditors();
  });
});
