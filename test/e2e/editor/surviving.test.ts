import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { extensionHosts } from '../harness/extensionHosts';
import { resultsDir } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const rows = [0, 1, 2, 3].map((member) => ({
  input: 'Find the sign.',
  output: response([[10 + member, 20, 110, 140]]),
  score: member < 2 ? 1 : 0,
  step: 5,
  uid: 'prompt-1',
}));

describe('an extension host that is killed right after an edit', () => {
  let others: readonly number[] = [];
  beforeAll(() => {
    others = extensionHosts();
  });
  const vscode = useWorkbench(() => ({ files: { '5.jsonl': verlLines(rows) } }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const wrong = (pressed: boolean) => editor().frame.locator(`.face.wrong[aria-pressed=${pressed}]`).first();
  const open = async () => {
    await vscode.workbench.explorerMenu('5.jsonl', 'Open with Saccade');
    await editor().listed();
    await editor().frame.locator('.note-numbers').waitFor();
  };
  /** What the journals of unsaved edits hold. */
  const journals = () => {
    const storage = join(inject('temporaryFolder'), 'data', 'user', 'User', 'workspaceStorage');
    return readdirSync(storage, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.includes('journals') && path.endsWith('.jsonl'))
      .map((path) => readFileSync(join(storage, path), 'utf8'))
      .join('');
  };

  it('leaves a page to read, which says so and offers to reload the window', async () => {
    await open();
    const own = extensionHosts().filter((pid) => !others.includes(pid));
    expect(own).toHaveLength(1);
    await editor().list.focus();
    await editor().press('l', '-');
    // VS Code's own backup comes a second after an edit; the journal has it by then.
    await eventually(
      async () => journals().includes('"labels"'),
      (there) => there,
      true,
    );
    process.kill(own[0]!, 'SIGKILL');
    const banner = editor().frame.getByRole('alert').filter({ hasText: 'Nothing can be edited' });
    await banner.getByText('Reload Window').waitFor();
    await wrong(true).waitFor();
    await editor().press('Backspace');
    await editor().frame.locator('.status-line', { hasText: 'Nothing can be edited' }).waitFor();
    await wrong(true).waitFor();
    await vscode.workbench.page.screenshot({ path: join(resultsDir('screens'), 'host-lost.png') });
  });

  it('has lost nothing: the edit is there again, unsaved, and can be undone', async () => {
    const loaded = vscode.workbench.page.waitForEvent('load');
    await editor().frame.getByText('Reload Window').click();
    await loaded;
    await vscode.workbench.ready();
    await open();
    await wrong(true).waitFor();
    await vscode.workbench.dirtyTabs.waitFor();
    await editor().list.focus();
    await vscode.workbench.pressUntil('Control+z', async () => (await vscode.workbench.dirtyTabs.count()) === 0);
    await wrong(false).waitFor();
  });
});
