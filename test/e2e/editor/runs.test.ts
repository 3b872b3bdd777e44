import { join } from 'node:path';
import { describe, it } from 'vitest';
import { resultsDir } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { response, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const rows = (step: number) =>
  [0, 1].map((index) => ({
    input: 'Find the sign.',
    output: response([[10, 10, 200, 200]]),
    score: step + index,
    step,
  }));

describe('the Saccade Runs view', () => {
  const vscode = useWorkbench(() => ({
    files: {
      'outputs/first/dumps/7.jsonl': verlLines(rows(7)),
      'outputs/first/dumps/8.jsonl': verlLines(rows(8)),
      'settings.json': '{ "theme": "plain" }',
    },
  }));

  it('lists the workspace’s traces with their last step and reward, and opens one', async () => {
    const { page } = vscode.workbench;
    await page.getByRole('button', { name: 'Saccade Runs Section' }).click();
    const run = page.getByRole('treeitem', { name: /outputs\/first\/dumps/ });
    await run.getByText('step 8 · reward 8.5').waitFor();
    await page.screenshot({ path: join(resultsDir('screens'), 'runs-view.png') });
    await run.click();
    await new RolloutsEditor(vscode.workbench).listed();
    await vscode.workbench.closeAllEditors();
  });
});
