import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';

describe('the overview of the sample run', () => {
  const vscode = useWorkbench(() => ({ copies: { rollouts: join(root, 'media', 'samples', 'verl', 'rollouts') } }));

  it('draws its three steps; a click on one lists that step’s rollouts, and a rollout leads back to its picture', async () => {
    await vscode.workbench.closeAllEditors();
    await vscode.workbench.explorerMenu('rollouts', 'Open with Saccade');
    const editor = await new RolloutsEditor(vscode.workbench).listed();
    const { frame } = editor;
    await frame.getByRole('button', { name: 'Overview', exact: true }).click();
    // Every column is there, so no plot will move any more.
    await frame.locator('[data-chart="column:response_length"]').waitFor();
    await frame.locator('.overview-facts', { hasText: '3 steps, 96 rollouts' }).waitFor();
    const reward = frame.locator('[data-chart="column:reward"]');
    await reward.locator('[role=slider][aria-valuetext^="step 240, mean "]').waitFor();
    await reward.locator('.u-over').waitFor();

    // The first step stands at the left edge of the plot.
    const over = reward.locator('.u-over');
    await over.click({ position: { x: 2, y: 20 } });
    await frame.locator('.filter-chips', { hasText: '20' }).waitFor();
    await frame.locator('.filter-found', { hasText: '32 of 96 rollouts' }).waitFor();
    await frame
      .locator('.group-stats', { hasText: /^step 20 / })
      .first()
      .waitFor();
    await frame
      .locator('.group-stats', { hasText: /^step (?!20 )/ })
      .first()
      .waitFor({ state: 'detached' });

    await frame.locator('.rollout-row').nth(1).click();
    await frame.locator('.overview').waitFor({ state: 'hidden' });
    await frame.locator('.picture').waitFor();
    expect(vscode.pageErrors).toEqual([]);
  });
});
